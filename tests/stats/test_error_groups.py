"""Errors in groups, of one worker and of several."""

from __future__ import annotations

import zlib
from typing import Any

import pytest
from scrapy import Request, Spider
from scrapy.http import HtmlResponse
from scrapy.utils.test import get_crawler
from twisted.python.failure import Failure as TwistedFailure

from forumcrawl.download.refusal import SCREENSHOT
from forumcrawl.items import Failure, Post, Rejected, SourceLink
from forumcrawl.items.run import ErrorGroup
from forumcrawl.stats.error_groups import _GROUPS, ErrorGroups
from forumcrawl.stats.errors import merged_groups
from forumcrawl.text.numbers import parse_count
from tests.items.samples import NOON

URL = "https://forum.example/threads/1/"
SPIDER = Spider("forum")


@pytest.fixture
def groups() -> ErrorGroups:
    crawler = get_crawler()
    crawler.run_id = "r1"  # type: ignore[attr-defined]
    return ErrorGroups.from_crawler(crawler)


class Callbacks:
    def parse_thread(self) -> None:
        """The callback that pages are for."""


def page(body: bytes = b"<html>broken</html>", **meta: Any) -> HtmlResponse:
    request = Request(URL, callback=Callbacks().parse_thread, meta=meta)  # type: ignore[arg-type]
    return HtmlResponse(URL, body=body, request=request)


def raised(text: Any) -> TwistedFailure:
    """The failure of a function of this package."""
    try:
        parse_count(text)
    except Exception as error:
        return TwistedFailure(error)  # type: ignore[no-untyped-call]
    raise AssertionError


def test_the_first_error_of_a_kind_keeps_its_page_and_traceback(groups: ErrorGroups) -> None:
    for body in (b"<html>first</html>", b"<html>second</html>"):
        groups.spider_error(raised(7), page(body), SPIDER)
    (group,) = groups.changed()
    assert (group.kind, group.count, group.host, group.url) == ("TypeError", 2, "forum.example", URL)
    assert group.place == "forumcrawl.text.numbers.parse_count"
    assert group.html is not None
    assert zlib.decompress(group.html) == b"<html>first</html>"
    assert "parse_count" in (group.traceback or "")
    assert group.first_at <= group.last_at


def test_a_screenshot_is_kept_where_a_browser_took_one(groups: ErrorGroups) -> None:
    groups.spider_error(raised(7), page(**{SCREENSHOT: b"PNG"}), SPIDER)
    assert [group.screenshot for group in groups.changed()] == [b"PNG"]


def test_what_a_page_did_not_yield_is_grouped_by_outcome_and_callback(groups: ErrorGroups) -> None:
    gone = Failure(forum="forum.example", url=URL, outcome="http_error", status=503, reason="HTTP 503")
    groups.item_scraped(gone, page(), SPIDER)
    groups.item_scraped(Failure(forum="forum.example", url=URL, outcome="timeout", reason="30 s"), None, SPIDER)
    rejected = Rejected(
        forum="forum.example", url=URL, item={"_id": "a"}, type="posts", field="number", reason="is text"
    )
    groups.item_scraped(rejected, page(), SPIDER)
    groups.item_scraped(SourceLink(site="news.example", url="https://news.example/a", outcome="blocked"), None, SPIDER)
    assert [(group.kind, group.place, group.host, group.message) for group in groups.changed()] == [
        ("http_error 503", "parse_thread", "forum.example", "HTTP 503"),
        ("timeout", "download", "forum.example", "30 s"),
        ("rejected", "posts.number", "forum.example", "is text"),
        ("source_blocked", "download", "news.example", ""),
    ]


def test_what_is_fine_is_no_error(groups: ErrorGroups) -> None:
    groups.item_scraped(Post(forum="forum.example", post_id=1, thread_id=1), page(), SPIDER)
    groups.item_scraped(SourceLink(site="news.example", url="https://news.example/a", outcome="fetched"), None, SPIDER)
    assert groups.changed() == []


def test_only_what_changed_is_told_again_unless_it_could_not_be_stored(groups: ErrorGroups) -> None:
    groups.spider_error(raised(7), page(), SPIDER)
    told = groups.changed()
    assert groups.changed() == []
    groups.keep(told)
    assert groups.changed() == told


def test_the_number_of_groups_is_bounded(groups: ErrorGroups) -> None:
    for number in range(_GROUPS + 50):
        failed = Failure(forum="f", url=f"https://h{number}.example/", outcome="timeout")
        groups.item_scraped(failed, None, SPIDER)
    found = groups.changed()
    assert len(found) == _GROUPS + 1
    assert found[-1].count == 50


def test_the_groups_of_several_workers_are_one() -> None:
    known: dict[str, Any] = {"run": "r", "kind": "timeout", "place": "download", "host": "h", "last_at": NOON}
    late = ErrorGroup(**known, worker="w1", count=2, first_at=NOON.replace(hour=13), message="late")
    early = ErrorGroup(**known, worker="w2", count=3, first_at=NOON, message="early")
    (merged,) = merged_groups([late, early])
    assert (merged.count, merged.message, merged.first_at) == (5, "early", NOON)
    assert merged.keys == (early.key, late.key)
