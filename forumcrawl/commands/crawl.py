"""`scrapy crawl`: Scrapy's own, with an exit code, one line for what cannot start, and a table at the end."""

from __future__ import annotations

import argparse
import gc
import logging
import secrets
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, NoReturn

from scrapy.commands.crawl import Command as CrawlCommand
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, UsageError
from scrapy.pipelines import ItemPipelineManager
from scrapy.spiderloader import get_spider_loader

from forumcrawl.frontier.scheduler import NOT_STARTED
from forumcrawl.spiders.arguments import ArgumentError
from forumcrawl.storage.errors import UNAVAILABLE, StorageUnavailable

logger = logging.getLogger(__name__)

_SET_UP = ("scrapy.addons", "scrapy.core.engine", "scrapy.middleware", "scrapy.utils.log")
"""Loggers that tell at length how Scrapy sets itself up: at LOG_LEVEL=DEBUG only."""


_SCRAPYD = ("_job", "_version")
"""Spider arguments that Scrapyd adds."""


class Pipelines(ItemPipelineManager):
    """Scrapy's item pipelines; where the scheduler or one of them finds no server, the crawl is closed in order.

    By itself Scrapy closes a crawl whose pipelines cannot open as if it had been opened: components that were never
    started fail with tracebacks, and the error itself is a third.
    """

    async def open_spider_async(self) -> None:
        assert self.crawler is not None
        if hasattr(self.crawler, "start_error"):  # the scheduler's
            raise CloseSpider(NOT_STARTED)
        try:
            await super().open_spider_async()
        except StorageUnavailable as error:
            self.crawler.start_error = str(error)  # type: ignore[attr-defined]
            raise CloseSpider(UNAVAILABLE) from None


class Command(CrawlCommand):
    """Exit code 0 when the crawl finished, 1 when it ended otherwise, 2 for arguments that cannot be used."""

    default_settings: ClassVar[dict[str, Any]] = {"ITEM_PROCESSOR": Pipelines}

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuses what cannot be crawled here, before Scrapy starts and logs anything."""
        try:
            super().process_options(args, opts)
        except UsageError as error:
            _refuse(str(error))
        assert self.settings is not None
        self._read_node_job(opts.spargs)
        loader = get_spider_loader(self.settings)
        known = ", ".join(sorted(loader.list()))
        if len(args) != 1:
            _refuse(f"name one spider: scrapy crawl NAME ({known})")
        if args[0] not in loader.list():
            _refuse(f"there is no spider {args[0]!r}, only {known}")
        try:
            if check := getattr(loader.load(args[0]), "check", None):
                check(self.settings, opts.spargs)
        except ArgumentError as error:
            _refuse(str(error))
        if self.settings["LOG_LEVEL"] != "DEBUG":
            _shorten_logs()

    def _read_node_job(self, arguments: dict[str, str]) -> None:
        """Scrapyd hands its own names on as spider arguments; embedded servers on each node would split the data."""
        assert self.settings is not None
        own = {name: arguments.pop(name) for name in _SCRAPYD if name in arguments}
        self.settings.set("SCRAPYD_JOB", own.get("_job"), priority="cmdline")
        missing = [name for name in ("MONGODB_URI", "REDIS_URL") if not self.settings[name]]
        if own and missing and not self.settings.getbool("SINGLE_NODE"):
            reason = f"{' and '.join(missing)} must be set where Scrapyd runs: each node would keep data of its own"
            reason += " (SINGLE_NODE=1 allows that where there is only this one)"
            if self.settings["LOG_FILE"]:
                Path(self.settings["LOG_FILE"]).write_text(f"{reason}\n", "utf-8")
            _refuse(reason)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.crawler_process is not None
        crawler = self._create_crawler(args[0])
        crawler.run_id = new_run_id()  # type: ignore[attr-defined]
        gc.collect()
        gc.freeze()  # what is loaded by now stays to the end: the collector need not walk it again and again
        self.crawler_process.crawl(crawler, **opts.spargs)
        self.crawler_process.start()
        if self.crawler_process.bootstrap_failed or not _finished(crawler):
            self.exitcode = 1


def new_run_id() -> str:
    """An id that sorts by time, as in `20261123T190102-ab12cd` (UTC)."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"


def _finished(crawler: Crawler) -> bool:
    """Say how the crawl ended; True when nothing was left undone."""
    from forumcrawl.stats.progress import Progress
    from forumcrawl.stats.summary import Summary

    if crawler.engine.start_time is None:
        error = getattr(crawler, "start_error", "interrupted before the first request")
        print(error, file=sys.stderr)
        if crawler.settings["LOG_FILE"]:
            logger.error("%s", error)
        return False
    if progress := crawler.get_extension(Progress):
        progress.stop()
    if summary := crawler.get_extension(Summary):
        summary.show()
    return bool(crawler.stats.get_value("finish_reason") == "finished")


def _shorten_logs() -> None:
    for name in _SET_UP:  # by filters: Scrapy resets the levels
        logging.getLogger(name).addFilter(lambda record: record.levelno >= logging.WARNING)
    # A robots.txt that cannot be had is told in a line: where it came from in Scrapy helps nobody.
    logging.getLogger("scrapy.downloadermiddlewares.robotstxt").addFilter(_without_traceback)
    logging.getLogger("scrapy.crawler").addFilter(lambda record: not str(record.msg).startswith("Overridden settings"))


def _without_traceback(record: logging.LogRecord) -> bool:
    record.exc_info = None
    return True


def _refuse(reason: str) -> NoReturn:
    print(reason, file=sys.stderr)
    raise SystemExit(2)
