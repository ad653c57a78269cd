"""How long callbacks take."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any

from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.statscollectors import StatsCollector

from forumcrawl.stats.names import TIME

_PARSE = TIME.format(step="parse")


class ParseTimeMiddleware:
    """Nearest to the spider: the time in which it makes its next output, and not that in which others use it."""

    def __init__(self, stats: StatsCollector) -> None:
        self._stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ParseTimeMiddleware:
        assert crawler.stats
        return cls(crawler.stats)

    def process_spider_output(self, response: Response, result: Iterable[Any]) -> Iterator[Any]:
        outputs, spent = iter(result), 0.0
        try:
            while True:
                began = time.perf_counter()
                try:
                    output = next(outputs)
                except StopIteration:
                    return
                finally:
                    spent += time.perf_counter() - began
                yield output
        finally:
            self._stats.inc_value(_PARSE, spent)  # type: ignore[arg-type]

    async def process_spider_output_async(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        outputs, spent = aiter(result), 0.0
        try:
            while True:
                began = time.perf_counter()
                try:
                    output = await anext(outputs)
                except StopAsyncIteration:
                    return
                finally:
                    spent += time.perf_counter() - began
                yield output
        finally:
            self._stats.inc_value(_PARSE, spent)  # type: ignore[arg-type]
