"""The forum over HTTP, and its controls under /-/replica/."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from tests.replica.faults import KINDS, LOOP, Faults, loop, respond
from tests.replica.gates import Gates
from tests.replica.log import Log
from tests.replica.site import Site

CONTROL = "/-/replica/"
HOST = "127.0.0.1"
Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class Server:
    """Serves one site; every request but those to the controls is logged and may be hit by a fault."""

    def __init__(self, site: Site, faults: Faults, delay: float = 0.0, gate: str = "open") -> None:
        self.site = site
        self.gates = Gates(gate)
        self.faults = faults
        self.delay = delay
        self.log = Log()

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """One request."""
        path = request.rel_url.raw_path
        if path.startswith(CONTROL):
            return await self.control(request, path.removeprefix(CONTROL).strip("/"))
        if path.startswith(LOOP):
            self._note(request, 302, "loop", None)
            return loop(path)
        if self.delay:
            await asyncio.sleep(self.delay)
        answer = self.site.answer(path, request.rel_url.raw_query_string)
        if (gate := self.gates.stand_before(request, answer)) is not None:
            self._note(request, gate.status, gate.kind, None)
            return respond(gate)
        fault = self.faults.draw(answer)
        if fault is None:
            self._note(request, answer.status, answer.kind, None)
            return respond(answer)
        response = await KINDS[fault](request, answer)
        self._note(request, 0 if fault == "cut_before" else response.status, answer.kind, fault)
        return response

    def _note(self, request: web.BaseRequest, status: int, kind: str, fault: str | None) -> None:
        self.log.add(request.raw_path, status, kind, fault, request.headers.get("User-Agent", ""))

    async def control(self, request: web.BaseRequest, name: str) -> web.Response:
        """POST tick, faults, gate, log/reset; GET log, counters, state. Wrong values answer 400."""
        if (answer := self.log.control(request.method, name)) is not None:
            return answer
        form = await request.post()
        values = {**dict(request.rel_url.query), **{key: str(value) for key, value in form.items()}}
        try:
            match request.method, name:
                case "POST", "tick":
                    self.site.set_tick(int(values["tick"]))
                case "POST", "faults":
                    kinds = [kind for kind in values.get("kinds", "").split(",") if kind]
                    self.faults.set(float(values["rate"]), kinds)
                case "POST", "gate":
                    self.gates.set(values["kind"])
                case "POST", "log/reset":
                    self.log.reset()
                case "GET", "state":
                    pass
                case _:
                    return web.Response(status=404, text=f"no such control: {request.method} {name}\n")
        except (KeyError, ValueError) as error:
            return web.Response(status=400, text=f"{error!r}\n")
        state = {"tick": self.site.tick, "rate": self.faults.rate, "kinds": list(self.faults.kinds)}
        return web.Response(text=json.dumps(state), content_type="application/json")


def bound(host: str, port: int) -> socket.socket:
    """A socket on a port, 0 for any that is free: the world must know its port before it can speak of itself."""
    found = socket.socket()
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    found.bind((host, port))
    return found


@asynccontextmanager
async def serving(handle: Handler, listener: socket.socket) -> AsyncIterator[None]:
    """A server's `handle` listening on a bound socket, until the block ends."""
    runner = web.ServerRunner(web.Server(handle, access_log=None), shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.SockSite(runner, listener, backlog=256).start()
        yield
    finally:
        await runner.cleanup()
