"""A worker's stats on their way to others: every few seconds while it runs, and once more at its end."""

from __future__ import annotations

import asyncio
import logging
import shutil
import time
import types
import uuid
from collections.abc import Coroutine, Generator
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from forumcrawl.frontier.jobs import scope_of
from forumcrawl.frontier.scheduler import frontier_of
from forumcrawl.stats.coverage import Coverage
from forumcrawl.stats.error_groups import ErrorGroups
from forumcrawl.stats.ledger import Ledger
from forumcrawl.stats.names import CPU, DISK_FREE, DOWNLOADING, IN_FLIGHT, PUBLISHING_CPU, WAITING
from forumcrawl.stats.vocabulary import declared
from forumcrawl.storage.errors import StorageUnavailable
from forumcrawl.storage.redis import RedisUnavailable
from forumcrawl.tasks import ended

logger = logging.getLogger(__name__)
T = TypeVar("T")
_FAREWELL = 30.0  # seconds the end may take to be told
_AWAY = (RedisUnavailable, StorageUnavailable, TimeoutError)


class Recorder:
    """Records the run that this crawl is, or takes part in. Nothing that fails here holds the crawl up or ends it."""

    def __init__(self, crawler: Crawler, interval: float) -> None:
        self._crawler = crawler
        self._interval = interval
        self._coverage = Coverage()
        self._ledger: Ledger | None = None
        self._task: asyncio.Task[None] | None = None
        self._away = False
        self.told = asyncio.Event()
        """Set when the end is told, or could not be."""

    @property
    def run(self) -> str | None:
        """The id of the run that this crawl is, or takes part in; None before it has begun."""
        return self._ledger.run if self._ledger else None

    @property
    def job(self) -> str:
        """The job that workers of the run share; empty where they share none."""
        return self._ledger.job if self._ledger else ""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Recorder:
        if not (interval := crawler.settings.getfloat("STATS_INTERVAL")):
            raise NotConfigured
        recorder = cls(crawler, interval)
        crawler.signals.connect(recorder.engine_started, signal=signals.engine_started)
        crawler.signals.connect(recorder.item_scraped, signal=signals.item_scraped)
        crawler.signals.connect(recorder.spider_closed, signal=signals.spider_closed)
        return recorder

    def engine_started(self) -> None:
        """Not before: a crawl that cannot start is no run."""
        frontier, spider = frontier_of(self._crawler), self._crawler.spider
        if spider is None or (frontier is None and hasattr(self._crawler, "start_error")):
            return
        run_id = str(getattr(self._crawler, "run_id", None) or uuid.uuid4().hex)
        job = "" if frontier is None else frontier.job  # one with nothing queued is false
        self._ledger = Ledger(self._crawler.settings, run_id, job, spider.name, scope_of(spider))
        self._task = asyncio.get_running_loop().create_task(self._run(), name="stats")

    def item_scraped(self, item: Any) -> None:
        self._coverage.look(item)

    async def spider_closed(self, spider: Spider, reason: str) -> None:
        if self._ledger is None or self._task is None:
            self.told.set()
            return
        await ended(self._task)
        try:
            async with asyncio.timeout(_FAREWELL):
                await self._ledger.end(self._taken(), self._errors(), reason)
        except _AWAY as error:
            logger.error("The end of run %s is not recorded: %s", self._ledger.run, error or "no answer in time")
        finally:
            self.told.set()
            await self._ledger.close()

    # --- while it runs -----------------------------------------------------------------------------------------

    async def _run(self) -> None:
        assert self._ledger
        while True:
            began = time.monotonic()
            await _measured(self._tell(self._ledger), self._spent)
            await asyncio.sleep(max(0.0, self._interval - (time.monotonic() - began)))

    async def _tell(self, ledger: Ledger) -> None:
        errors = self._errors()
        try:
            await ledger.tell(self._taken(), errors)
        except _AWAY as error:
            self._keep(errors)
            if not self._away:
                logger.warning("Stats are not told, trying again: %s", error)
            self._away = True
        except Exception:
            self._keep(errors)
            logger.exception("Stats could not be told")
        else:
            self._away = False

    def _spent(self, seconds: float) -> None:
        if self._crawler.stats:
            self._crawler.stats.inc_value(PUBLISHING_CPU, seconds, start=0.0)  # type: ignore[arg-type]

    # --- what there is to tell ---------------------------------------------------------------------------------

    def _taken(self) -> dict[str, Any]:
        """All stats of this moment that are declared, as JSON can hold them."""
        assert self._crawler.stats
        self._look_round()
        stats = {**self._crawler.stats.get_stats(), **self._coverage.counts}
        return {name: _plain(value) for name, value in stats.items() if declared(name)}

    def _look_round(self) -> None:
        """What is not counted but looked up."""
        stats, engine, frontier = self._crawler.stats, self._crawler.engine, frontier_of(self._crawler)
        assert stats
        home = Path(self._crawler.settings["FORUMCRAWL_HOME"])
        stats.set_value(DISK_FREE, shutil.disk_usage(home if home.exists() else Path.cwd()).free)
        stats.set_value(CPU, round(time.process_time(), 3))
        if engine is not None:
            stats.set_value(DOWNLOADING, len(engine.downloader.active))
        if frontier is not None:
            stats.set_value(WAITING, frontier.worker.last.waiting)
            stats.set_value(IN_FLIGHT, frontier.worker.last.in_flight)

    def _errors(self) -> list[Any]:
        groups = self._crawler.get_extension(ErrorGroups)
        return groups.changed() if groups else []

    def _keep(self, errors: list[Any]) -> None:
        if groups := self._crawler.get_extension(ErrorGroups):
            groups.keep(errors)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value if isinstance(value, int | float) else str(value)


@types.coroutine
def _measured(work: Coroutine[Any, Any, T], spent: Any) -> Generator[Any, Any, T]:
    """What `work` gives; `spent` hears of the processor seconds of each of its steps, and not of those of others."""
    step, value = work.send, None
    while True:
        began = time.thread_time()
        try:
            waits_for = step(value)
        except StopIteration as done:
            result: T = done.value
            return result
        finally:
            spent(time.thread_time() - began)
        try:
            step, value = work.send, (yield waits_for)
        except BaseException as error:
            step, value = work.throw, error
