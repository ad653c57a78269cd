"""Trying again: with a limit, with back-off, and no sooner than the host asks."""

from __future__ import annotations

import asyncio
import email.utils
import hashlib
import logging
import time
from datetime import UTC, datetime
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import HtmlResponse, Response
from scrapy.utils.httpobj import urlparse_cached

from forumcrawl.download.redirect import LOOP
from forumcrawl.download.refusal import refused
from forumcrawl.signals import seal
from forumcrawl.stats.names import RETRIES

logger = logging.getLogger(__name__)

ASKED_TO_WAIT = frozenset({429, 503})
"""Statuses whose Retry-After speaks for the whole host (RFC 9110, 10.2.3)."""
SOURCE = "source"
"""Key in `Request.meta`: the request is for an article of a source site, for which the crawl does not wait."""
AS_WRITTEN = "as_written"
"""Flag of a response that lacks the end of a page each time it is fetched."""
_LEAST_DELAY = 0.001  # seconds; a slot without a delay never waits
RATE_LIMITED = "rate_limited"
"""Why a crawl ended that was told to stay away for longer than it may wait."""


class BackoffRetryMiddleware(RetryMiddleware):
    """Scrapy's, and: each further try waits twice as long; Retry-After holds back every request to its host; a page
    that stops before its end and a redirect loop are tried again like any other fault."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler.settings)
        self.crawler = crawler
        self._first_wait = crawler.settings.getfloat("RETRY_BACKOFF")
        self._longest_wait = crawler.settings.getfloat("RETRY_BACKOFF_MAX")
        self._longest_hold = crawler.settings.getfloat("RETRY_AFTER_MAX")
        self._held: dict[str, float] = {}  # host to the moment (monotonic) from which it may be asked again

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> BackoffRetryMiddleware:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Waits while the host asked to be left alone."""
        host = urlparse_cached(request).netloc
        while (left := self._held.get(host, 0.0) - time.monotonic()) > 0:
            await asyncio.sleep(left)

    async def process_response(  # type: ignore[override]
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        if request.meta.get("dont_retry") or refused(response):
            return response
        if request.meta.get(SOURCE) and response.status in ASKED_TO_WAIT:
            return response  # its links are due again later
        if response.status in ASKED_TO_WAIT and not self._hold(request, response):
            return response
        if response.status in self.retry_http_codes:
            return await self._again(request, str(response.status)) or response
        if LOOP in response.flags:
            return await self._again(unredirected(request), LOOP) or response
        if is_cut(response):
            return await self._again_if_cut(request, response)
        return response

    async def _again_if_cut(self, request: Request, response: Response) -> Request | Response:
        """A page that comes without its end twice, byte for byte, is written so."""
        digest = hashlib.sha1(response.body, usedforsecurity=False).hexdigest()
        if request.meta.get("cut") == digest:
            response.flags.append(AS_WRITTEN)
            return response
        again = await self._again(request, "truncated")
        if again is None:
            return response
        again.meta["cut"] = digest
        return again

    async def process_exception(  # type: ignore[override]
        self, request: Request, exception: Exception, spider: Spider | None = None
    ) -> Request | Response | None:
        if request.meta.get("dont_retry") or not isinstance(exception, self.exceptions_to_retry):
            return None
        return await self._again(request, type(exception).__name__)

    async def _again(self, request: Request, reason: str) -> Request | None:
        again = self._retry(request, reason)
        if again is None:
            return None
        stats = self.crawler.stats
        assert stats
        stats.inc_value(RETRIES.format(reason=reason))
        tries = again.meta["retry_times"]
        await asyncio.sleep(min(self._first_wait * 2 ** (tries - 1), self._longest_wait))
        return again

    def _hold(self, request: Request, response: Response) -> bool:
        """Hold the host back as its Retry-After says; False, and the crawl ends, when that is too long to wait."""
        seconds = retry_after(response)
        if seconds is None:
            return True
        host = urlparse_cached(request).netloc
        if seconds > self._longest_hold:
            logger.error("%s asks to be left alone for %d s: ending; run the crawl again then", host, seconds)
            self.crawler.signals.send_catch_log(seal)
            self._ending = asyncio.ensure_future(self._end())
            return False
        self._held[host] = max(self._held.get(host, 0.0), time.monotonic() + seconds)
        self._hold_back_those_in_line(request, seconds)
        return True

    def _hold_back_those_in_line(self, request: Request, seconds: float) -> None:
        """Requests that wait in the downloader for their turn have passed `process_request`: their slot must wait."""
        engine = self.crawler.engine
        slot = None
        if engine is not None:
            slot = engine.downloader.slots.get(str(request.meta.get("download_slot")))
        if slot is not None:
            slot.delay = slot.delay or _LEAST_DELAY
            slot.lastseen = max(slot.lastseen, time.monotonic() + seconds - slot.delay)

    async def _end(self) -> None:
        engine = self.crawler.engine
        if engine is not None and engine.spider is not None:
            await engine.close_spider_async(reason=RATE_LIMITED)


def retry_after(response: Response, now: datetime | None = None) -> float | None:
    """Seconds in a response's Retry-After, given as a number or as a date; None where there is none."""
    given: Any = response.headers.get("Retry-After")
    text = (given or b"").decode("latin-1").strip()
    if text.isdecimal() and text.isascii():
        return float(text[:9])
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    moment = moment.replace(tzinfo=moment.tzinfo or UTC)
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())


def is_cut(response: Response) -> bool:
    """Whether an HTML page stops before its end, as when a connection is closed half-way without an error."""
    if not isinstance(response, HtmlResponse) or AS_WRITTEN in response.flags:
        return False
    return b"<html" in response.body and b"</html" not in response.body


def unredirected(request: Request) -> Request:
    """The request as it was before it was redirected."""
    visited = request.meta.get("redirect_urls")
    if not visited:
        return request
    meta = {key: value for key, value in request.meta.items() if not key.startswith("redirect_")}
    return request.replace(url=visited[0], meta=meta)
