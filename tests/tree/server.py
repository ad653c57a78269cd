"""The tree over HTTP as bare as can be, so that it is never what a crawl waits for: `python -m tests.tree.server`.

Page K is at /p/K. Under /-/tree/: GET log (JSON, one request a line), count; POST reset.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Sequence

from tests.tree.shape import Shape

HOST = "127.0.0.1"
CONTROL = "/-/tree/"


class Tree:
    """What is served, and what was asked for: (seconds since the epoch, path, agent) a request."""

    def __init__(self, shape: Shape, *, delay: float = 0.0, robots: str | None = None) -> None:
        self.delay = delay
        self.log: list[tuple[float, str, str]] = []
        self._shape = shape
        self._robots = robots

    def answer(self, path: str) -> tuple[int, str, str]:
        """Status, type and body."""
        if path == "/robots.txt" and self._robots is not None:
            return 200, "text/plain", self._robots
        number = path.removeprefix("/p/")
        if number == path or not number.isdecimal() or int(number) >= self._shape.pages:
            return 404, "text/plain", "not found\n"
        links = "".join(f'<li><a href="/p/{child}">{child}</a></li>' for child in self._shape.children(int(number)))
        title = f"Page {number}"
        body = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><ul>{links}</ul></body></html>"
        return 200, "text/html; charset=utf-8", body

    def control(self, method: str, name: str) -> tuple[int, str, str]:
        """Status, type and body of a control."""
        if method == "POST" and name == "reset":
            self.log.clear()
            return 200, "text/plain", ""
        if method == "GET" and name == "count":
            return 200, "text/plain", str(len(self.log))
        if method == "GET" and name == "log":
            lines = (json.dumps({"time": at, "path": path, "agent": agent}) for at, path, agent in self.log)
            return 200, "application/x-ndjson", "".join(f"{line}\n" for line in lines)
        return 404, "text/plain", f"no such control: {method} {name}\n"


class Connection(asyncio.Protocol):
    """Kept alive; requests have no body and come one after the other."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            head, self._received = self._received[:end], self._received[end + 4 :]
            self._serve(head.decode("latin-1"))

    def _serve(self, head: str) -> None:
        first, *fields = head.split("\r\n")
        method, path, *_ = first.split(" ")
        if path.startswith(CONTROL):
            self._send(*self._tree.control(method, path.removeprefix(CONTROL)))
            return
        agent = next((field[11:].strip() for field in fields if field[:11].lower() == "user-agent:"), "")
        self._tree.log.append((time.time(), path, agent))
        if self._tree.delay:
            asyncio.get_running_loop().call_later(self._tree.delay, self._send, *self._tree.answer(path))
        else:
            self._send(*self._tree.answer(path))

    def _send(self, status: int, kind: str, body: str) -> None:
        content = body.encode()
        head = f"HTTP/1.1 {status} {'OK' if status == 200 else 'Not Found'}\r\n"
        head += f"Content-Type: {kind}\r\nContent-Length: {len(content)}\r\n\r\n"
        if not self._transport.is_closing():
            self._transport.write(head.encode() + content)


async def serve(tree: Tree) -> None:
    """Serve on any free port, which is printed, until the other end of stdin goes."""
    loop, done = asyncio.get_running_loop(), asyncio.Event()
    server = await loop.create_server(lambda: Connection(tree), HOST, 0, backlog=256)
    print(json.dumps({"url": f"http://{HOST}:{server.sockets[0].getsockname()[1]}"}), flush=True)
    loop.add_reader(sys.stdin, lambda: done.set() if not os.read(sys.stdin.fileno(), 64) else None)
    await done.wait()
    server.close()


def main(argv: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.tree.server", description=__doc__)
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--branching", type=int, default=8)
    parser.add_argument("--stem", type=int, default=0)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--robots", help="text of robots.txt; without it there is none")
    given = parser.parse_args(argv)
    shape = Shape(pages=given.pages, branching=given.branching, stem=given.stem)
    asyncio.run(serve(Tree(shape, delay=given.delay, robots=given.robots)))


if __name__ == "__main__":
    main(sys.argv[1:])
