"""What goes wrong on demand. Which response is hit follows from a counter, so no address fails for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web

from tests.replica.answers import Answer
from tests.replica.chance import FAULT, mix

LOOP = "/-/loop/"
"""Three addresses below this one redirect to each other for ever."""
SLOW = 2.0
_HUGE = 10 * 1024 * 1024


class Faults:
    """Draws faults at a rate, from the kinds asked for."""

    def __init__(self, seed: int, rate: float = 0.0, kinds: Sequence[str] = ()) -> None:
        self.seed = seed
        self._drawn = 0
        self.set(rate, kinds)

    def set(self, rate: float, kinds: Sequence[str] = ()) -> None:
        """Change the rate (0 to 1) and the kinds (none named: all). Raises ValueError for what it does not know."""
        unknown = [kind for kind in kinds if kind not in KINDS]
        if unknown or not 0 <= rate <= 1:
            raise ValueError(f"rate {rate}, unknown kinds {unknown}; known: {', '.join(KINDS)}")
        self.rate = rate
        self.kinds = tuple(kinds) or tuple(KINDS)

    def draw(self, answer: Answer) -> str | None:
        """The fault for the next response, None for most. What spoils a body is for whole pages only."""
        if not self.rate:
            return None
        self._drawn += 1
        draw = mix(self.seed, FAULT, self._drawn)
        if (draw & 0xFFFFFF) / 0x1000000 >= self.rate:
            return None
        fit = [kind for kind in self.kinds if answer.is_page or kind not in _FOR_PAGES]
        return fit[(draw >> 24) % len(fit)] if fit else None


def respond(answer: Answer, body: bytes | None = None, content_type: str | None = None) -> web.Response:
    """The plain response to an answer, or one with another body or type."""
    headers = {"Content-Type": content_type or answer.type, **answer.headers}
    return web.Response(body=answer.body if body is None else body, status=answer.status, headers=headers)


async def _slow(request: web.BaseRequest, answer: Answer) -> web.StreamResponse:
    await asyncio.sleep(SLOW)
    return respond(answer)


def _status(code: int, headers: dict[str, str] | None = None) -> Fault:
    async def fault(request: web.BaseRequest, answer: Answer) -> web.StreamResponse:
        return web.Response(status=code, text=f"<h1>{code}</h1>", content_type="text/html", headers=headers)

    return fault


async def _cut_before(request: web.BaseRequest, answer: Answer) -> web.StreamResponse:
    _hang_up(request)
    return web.Response()


async def _cut_length(request: web.BaseRequest, answer: Answer) -> web.StreamResponse:
    return await _half(request, answer, chunked=False)


async def _cut_chunked(request: web.BaseRequest, answer: Answer) -> web.StreamResponse:
    return await _half(request, answer, chunked=True)


async def _half(request: web.BaseRequest, answer: Answer, *, chunked: bool) -> web.StreamResponse:
    """Announce all, send half, hang up."""
    response = web.StreamResponse(headers={"Content-Type": answer.type})
    if chunked:
        response.enable_chunked_encoding()
    else:
        response.content_length = len(answer.body)
    await response.prepare(request)
    await response.write(answer.body[: len(answer.body) // 2])
    _hang_up(request)
    return response


def _hang_up(request: web.BaseRequest) -> None:
    if request.transport is not None:
        request.transport.close()


async def _cut_clean(request: web.BaseRequest, answer: Answer) -> web.StreamResponse:
    """Half a page that claims to be whole."""
    return respond(answer, answer.body[: len(answer.body) // 2])


async def _wrong_charset(request: web.BaseRequest, answer: Answer) -> web.StreamResponse:
    return respond(answer, content_type="text/html; charset=iso-8859-1")


async def _redirect_loop(request: web.BaseRequest, answer: Answer) -> web.StreamResponse:
    return web.Response(status=302, headers={"Location": f"{LOOP}1"})


async def _huge(request: web.BaseRequest, answer: Answer) -> web.StreamResponse:
    """A valid page with a comment that makes it 10 MB."""
    head, tail, end = answer.body.rpartition(b"</body>")
    filler = b"<!-- " + b"x" * (_HUGE - len(answer.body)) + b" -->\n"
    return respond(answer, head + filler + tail + end)


def loop(path: str) -> web.Response:
    """One turn of the redirect loop."""
    turn = int(path.removeprefix(LOOP)) if path.removeprefix(LOOP).isdigit() else 0
    return web.Response(status=302, headers={"Location": f"{LOOP}{turn % 3 + 1}"})


Fault = Callable[[web.BaseRequest, Answer], Awaitable[web.StreamResponse]]
KINDS: dict[str, Fault] = {
    "slow": _slow,
    "429": _status(429, {"Retry-After": "1"}),
    "500": _status(500),
    "502": _status(502),
    "503": _status(503),
    "cut_before": _cut_before,
    "cut_length": _cut_length,
    "cut_chunked": _cut_chunked,
    "cut_clean": _cut_clean,
    "wrong_charset": _wrong_charset,
    "redirect_loop": _redirect_loop,
    "huge": _huge,
}
_FOR_PAGES = frozenset(("cut_length", "cut_chunked", "cut_clean", "wrong_charset", "huge"))
