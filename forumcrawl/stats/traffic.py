"""What each host was asked and what it answered, each try counted."""

from __future__ import annotations

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.statscollectors import StatsCollector
from scrapy.utils.httpobj import urlparse_cached

from forumcrawl.stats.hosts import Hosts
from forumcrawl.stats.latency import limit_of
from forumcrawl.stats.names import BYTES, LATENCY, LATENCY_SUM, NO_RESPONSE, REQUESTS, STATUS, TIME


class TrafficMiddleware:
    """Nearest to the downloader: it sees bodies as they came, and answers that are tried again."""

    def __init__(self, stats: StatsCollector, hosts: Hosts) -> None:
        self._stats = stats
        self._hosts = hosts

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> TrafficMiddleware:
        assert crawler.stats
        return cls(crawler.stats, Hosts.of(crawler))

    def process_request(self, request: Request) -> None:
        self._stats.inc_value(REQUESTS.format(host=self._host(request)))

    def process_response(self, request: Request, response: Response) -> Response:
        host, latency, count = self._host(request), request.meta.get("download_latency"), self._stats.inc_value
        count(STATUS.format(host=host, status=response.status))
        count(BYTES.format(host=host), len(response.body))
        if latency is not None:
            count(LATENCY.format(host=host, le=limit_of(latency)))
            count(LATENCY_SUM.format(host=host), latency)
            count(TIME.format(step="download"), latency)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        self._stats.inc_value(NO_RESPONSE.format(host=self._host(request), error=type(exception).__name__))

    def _host(self, request: Request) -> str:
        return self._hosts.name(urlparse_cached(request).netloc.lower())
