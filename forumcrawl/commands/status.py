"""`scrapy status`: what crawls do at this moment, all workers of a job together."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import datetime
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand

from forumcrawl.stats.digest import digest
from forumcrawl.stats.report import whole_run
from forumcrawl.stats.runs import Runs, RunView
from forumcrawl.storage.errors import StorageUnavailable
from forumcrawl.storage.redis import RedisUnavailable

_NOTHING = "no crawl goes on, and none ended within the last hour: scrapy runs lists earlier ones"


class Command(ScrapyCommand):
    """Exit code 0; 1 where there is nothing to show or no server, 2 for wrong arguments."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "[--watch] [--json]"

    def short_desc(self) -> str:
        return "Show the crawls that go on, and those that ended within the last hour"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="one JSON object; with --watch one a line")
        parser.add_argument("--watch", action="store_true", help="again and again, until Ctrl-C")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if args:
            print(f"say scrapy status {self.syntax()}", file=sys.stderr)
            self.exitcode = 2
            return
        try:
            self.exitcode = asyncio.run(self._show(opts.json, watch=opts.watch))
        except (StorageUnavailable, RedisUnavailable) as error:
            print(error, file=sys.stderr)
            self.exitcode = 1
        except KeyboardInterrupt:
            self.exitcode = 0
        except BrokenPipeError:  # the reader has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            self.exitcode = 1

    async def _show(self, as_json: bool, *, watch: bool) -> int:
        assert self.settings is not None
        async with Runs(self.settings) as runs:
            if watch and not as_json and sys.stdout.isatty():
                return await _live(_looks(runs, self.settings.getfloat("STATS_INTERVAL")))
            views: list[RunView] = []
            async for views in _looks(runs, self.settings.getfloat("STATS_INTERVAL") if watch else None):
                print(_as_json(views) if as_json else "\n".join(_lines(views)), flush=True)
        return 0 if views or as_json else 1


async def _looks(runs: Runs, interval: float | None) -> AsyncIterator[list[RunView]]:
    yield await runs.current()
    while interval is not None:
        await asyncio.sleep(max(0.1, interval))
        yield await runs.current()


async def _live(looks: AsyncIterator[list[RunView]]) -> int:
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    with Live(console=Console(), auto_refresh=False, vertical_overflow="crop") as live:
        async for views in looks:
            live.update(Text("\n".join(_lines(views))), refresh=True)
    return 0


def _lines(views: list[RunView]) -> list[str]:
    if not views:
        return [_NOTHING]
    lines: list[str] = []
    for view in views:
        lines += [*([""] if lines else []), *whole_run(view)]
    return lines


def _as_json(views: list[RunView]) -> str:
    return json.dumps({"runs": [told(view) for view in views]}, ensure_ascii=False, default=datetime.isoformat)


def told(view: RunView) -> dict[str, Any]:
    """A run as JSON tells it: its facts, what its stats say, and the stats themselves."""
    facts = asdict(view)
    return {
        **{name: value for name, value in facts.items() if name != "stats"},
        **digest(view.stats),
        "stats": view.stats,
    }
