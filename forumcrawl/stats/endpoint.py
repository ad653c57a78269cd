"""Metrics of all crawls over HTTP, behind a login."""

from __future__ import annotations

import asyncio
import base64
import hmac
import signal
import socket
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from scrapy.settings import BaseSettings

from forumcrawl.stats.prometheus import metrics
from forumcrawl.stats.runs import Runs, RunView
from forumcrawl.storage.errors import StorageUnavailable
from forumcrawl.storage.redis import RedisUnavailable

USER = "metrics"
"""The login's name; its password is METRICS_PASSWORD."""
_PATIENCE = 10  # seconds that a client may take to ask, and the databases to answer
_LOOK = 0.5  # seconds between two looks at whether to end
Start: TypeAlias = Callable[..., Any]


def serve(settings: BaseSettings, host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM; prints the address. Raises StorageUnavailable, RedisUnavailable or OSError."""
    kind = _IPv6Server if ":" in host else WSGIServer
    with asyncio.Runner() as runner:
        source = Source(runner, settings)
        try:
            source.open()
            with make_server(host, port, Endpoint(source, settings["METRICS_PASSWORD"]), kind, _Handler) as server:
                shown = f"[{host}]" if ":" in host else host
                print(f"http://{shown}:{server.server_port}/metrics (Ctrl-C ends it)", flush=True)
                _serve_until_told(server)
        finally:
            source.close()


def _serve_until_told(server: WSGIServer) -> None:
    """By a flag: what a signal raises while a request is answered, wsgiref takes for the application's error."""
    told: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, frame: told.append(number))
    server.timeout = _LOOK
    while not told:
        server.handle_request()


class Source:
    """The runs, read anew at each call of `now`."""

    def __init__(self, runner: asyncio.Runner, settings: BaseSettings) -> None:
        self._runner = runner
        self._runs = Runs(settings)

    def open(self) -> None:
        """Raises StorageUnavailable or RedisUnavailable."""
        self._runner.run(self._open())

    async def _open(self) -> None:
        await self._runs.__aenter__()
        await self._runs.live()

    def close(self) -> None:
        """Let go of clients and servers."""
        self._runner.run(self._runs.__aexit__(None, None, None))

    def now(self) -> list[RunView]:
        """Raises StorageUnavailable, RedisUnavailable or TimeoutError."""
        return self._runner.run(asyncio.wait_for(self._runs.current(), _PATIENCE))


class Endpoint:
    """The WSGI application: /metrics, behind a login where there is a password."""

    def __init__(self, source: Source, password: str | None) -> None:
        self._source = source
        self._login = f"Basic {base64.b64encode(f'{USER}:{password}'.encode()).decode()}" if password else None

    def __call__(self, asked: dict[str, Any], start: Start) -> Iterable[bytes]:
        given = str(asked.get("HTTP_AUTHORIZATION", ""))
        if self._login and not hmac.compare_digest(given.encode("utf-8", "replace"), self._login.encode()):
            headers = [("WWW-Authenticate", 'Basic realm="forumcrawl"')]
            return _answer(start, "401 Unauthorized", "a login is needed\n", headers)
        if asked["PATH_INFO"] != "/metrics" or asked["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return _answer(start, "404 Not Found", "only GET /metrics\n")
        try:
            body = generate_latest(_Told(self._source.now()))
        except (StorageUnavailable, RedisUnavailable, TimeoutError) as error:
            return _answer(start, "503 Service Unavailable", f"{error or 'the databases do not answer'}\n")
        start("200 OK", [("Content-Type", CONTENT_TYPE_LATEST), ("Content-Length", str(len(body)))])
        return [body]


class _Told(Collector):
    def __init__(self, runs: list[RunView]) -> None:
        self._runs = runs

    def collect(self) -> Iterable[Metric]:
        return metrics(self._runs)


class _Handler(WSGIRequestHandler):
    timeout = _PATIENCE  # a client that says nothing holds nobody up for longer

    def log_message(self, format: str, *args: Any) -> None:
        """Scrapes are not worth a line each."""


class _IPv6Server(WSGIServer):
    address_family = socket.AF_INET6


def _answer(start: Start, status: str, text: str, headers: Iterable[tuple[str, str]] = ()) -> list[bytes]:
    start(status, [("Content-Type", "text/plain; charset=utf-8"), *headers])
    return [text.encode()]
