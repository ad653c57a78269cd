"""A source site that fails is left alone for the rest of the run; the crawl of the forum does not wait for it."""

from __future__ import annotations

import logging

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from forumcrawl.download.refusal import refused
from forumcrawl.download.retry import ASKED_TO_WAIT, SOURCE
from forumcrawl.text.addresses import site_of

logger = logging.getLogger(__name__)

_PATIENCE = 3
"""Failures in a row after which a site rests."""
_TIMEOUT = 15  # seconds; set here, since a request that travels through the frontier does not keep its own
_ROBOTS = {"max_retry_times": 1, "download_timeout": _TIMEOUT}
"""For the robots.txt of a source site, whose articles are not waited for either."""
_GONE = (404, 410)


class Resting(IgnoreRequest):
    """The site failed too often in this run to be asked again."""


class RestingSitesMiddleware:
    """Farthest from the downloader: it sees only what came of all tries, and asks before robots.txt is fetched.

    A site rests after three failures in a row, and at once where it asks to be left alone (429, 503): its links are
    due again later. Requests of the forum pass.
    """

    def __init__(self) -> None:
        self._failures: dict[str, int] = {}
        self._hosts: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RestingSitesMiddleware:
        middleware = cls()
        crawler.resting = middleware  # type: ignore[attr-defined]
        return middleware

    def rests(self, url: str) -> bool:
        """Whether the site of an address is left alone, so that there is no use in asking for it in this run."""
        return self._failures.get(site_of(url), 0) >= _PATIENCE

    def process_request(self, request: Request) -> None:
        """Raises Resting for a request to a site that rests."""
        host = urlparse_cached(request).netloc
        if request.meta.get("dont_obey_robotstxt") and host in self._hosts:
            request.meta.update(_ROBOTS)
        if not request.meta.get(SOURCE):
            return
        self._hosts.add(host)
        request.meta["download_timeout"] = _TIMEOUT
        if self.rests(request.url):
            raise Resting(f"{site_of(request.url)} failed and is left alone for the rest of this run")

    def process_response(self, request: Request, response: Response) -> Response:
        if request.meta.get(SOURCE):
            failed = refused(response) or (response.status >= 400 and response.status not in _GONE)
            self._note(request, _PATIENCE if response.status in ASKED_TO_WAIT else int(bool(failed)))
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        if request.meta.get(SOURCE) and not isinstance(exception, IgnoreRequest):
            self._note(request, 1)

    def _note(self, request: Request, failures: int) -> None:
        site = site_of(request.url)
        before = self._failures.get(site, 0)
        if before >= _PATIENCE:  # an answer that was still under way does not end the rest
            return
        self._failures[site] = before + failures if failures else 0
        if self._failures[site] >= _PATIENCE:
            logger.warning("%s fails: left alone for the rest of this run, its links stay due", site)
