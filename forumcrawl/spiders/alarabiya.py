"""The Al Arabiya spider: its feeds and section pages, so that articles are known even where a forum's link is dead."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure as TwistedFailure

from forumcrawl.download.failure import outcome_of
from forumcrawl.download.fingerprint import IDENTITY
from forumcrawl.download.private import SHOWN_BY
from forumcrawl.download.retry import SOURCE
from forumcrawl.frontier.bands import BAND, Band
from forumcrawl.items import Item, SourceLink
from forumcrawl.pages.articles.feed import day_of, linked_articles, read_feed
from forumcrawl.spiders.arguments import AlArabiyaArguments, alarabiya_arguments
from forumcrawl.spiders.source_reading import SourceReading, is_due
from forumcrawl.spiders.source_requests import source_request
from forumcrawl.stats.names import PAGES, SOURCES
from forumcrawl.text.addresses import site_of

FEEDS = ("/feed/rss2/ar{section}.xml", "/.mrss/ar{section}.xml")
"""Paths of feeds, as other programs ask for them; `section` is empty or "/" and a section's name."""


class AlArabiyaSpider(SourceReading):
    """`scrapy crawl alarabiya [-a section=NAME,NAME] [-a since=YYYY-MM-DD] [-a url=URL] [-a job=ID]`."""

    name = "alarabiya"

    def __init__(self, crawler: Crawler, **arguments: Any) -> None:
        super().__init__()
        self._set_crawler(crawler)
        self.arguments = alarabiya_arguments(arguments)
        self.job, self.scope = self.arguments.job, self.arguments.scope
        self._listed: int | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> AlArabiyaSpider:
        return cls(crawler, **kwargs)

    @classmethod
    def check(cls, settings: BaseSettings, arguments: dict[str, str]) -> AlArabiyaArguments:
        """The arguments as they are understood. Raises ArgumentError for those that cannot be used."""
        return alarabiya_arguments(arguments)

    async def start(self) -> AsyncIterator[Request]:
        base = self.arguments.url.rstrip("/")
        for section in self.arguments.sections or ("",):
            part = f"/{section}" if section else ""
            for feed in FEEDS:
                yield self._list_request(base + feed.format(section=part), self.parse_feed)
            yield self._list_request(f"{base}{part}/", self.parse_section)

    async def parse_feed(self, response: Response) -> AsyncIterator[Item | Request]:
        """The articles of a feed are stored as it tells them, and their own pages asked for."""
        articles = read_feed(response.body, response.url) if response.status == 200 else []
        self._read("feed", response, len(articles))
        fresh = [article for article in articles if self._in_time(article.published_at)]
        for article in fresh:
            yield article
        async for request in self._requests((article.url or "" for article in fresh), response.url):
            yield request

    async def parse_section(self, response: Response) -> AsyncIterator[Item | Request]:
        """The articles that a section's page links."""
        links = linked_articles(response.body, response.url) if response.status == 200 else []
        self._read("section", response, len(links))
        async for request in self._requests((url for url in links if self._in_time(day_of(url))), response.url):
            yield request

    def failed_list(self, error: TwistedFailure) -> Iterable[Item]:
        """A feed or section page that got no response."""
        outcome, reason = outcome_of(error)
        self.logger.warning("%s: %s: %s", outcome, error.request.url, reason)  # type: ignore[attr-defined]
        self._listed = self._listed or 0
        self._count(SOURCES.format(outcome="list_failed"))
        return ()

    def closed(self, reason: str) -> None:
        """Nothing in all lists that were asked for is the sign of a site that refuses or was redesigned."""
        if reason == "finished" and self._listed == 0:
            self.logger.warning("Neither a feed nor a page of %s named an article", self.arguments.url)

    def _list_request(self, url: str, callback: Any) -> Request:
        meta = {IDENTITY: f"list/{url}", BAND: Band.LISTING.label, SOURCE: True, SHOWN_BY: url, "max_retry_times": 1}
        return Request(url, callback, errback=self.failed_list, meta=meta)

    async def _requests(self, urls: Iterable[str], listed_by: str) -> AsyncIterator[Request]:
        """For articles of the site that were not read from their own page yet, and whose link is due if it is known."""
        links = [SourceLink(site=site_of(url), url=url) for url in urls if site_of(url) == site_of(listed_by)]
        keys, now = [link.key for link in links], datetime.now(UTC)
        origins, known = await self.ask(self.archive.articles(keys)), await self.ask(self.archive.links(keys))
        for link in links:
            if origins.get(link.key) != "source" and is_due(known.get(link.key), now):
                yield source_request(known.get(link.key, link), self, listed_by)

    def _in_time(self, moment: datetime | None) -> bool:
        since = self.arguments.since
        return since is None or moment is None or moment >= since

    def _read(self, kind: str, response: Response, found: int) -> None:
        self._listed = (self._listed or 0) + found
        self._count(PAGES.format(kind=kind))
        if response.status != 200 or not found:
            self.logger.warning("No articles in %s (HTTP %d)", response.url, response.status)
