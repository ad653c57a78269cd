"""The sources spider: asks for the articles behind links that are pending, and again for those that are due."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from forumcrawl.spiders.arguments import SourcesArguments, sources_arguments
from forumcrawl.spiders.source_reading import SourceReading
from forumcrawl.spiders.source_requests import source_request


class SourcesSpider(SourceReading):
    """`scrapy crawl sources [-a site=HOST] [-a job=ID]`; the arguments are those of `SourcesArguments`."""

    name = "sources"

    def __init__(self, crawler: Crawler, **arguments: Any) -> None:
        super().__init__()
        self._set_crawler(crawler)
        self.arguments: SourcesArguments = sources_arguments(arguments)
        self.job, self.scope = self.arguments.job, self.arguments.scope

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> SourcesSpider:
        return cls(crawler, **kwargs)

    @classmethod
    def check(cls, settings: BaseSettings, arguments: dict[str, str]) -> SourcesArguments:
        """The arguments as they are understood. Raises ArgumentError for those that cannot be used."""
        return sources_arguments(arguments)

    async def start(self) -> AsyncIterator[Request]:
        with self.needing_storage():
            async for link in self.archive.links_due(datetime.now(UTC), self.arguments.site):
                if link.url:
                    yield source_request(link, self)
        if self.arguments.site is None:
            async for request in self.pictures_due(None):
                yield request
