"""Monitors inside a worker: it looks at its run now and then and at its end, while no `scrapy watch` does."""

from __future__ import annotations

import asyncio
import logging

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from forumcrawl.frontier.live import Live
from forumcrawl.monitors.judge import Judge
from forumcrawl.stats.recorder import Recorder
from forumcrawl.stats.runs import NoRun, Runs
from forumcrawl.storage.errors import StorageUnavailable
from forumcrawl.storage.redis import RedisUnavailable
from forumcrawl.tasks import ended

logger = logging.getLogger(__name__)
_FAREWELL = 60.0  # seconds that looking at the end, and telling of it, may take


class Monitors:
    """One worker of a run looks at a time. Nothing that fails here holds the crawl up."""

    def __init__(self, crawler: Crawler, judge: Judge, interval: float) -> None:
        self._crawler = crawler
        self._judge = judge
        self._interval = interval
        self._task: asyncio.Task[None] | None = None
        self._runs: Runs | None = None  # once it was opened

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Monitors:
        interval = crawler.settings.getfloat("MONITOR_INTERVAL")
        if not interval or not crawler.settings.getfloat("STATS_INTERVAL"):
            raise NotConfigured
        try:
            monitors = cls(crawler, Judge(crawler.settings), interval)
        except ValueError as error:
            logger.error("Nobody will be told of alarms: %s", error)
            raise NotConfigured from None
        crawler.signals.connect(monitors.engine_started, signal=signals.engine_started)
        crawler.signals.connect(monitors.spider_closed, signal=signals.spider_closed)
        return monitors

    def engine_started(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._run(), name="monitors")

    async def spider_closed(self, spider: Spider, reason: str) -> None:
        if self._task is None or (recorder := self._crawler.get_extension(Recorder)) is None:
            return
        await ended(self._task)
        await recorder.told.wait()  # the end of this worker is in the run's record
        try:
            async with asyncio.timeout(_FAREWELL):
                await self._look(at_end=True)
        except TimeoutError:
            logger.error("The run's end could not be looked at in time")
        finally:
            if self._runs:
                await self._runs.__aexit__(None, None, None)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._interval)
            await self._look()

    async def _opened(self) -> Runs:
        if self._runs is None:
            self._runs = await Runs(self._crawler.settings).__aenter__()
        return self._runs

    async def _is_mine(self, live: Live, run: str, *, at_end: bool) -> bool:
        """Whether this worker is the one to look."""
        return not await live.is_watched() and (at_end or await live.take_look(run, self._interval))

    async def _look(self, *, at_end: bool = False) -> None:
        recorder = self._crawler.get_extension(Recorder)
        if recorder is None or recorder.run is None:
            return
        try:
            runs = await self._opened()
            if recorder.job and not await self._is_mine(await runs.live(), recorder.run, at_end=at_end):
                return
            for message in await self._judge.look(runs.store, [await runs.one(recorder.run)]):
                logger.warning("%s: %s", message.title, message.reason)
        except (StorageUnavailable, RedisUnavailable, NoRun) as error:
            logger.warning("The run could not be looked at: %s", error)
