"""A server of a few answers, each chosen by path and by how often it was asked for."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import NamedTuple


class Reply(NamedTuple):
    """One answer."""

    status: int = 200
    body: str = ""
    headers: Mapping[str, str] = {}


Choose = Callable[[str, int], Reply]
"""Path and how often it was asked for before, to an answer."""


class SmallServer:
    """`with SmallServer(choose) as server:`; `asked` holds (monotonic time, path) of each request."""

    def __init__(self, choose: Choose) -> None:
        self.asked: list[tuple[float, str]] = []
        self._choose = choose
        self._seen: Counter[str] = Counter()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 20

            def do_GET(self) -> None:
                reply = server.reply(self.path)
                body = reply.body.encode()
                self.send_response(reply.status)
                headers = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))}
                for name, value in {**headers, **reply.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Nothing on stderr: `asked` is the log."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self._http.server_port}"
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05})

    def reply(self, path: str) -> Reply:
        """Note a request and choose its answer."""
        self.asked.append((time.monotonic(), path))
        self._seen[path] += 1
        return self._choose(path, self._seen[path] - 1)

    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [path for _, path in self.asked]

    def __enter__(self) -> SmallServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)


ROBOTS = Reply(404)


def index(*boards: int, base: str = "/", elsewhere: str = "") -> str:
    """The front page of a forum under a base path with these boards; `elsewhere`: more HTML."""
    settings = f'<script>XF.config = {{ url: {{ fullBase: "{base}", basePath: "{base}" }} }};</script>'
    nodes = "".join(node(each, f"{base}forums/b.{each}/") for each in boards)
    return f'<html id="XF" data-template="forum_list"><head>{settings}</head><body>{nodes}{elsewhere}</body></html>'


def node(number: int, url: str) -> str:
    """A board as a front page lists it."""
    title = f'<h3 class="node-title"><a href="{url}">B</a></h3>'
    return f'<div class="node node--id{number} node--forum">{title}</div>'


def board(number: int) -> str:
    """A board without threads."""
    attributes = f'data-template="forum_view" data-container-key="node-{number}"'
    return f'<html id="XF" {attributes}><head></head><body><h1 class="p-title-value">B</h1></body></html>'
