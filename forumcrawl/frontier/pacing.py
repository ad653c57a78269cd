"""What hosts do is told to the frontier, and what does not come from its queues takes a turn like all else."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

from redis.exceptions import RedisError
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadTimeoutError, IgnoreRequest, NotConfigured
from scrapy.http import Response

from forumcrawl.download.refusal import refused
from forumcrawl.download.retry import ASKED_TO_WAIT, SOURCE, retry_after
from forumcrawl.frontier.pace import host_of
from forumcrawl.frontier.scheduler import FrontierScheduler, frontier_of, uses_frontier

logger = logging.getLogger(__name__)
_SOURCE_HOLD = 60.0  # seconds a job waits for a source site at the most: its links are due again later
_SLACK = 0.05  # seconds by which a turn may be missed where the pace is finer than that


class PacingMiddleware:
    """Nearest to the downloader but for compression: it sees answers before they are tried again."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PacingMiddleware:
        if not uses_frontier(crawler.settings):
            raise NotConfigured
        middleware = cls(crawler)
        crawler.signals.connect(middleware.robots_parsed, signal=signals.robots_parsed)
        return middleware

    async def process_request(self, request: Request) -> None:
        """Waits for a turn where the request has none, or was held up beyond it (as by a slow robots.txt)."""
        request.meta["download_slot"] = host_of(request)  # Scrapy's own is that of the name, whatever port
        lease = self._frontier.lease_of(request)
        if lease is None or (lease.delivery.gap and time.monotonic() - lease.at > max(lease.delivery.gap, _SLACK)):
            await self._turn(request)

    def process_response(self, request: Request, response: Response) -> Response:
        if refused(response):
            return response  # the gate has told what became of the host
        told = self._frontier.worker.tell(host_of(request))
        if response.status in ASKED_TO_WAIT:
            told.slow += 1
            asked = retry_after(response) or 0.0
            told.hold = max(told.hold, min(asked, _SOURCE_HOLD) if request.meta.get(SOURCE) else asked)
        elif response.status >= 500:
            told.fails += not request.meta.get(SOURCE)  # nothing waits for a source site: it rests instead
        else:
            told.ok += 1
            told.fails = 0
            told.latency = float(request.meta.get("download_latency", 0.0))
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        if isinstance(exception, IgnoreRequest):
            return
        told = self._frontier.worker.tell(host_of(request))
        if not request.meta.get(SOURCE):
            told.fails += 1
        elif isinstance(exception, DownloadTimeoutError):
            told.ok += 1  # it is slow, and never parked
            told.latency = float(request.meta.get("download_timeout", 0.0))

    def robots_parsed(self, robotparser: Any, request: Request) -> None:
        """Protego, Scrapy's default, knows Crawl-delay; Scrapy's own interface does not offer it."""
        delay = getattr(getattr(robotparser, "rp", None), "crawl_delay", lambda agent: None)(self._agent(request))
        if delay is not None:
            logger.info("%s asks for %g s between two requests", host_of(request), delay)
            self._frontier.worker.tell(host_of(request)).crawl = float(delay)

    @property
    def _frontier(self) -> FrontierScheduler:
        frontier = frontier_of(self._crawler)
        assert frontier is not None, "it is the scheduler that the settings name"
        return frontier

    def _agent(self, request: Request) -> str:
        settings = self._crawler.settings
        return str(settings["ROBOTSTXT_USER_AGENT"] or settings["USER_AGENT"])

    async def _turn(self, request: Request) -> None:
        try:
            wait = await self._frontier.worker.streams.reserve(host_of(request))
        except RedisError:
            wait = self._frontier.worker.streams.pace.delay  # the worker deals with the trouble
        if wait > 0:
            await asyncio.sleep(wait)
