"""The sources spider: all links that are due, and nothing else."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import CloseSpider
from scrapy.utils.test import get_crawler

from forumcrawl.items import SourceLink
from forumcrawl.spiders.sources import SourcesSpider
from forumcrawl.storage.errors import StorageUnavailable
from tests.e2e.crawling import Site

LINKS = [
    SourceLink(site="a.example", url="https://a.example/1", outcome="pending", post_ids=["p"]),
    SourceLink(site="a.example", cut="https://a.example/x...y", outcome="unresolved", post_ids=["p"]),
    SourceLink(site="b.example", url="https://b.example/2", outcome="blocked", tries=2, post_ids=["p"]),
]


class StubArchive:
    """Gives its links; then the database goes away where `away` says so."""

    def __init__(self, *, away: bool = False) -> None:
        self.away = away
        self.sites: list[str | None] = []

    async def links_due(self, now: datetime, site: str | None = None) -> AsyncIterator[SourceLink]:
        self.sites.append(site)
        for link in LINKS:
            yield link
        if self.away:
            raise StorageUnavailable("gone for good")


class Storage:
    def __init__(self, archive: StubArchive) -> None:
        self.archive = archive


def started(archive: StubArchive, **arguments: Any) -> list[Request]:
    """What a spider with these arguments asks for at its start."""
    crawler = get_crawler(SourcesSpider)
    crawler.storage = Storage(archive)  # type: ignore[attr-defined]
    spider = SourcesSpider.from_crawler(crawler, **arguments)

    async def requests() -> list[Request]:
        return [each async for each in spider.start()]

    return asyncio.run(requests())


def test_each_due_link_with_an_address_is_asked_for_with_its_tries() -> None:
    requests = started(StubArchive())
    assert [each.url for each in requests] == ["https://a.example/1", "https://b.example/2"]
    assert [each.cb_kwargs["tries"] for each in requests] == [0, 2]


def test_only_the_links_of_the_site_that_was_named_are_looked_for() -> None:
    archive = StubArchive()
    started(archive, site="www.a.example")
    assert archive.sites == ["a.example"]


def test_a_database_that_stays_away_ends_the_crawl_as_unfinished() -> None:
    with pytest.raises(CloseSpider) as caught:
        started(StubArchive(away=True))
    assert caught.value.reason == "storage_unavailable"


def test_a_crawl_with_nothing_due_is_finished_at_once(site: Site) -> None:
    before = time.monotonic()
    assert site.crawl("", spider="sources") == 0, site.log()
    assert time.monotonic() - before < 20
    assert "Ended (finished)" in site.log()
    assert site.database["links"].count_documents({}) == 0
