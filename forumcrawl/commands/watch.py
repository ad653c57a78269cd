"""`scrapy watch`: looks at all crawls without being one, and tells what workers that are dead cannot."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.settings import BaseSettings

from forumcrawl.stats.runs import Runs
from forumcrawl.storage.errors import StorageUnavailable
from forumcrawl.storage.redis import RedisUnavailable

_INTERVAL = 10.0  # seconds between two looks where MONITOR_INTERVAL is 0, or longer


class Command(ScrapyCommand):
    """Runs until Ctrl-C or SIGTERM, then exit code 0; 1 without a server at its start, 2 for wrong arguments."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "[--once]"

    def short_desc(self) -> str:
        return "Watch all crawls, and send alarms"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--once", action="store_true", help="look once and end")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        if args:
            print(f"say scrapy watch {self.syntax()}", file=sys.stderr)
            self.exitcode = 2
            return
        try:
            with suppress(asyncio.CancelledError):
                asyncio.run(_watch(self.settings, once=opts.once))
        except (StorageUnavailable, RedisUnavailable, ValueError) as error:
            print(error, file=sys.stderr)
            self.exitcode = 2 if isinstance(error, ValueError) else 1


async def _watch(settings: BaseSettings, *, once: bool) -> None:
    from forumcrawl.monitors.judge import Judge  # here: every command of Scrapy loads this file, and Spidermon is large

    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    judge, interval = Judge(settings), min(_INTERVAL, settings.getfloat("MONITOR_INTERVAL") or _INTERVAL)
    async with Runs(settings) as runs:
        await runs.live()
        print("watching (Ctrl-C ends it)", flush=True)
        while True:
            await _look(runs, judge, interval)
            if once:
                return
            await asyncio.sleep(interval)


async def _look(runs: Runs, judge: Any, interval: float) -> None:
    """A database that is away is no end: it is looked at again."""
    try:
        await (await runs.live()).watch(3 * interval)
        for message in await judge.look(runs.store, await runs.current()):
            print(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} {message.title}: {message.reason}", flush=True)
    except (StorageUnavailable, RedisUnavailable) as error:
        print(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} cannot look: {error}", file=sys.stderr, flush=True)
