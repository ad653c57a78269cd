"""Scrapy's download of http and https addresses, without tries that nobody knows of."""

from __future__ import annotations

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler


class KnownTriesHandler(HTTP11DownloadHandler):
    """Twisted asks again by itself where a connection that was kept ends without an answer.

    Such a request has no turn of its host, no back-off and no count; the retry middleware gives it all of these.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool.retryAutomatically = False
