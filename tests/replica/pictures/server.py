"""The hosts of pictures over HTTP, each with its own log and controls under /-/replica/."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

from aiohttp import web

from tests.replica.answers import TEXT, Answer
from tests.replica.faults import respond
from tests.replica.log import Log
from tests.replica.news.routes import ROBOTS
from tests.replica.pictures.gallery import HOSTS, Gallery
from tests.replica.server import CONTROL, bound, serving

_PIECE = bytes(64 * 1024)
MANNERS = {"open": 0, "stall": 1, "silent": 100}
"""How a host answers for its pictures, as the number of stalls before each answer: longer than anybody waits."""


class PictureServer:
    """Serves the files of one host."""

    def __init__(self, gallery: Gallery, name: str, delay: float, stall: float) -> None:
        self.gallery = gallery
        self.base = gallery.bases[name]
        self.delay = delay
        self.stall = stall
        self.manner = "open"
        self.log = Log()

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """One request."""
        path = request.raw_path
        if path.startswith(CONTROL):
            return await self.control(request, path.removeprefix(CONTROL).strip("/"))
        robots = path == "/robots.txt"
        await asyncio.sleep(self.delay if robots else self.delay + MANNERS[self.manner] * self.stall)
        answer = Answer("robots", ROBOTS, type=TEXT) if robots else self.gallery.answer(self.base + path)
        self.log.add(path, answer.status, answer.kind, None, request.headers.get("User-Agent", ""))
        found = self.gallery.at(self.base + path)
        return await _endless(request, answer) if found and found.form == "endless" else respond(answer)

    async def control(self, request: web.BaseRequest, name: str) -> web.Response:
        """POST manner (one of `MANNERS`) and log/reset; GET log, counters."""
        if (answer := self.log.control(request.method, name)) is not None:
            return answer
        form = await request.post()
        match request.method, name:
            case "POST", "manner" if form.get("manner") in MANNERS:
                self.manner = str(form["manner"])
            case "POST", "log/reset":
                self.log.reset()
            case _:
                return web.Response(status=400, text=f"no such control: {request.method} {name}\n")
        return web.json_response({})


async def _endless(request: web.BaseRequest, answer: Answer) -> web.StreamResponse:
    """Bytes for as long as anybody listens."""
    response = web.StreamResponse(headers={"Content-Type": answer.type})
    response.enable_chunked_encoding()
    await response.prepare(request)
    await response.write(answer.body)
    with suppress(ConnectionError):  # the other end has hung up
        while True:
            await response.write(_PIECE)
    return response


@asynccontextmanager
async def serving_pictures(gallery: Gallery, port: int, delay: float, stall: float) -> AsyncIterator[None]:
    """All hosts, each on its loopback address at `port`, until the block ends; `delay`: seconds before each answer,
    `stall`: seconds that slow hosts take.

    Raises OSError where the port is taken at one of them.
    """
    async with AsyncExitStack() as stack:
        for name, octet in HOSTS.items():
            listener = bound(f"127.0.0.{octet}", port)
            await stack.enter_async_context(serving(PictureServer(gallery, name, delay, stall).handle, listener))
        yield
