"""`scrapy metrics`: one endpoint for Prometheus that tells of all crawls of the cluster."""

from __future__ import annotations

import argparse
import asyncio
import base64
import hmac
import ipaddress
import signal
import socket
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, ClassVar, TypeAlias
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from scrapy.commands import ScrapyCommand
from scrapy.settings import BaseSettings

from forumcrawl.stats.prometheus import metrics
from forumcrawl.stats.runs import Runs, RunView
from forumcrawl.storage.errors import StorageUnavailable
from forumcrawl.storage.redis import RedisUnavailable

USER = "metrics"
"""The login's name; its password is METRICS_PASSWORD."""
_PATIENCE = 10  # seconds that a client may take to ask, and the databases to answer
Start: TypeAlias = Callable[..., Any]


class Command(ScrapyCommand):
    """Serves /metrics until Ctrl-C or SIGTERM. Exit code 0 then; 1 without a server, 2 for wrong arguments."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "[--host HOST] [--port PORT]"

    def short_desc(self) -> str:
        return "Serve metrics of all crawls to Prometheus"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        told = "address to listen at (default: 127.0.0.1); any other needs METRICS_PASSWORD"
        parser.add_argument("--host", default="127.0.0.1", help=told)
        parser.add_argument("--port", type=int, default=9410, help="port to listen at (default: 9410); 0: any free one")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        if args:
            return self._refuse(f"say scrapy metrics {self.syntax()}", 2)
        password = self.settings["METRICS_PASSWORD"]
        if not password and not _is_loopback(opts.host):
            return self._refuse(
                f"set METRICS_PASSWORD to listen at {opts.host}: without a login, only loopback is served", 2
            )
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.default_int_handler)
        with asyncio.Runner() as runner, suppress(KeyboardInterrupt):
            try:
                self._serve(Source(runner, self.settings), opts.host, opts.port, password)
            except (StorageUnavailable, RedisUnavailable) as error:
                self._refuse(str(error), 1)
            except (OSError, OverflowError) as error:
                self._refuse(f"cannot listen at {opts.host}:{opts.port}: {error}", 1)
        return None

    def _serve(self, source: Source, host: str, port: int, password: str | None) -> None:
        kind = _IPv6Server if ":" in host else WSGIServer
        try:
            source.open()
            with make_server(host, port, Endpoint(source, password), kind, _Handler) as server:
                shown = f"[{host}]" if ":" in host else host
                print(f"http://{shown}:{server.server_port}/metrics (Ctrl-C ends it)", flush=True)
                server.serve_forever()
        finally:
            source.close()

    def _refuse(self, reason: str, code: int) -> None:
        print(reason, file=sys.stderr)
        self.exitcode = code


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


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
