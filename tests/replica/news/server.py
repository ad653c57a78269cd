"""The source sites over HTTP, each with its own log and controls under /-/replica/."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from aiohttp import web

from tests.replica.answers import Answer, html
from tests.replica.faults import KINDS, LOOP, loop, respond
from tests.replica.gates import GATES, Gates
from tests.replica.log import Log
from tests.replica.news import refusals
from tests.replica.news.newsroom import Newsroom
from tests.replica.news.routes import SourceRoutes
from tests.replica.news.sites import MANNERS, SITES, SourceSite
from tests.replica.server import CONTROL, bound, serving

_PIECES = 10


class SourceServer:
    """Serves one site. Its manner spoils what it answers for articles, and nothing else."""

    def __init__(self, news: Newsroom, site: SourceSite, stall: float) -> None:
        self.site = site
        self.manner = site.manner
        self.stall = stall
        self.gates = Gates()
        self.routes = SourceRoutes(news, site)
        self.log = Log()

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """One request."""
        path = request.rel_url.raw_path
        if path.startswith(CONTROL):
            return await self.control(request, path.removeprefix(CONTROL).strip("/"))
        if path.startswith(LOOP):
            self._note(request, 302, "loop", "open")
            return loop(path)
        answer = self.routes.answer(path, request.rel_url.raw_query_string)
        if (gate := self.gates.stand_before(request, answer)) is not None:
            self._note(request, gate.status, gate.kind, "open")
            return respond(gate)
        manner = self.manner if answer.kind in ("article", "amp") else "open"
        self._note(request, _STATUS.get(manner, answer.status), answer.kind, manner)
        return await self._respond(request, answer, manner)

    async def _respond(self, request: web.BaseRequest, answer: Answer, manner: str) -> web.StreamResponse:
        match manner:
            case "stall":
                await asyncio.sleep(self.stall)
            case "drip":
                return await self._drip(request, answer)
            case "loop" | "truncated":
                return await KINDS["redirect_loop" if manner == "loop" else "cut_length"](request, answer)
        refuse = _REFUSALS.get(manner)
        return respond(refuse(self.site) if refuse else answer)

    async def _drip(self, request: web.BaseRequest, answer: Answer) -> web.StreamResponse:
        """The whole page, in pieces that take as long as a stall does."""
        response = web.StreamResponse(headers={"Content-Type": answer.type})
        response.content_length = len(answer.body)
        await response.prepare(request)
        size = -(-len(answer.body) // _PIECES)
        for start in range(0, len(answer.body), size):
            await response.write(answer.body[start : start + size])
            await asyncio.sleep(self.stall / _PIECES)
        return response

    def _note(self, request: web.BaseRequest, status: int, kind: str, manner: str) -> None:
        fault = None if manner == "open" else manner
        self.log.add(request.raw_path, status, kind, fault, request.headers.get("User-Agent", ""))

    async def control(self, request: web.BaseRequest, name: str) -> web.Response:
        """POST manner (one of `MANNERS` but "down"), gate (one of `GATES`) and log/reset; GET log, counters."""
        if (answer := self.log.control(request.method, name)) is not None:
            return answer
        form = await request.post()
        match request.method, name:
            case "POST", "manner" if form.get("manner") in MANNERS and form.get("manner") != "down":
                self.manner = str(form["manner"])
            case "POST", "gate" if form.get("kind") in GATES:
                self.gates.set(str(form["kind"]))
            case "POST", "log/reset":
                self.log.reset()
            case _:
                return web.Response(status=400, text=f"no such control: {request.method} {name} {dict(form)}\n")
        return web.json_response({"manner": self.manner})


_REFUSALS: dict[str, Callable[[SourceSite], Answer]] = {
    "forbidden": lambda site: html("article", refusals.forbidden(), 403),
    "challenge": lambda site: html("article", refusals.challenge(), 403),
    "missing": lambda site: html("article", refusals.missing(site), 404),
    "removed": lambda site: html("article", refusals.missing(site), 410),
    "soft_missing": lambda site: html("article", refusals.missing(site)),
    "consent": lambda site: html("article", refusals.consent(site)),
}
_STATUS = {"forbidden": 403, "challenge": 403, "missing": 404, "removed": 410, "loop": 302}


@asynccontextmanager
async def serving_sites(news: Newsroom, port: int, stall: float) -> AsyncIterator[None]:
    """All sites but those that are down, each on its loopback address at `port`, until the block ends.

    Raises OSError where the port is taken at one of them. `stall` is how long slow sites take, in seconds.
    """
    async with AsyncExitStack() as stack:
        for site in SITES.values():
            if site.manner != "down":
                listener = bound(site.host, port)
                await stack.enter_async_context(serving(SourceServer(news, site, stall).handle, listener))
        yield
