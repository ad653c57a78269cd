"""The Al Arabiya spider: what its lists lead to, and what it says when they lead nowhere."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import HtmlResponse, TextResponse, XmlResponse
from scrapy.utils.test import get_crawler
from twisted.python.failure import Failure as TwistedFailure

from forumcrawl.download.retry import SOURCE
from forumcrawl.items import Article, SourceLink
from forumcrawl.spiders.alarabiya import AlArabiyaSpider

T = TypeVar("T")
SITE = "https://www.alarabiya.net"
DAY = "2024/12/04"


class StubArchive:
    """What is stored of articles (their origins) and links."""

    def __init__(self, origins: Mapping[str, str] = {}, links: Mapping[str, SourceLink] = {}) -> None:
        self.origins, self.known = origins, links

    async def articles(self, keys: list[str]) -> dict[str, str]:
        return {key: self.origins[key] for key in keys if key in self.origins}

    async def links(self, keys: list[str]) -> dict[str, SourceLink]:
        return {key: self.known[key] for key in keys if key in self.known}


class Storage:
    def __init__(self, archive: StubArchive) -> None:
        self.archive = archive


def spider_of(archive: StubArchive | None = None, **arguments: Any) -> AlArabiyaSpider:
    crawler = get_crawler(AlArabiyaSpider)
    crawler.storage = Storage(archive or StubArchive())  # type: ignore[attr-defined]
    return AlArabiyaSpider.from_crawler(crawler, **arguments)


def given(output: AsyncIterator[T]) -> list[T]:
    async def collected() -> list[T]:
        return [each async for each in output]

    return asyncio.run(collected())


def feed(*paths: str, status: int = 200) -> TextResponse:
    items = "".join(f"<item><link>{SITE}{path}</link><pubDate>{path[3:13]}</pubDate></item>" for path in paths)
    body = f"<rss><channel>{items}</channel></rss>".encode()
    return XmlResponse(f"{SITE}/feed/rss2/ar.xml", status=status, body=body, request=Request(SITE))


def section(*paths: str, status: int = 200) -> HtmlResponse:
    links = "".join(f'<a href="{path}">x</a>' for path in paths)
    return HtmlResponse(f"{SITE}/", status=status, body=links.encode(), request=Request(SITE))


def urls(output: list[Any]) -> list[str]:
    """Addresses that are asked for, without the site."""
    return [each.url.removeprefix(SITE) for each in output if isinstance(each, Request)]


def test_the_start_page_and_its_feeds_are_read() -> None:
    requests = given(spider_of().start())
    assert urls(requests) == ["/feed/rss2/ar.xml", "/.mrss/ar.xml", "/"]
    assert all(each.meta[SOURCE] for each in requests)


def test_sections_are_read_in_their_place() -> None:
    assert urls(given(spider_of(section="arab-and-world/syria,sport", url=f"{SITE}/").start())) == [
        "/feed/rss2/ar/arab-and-world/syria.xml",
        "/.mrss/ar/arab-and-world/syria.xml",
        "/arab-and-world/syria/",
        "/feed/rss2/ar/sport.xml",
        "/.mrss/ar/sport.xml",
        "/sport/",
    ]


def test_articles_of_a_feed_are_stored_before_their_pages_are_asked_for() -> None:
    output = given(spider_of().parse_feed(feed(f"/a/{DAY}/one", f"/a/{DAY}/two")))
    assert [type(each) for each in output] == [Article, Article, Request, Request]
    assert urls(output) == [f"/a/{DAY}/one", f"/a/{DAY}/two"]
    (kwargs, _) = [each.cb_kwargs for each in output if isinstance(each, Request)]
    assert kwargs == {"link": f"{SITE}/a/{DAY}/one", "tries": 0, "named": False}


def test_articles_of_a_section_page_are_asked_for() -> None:
    output = given(spider_of().parse_section(section(f"/a/{DAY}/one", "/about", f"https://other.example/{DAY}/x")))
    assert (len(output), urls(output)) == (1, [f"/a/{DAY}/one"])


def test_what_was_published_before_the_day_is_left_out_of_both() -> None:
    spider = spider_of(since="2024-12-04")
    old, new = "/a/2024/12/03/old", "/a/2024/12/04/new"
    assert urls(given(spider.parse_feed(feed(old, new)))) == [new]
    assert urls(given(spider.parse_section(section(old, new)))) == [new]


def test_a_page_that_was_read_is_not_asked_for_again() -> None:
    keys = [f"https://alarabiya.net/a/{DAY}/{name}" for name in ("read", "told", "blocked", "waits", "due")]
    now = datetime.now(UTC)
    links = {
        key: SourceLink(site="alarabiya.net", url=key, outcome="blocked", tries=2, next_try_at=when, post_ids=["p"])
        for key, when in zip(keys[2:], (None, now + timedelta(hours=1), now - timedelta(hours=1)), strict=True)
    }
    spider = spider_of(StubArchive({keys[0]: "source", keys[1]: "feed"}, links))
    output = given(spider.parse_section(section(*(key.removeprefix("https://alarabiya.net") for key in keys))))
    assert [each.cb_kwargs["link"].rpartition("/")[2] for each in output if isinstance(each, Request)] == [
        "told",
        "due",
    ]
    assert [each.cb_kwargs["tries"] for each in output if isinstance(each, Request)] == [0, 2]


@pytest.mark.parametrize("status", [200, 403, 404])
def test_a_list_that_names_nothing_is_told(status: int, caplog: pytest.LogCaptureFixture) -> None:
    spider = spider_of()
    with caplog.at_level(logging.WARNING):
        assert given(spider.parse_feed(feed(status=status))) == []
        assert given(spider.parse_section(section("/about", status=status))) == []
        spider.closed("finished")
    assert [f"HTTP {status}" in message for message in caplog.messages] == [True, True, False]
    assert caplog.messages[-1] == f"Neither a feed nor a page of {SITE} named an article"


def test_one_list_that_names_something_is_enough(caplog: pytest.LogCaptureFixture) -> None:
    spider = spider_of()
    given(spider.parse_section(section(f"/a/{DAY}/one")))
    given(spider.parse_feed(feed()))
    caplog.clear()
    spider.closed("finished")
    assert caplog.messages == []


def test_a_worker_that_read_no_list_says_nothing_of_them(caplog: pytest.LogCaptureFixture) -> None:
    spider_of().closed("finished")
    assert caplog.messages == []


def test_a_list_without_a_response_is_told(caplog: pytest.LogCaptureFixture) -> None:
    spider = spider_of()
    error = TwistedFailure(DownloadTimeoutError("too slow"))  # type: ignore[no-untyped-call]
    error.request = Request(f"{SITE}/")  # type: ignore[attr-defined]
    assert list(spider.failed_list(error)) == []
    spider.closed("finished")
    assert caplog.messages[0] == f"timeout: {SITE}/: too slow"
    assert len(caplog.messages) == 2
