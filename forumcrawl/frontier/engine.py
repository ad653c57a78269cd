"""Scrapy's side of the frontier: the engine that is woken and ended, its spider, and what is counted."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from scrapy import Request, Spider
from scrapy.crawler import Crawler

from forumcrawl.frontier.streams import Queued
from forumcrawl.stats.hosts import Hosts
from forumcrawl.stats.names import FRONTIER, HOST_ITEMS

if TYPE_CHECKING:
    from forumcrawl.storage.session import Storage


class Engine:
    """The engine of one crawl, as a scheduler that never waits needs it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._hosts = Hosts.of(crawler)
        self._alarm: asyncio.TimerHandle | None = None
        self._ending: asyncio.Task[None] | None = None

    @property
    def spider(self) -> Spider:
        """The spider; the crawl must have begun."""
        assert self._crawler.spider
        return self._crawler.spider

    def fingerprint(self, request: Request) -> bytes:
        """What tells a request from others."""
        assert self._crawler.request_fingerprinter
        return self._crawler.request_fingerprinter.fingerprint(request)

    def storing(self) -> float:
        """Seconds that this process has spent storing; the pipelines that do it are opened after the scheduler."""
        storage: Storage | None = getattr(self._crawler, "storage", None)
        return 0.0 if storage is None else storage.writer.busy

    # --- waking and ending -------------------------------------------------------------------------------------

    def wake(self) -> None:
        """Have it ask for requests; by itself it looks again only every five seconds."""
        engine = self._crawler.engine
        if engine is not None and (slot := engine._slot) is not None:
            slot.nextcall.schedule()

    def wake_in(self, seconds: float) -> None:
        """Wake it after so many seconds, unless that is to happen before."""
        loop = asyncio.get_running_loop()
        if self._alarm is not None:
            if loop.time() < self._alarm.when() <= loop.time() + seconds:
                return
            self._alarm.cancel()
        self._alarm = loop.call_later(seconds, self.wake)

    def rest(self) -> None:
        """It is woken no more."""
        if self._alarm:
            self._alarm.cancel()

    @property
    def ending(self) -> bool:
        """Whether the crawl was told to end by `end`."""
        return self._ending is not None

    def end(self, reason: str) -> None:
        """Have the crawl end, which takes its time."""
        engine = self._crawler.engine
        if engine is not None and engine.spider is not None:
            self._ending = asyncio.get_running_loop().create_task(engine.close_spider_async(reason=reason))

    # --- counting ----------------------------------------------------------------------------------------------

    def count(self, what: str, count: int) -> None:
        """Add to a count of the frontier."""
        if count and self._crawler.stats:
            self._crawler.stats.inc_value(FRONTIER.format(what=what), count)

    def queued(self, told: Queued) -> None:
        """Count the requests of a host that were new, and those that had been queued before."""
        if not self._crawler.stats:
            return
        for verdict, count in (("new", told.new), ("duplicate", told.before)):
            if count:
                host = self._hosts.name(told.host)
                self._crawler.stats.inc_value(HOST_ITEMS.format(type="requests", verdict=verdict, host=host), count)
