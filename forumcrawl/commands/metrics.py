"""`scrapy metrics`: one endpoint for Prometheus that tells of all crawls of the cluster."""

from __future__ import annotations

import argparse
import ipaddress
import signal
import sys
from contextlib import suppress
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand

from forumcrawl.storage.errors import StorageUnavailable
from forumcrawl.storage.redis import RedisUnavailable


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
        if not self.settings["METRICS_PASSWORD"] and not _is_loopback(opts.host):
            return self._refuse(
                f"set METRICS_PASSWORD to listen at {opts.host}: without a login, only loopback is served", 2
            )
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.default_int_handler)
        from forumcrawl.stats.endpoint import serve  # here: every command of Scrapy loads this file

        try:
            with suppress(KeyboardInterrupt):
                serve(self.settings, opts.host, opts.port)
        except (StorageUnavailable, RedisUnavailable) as error:
            self._refuse(str(error), 1)
        except (OSError, OverflowError) as error:
            self._refuse(f"cannot listen at {opts.host}:{opts.port}: {error}", 1)
        return None

    def _refuse(self, reason: str, code: int) -> None:
        print(reason, file=sys.stderr)
        self.exitcode = code


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
