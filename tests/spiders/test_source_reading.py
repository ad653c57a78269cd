"""From a link of a post to its article, or to what is remembered of an answer that was none."""

from __future__ import annotations

import asyncio
import logging
import zlib
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DownloadTimeoutError, IgnoreRequest
from scrapy.http import HtmlResponse
from scrapy.utils.test import get_crawler
from twisted.python.failure import Failure as TwistedFailure

from forumcrawl.download.redirect import LOOP
from forumcrawl.download.resting import Resting, RestingSitesMiddleware
from forumcrawl.download.retry import AS_WRITTEN, SOURCE
from forumcrawl.frontier.bands import BAND, Band
from forumcrawl.items import Article, Item, Post, SourceLink, UnparsedPage
from forumcrawl.items.forum import Link
from forumcrawl.pages.articles import NotArticle
from forumcrawl.spiders import source_reading
from forumcrawl.spiders.source_reading import SourceReading, is_due, named_links, read_response
from forumcrawl.spiders.source_requests import source_request
from forumcrawl.storage.errors import StorageUnavailable
from tests.pages.articles.golden import body as page_of
from tests.pages.articles.golden import url as url_of

T = TypeVar("T")
URL, KEY = "https://www.ships.example/news/1/a", "https://ships.example/news/1/a"
PARAGRAPHS = (
    "The harbour master counted eleven boats that morning, two more than on any day since the storm closed the river.",
    "Nobody on the quay had heard of the captain, who asked for water and paid for it with coins of another country.",
    "By noon the crew had loaded forty sacks of grain and a piano that belonged to the schoolteacher of an island.",
)
TEXT = "A ship of the northern line came into the harbour at noon and left again before the evening fell. "
NOT_FOUND = "<html><head><title>Page not found</title></head><body><h1>Page not found</h1></body></html>"
GATE = "<html><head><title>Just a moment...</title></head><body><script>_cf_chl_opt = {}</script></body></html>"
WORDS = "<html><head><title>Ships</title></head><body><p>Some few words.</p></body></html>"
STORY = f"""<html lang="en"><head><title>A ship came in</title><meta property="og:type" content="article">
<meta property="article:published_time" content="2024-12-04T16:40:00Z"></head>
<body><article><h1>A ship came in</h1>{"".join(f"<p>{each}</p>" for each in PARAGRAPHS)}</article></body></html>"""
HOUR = timedelta(hours=1)


def a_post(text: str = TEXT * 3, post_id: int = 7, **fields: Any) -> Post:
    said: dict[str, Any] = {"thread_id": 3, "number": 1, "url": "https://forum.example/threads/3/", "html": ""}
    return Post(forum="forum.example", post_id=post_id, text=text, **{**said, **fields})


class StubArchive:
    """What is stored: a post that names the link, links; with `away` the database."""

    def __init__(self, post: Post | None = None, links: Sequence[SourceLink] = (), *, away: bool = False) -> None:
        self.post, self.known, self.away = post, {link.key: link for link in links}, away
        self.asked: list[list[str]] = []
        self.looks = 0

    async def first_post_naming(self, key: str) -> tuple[Post | None, str | None]:
        if self.away:
            raise StorageUnavailable("gone for good")
        self.looks += 1
        return (self.post, "A ship came in") if key == KEY else (None, None)

    async def links(self, keys: list[str]) -> dict[str, SourceLink]:
        self.asked.append(keys)
        return {key: self.known[key] for key in keys if key in self.known}


class Late(StubArchive):
    """The post is durable at the third look only."""

    async def first_post_naming(self, key: str) -> tuple[Post | None, str | None]:
        found = await super().first_post_naming(key)
        return found if self.looks > 2 else (None, None)


class Storage:
    def __init__(self, archive: StubArchive) -> None:
        self.archive = archive


class Reader(SourceReading):
    name = "reader"


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_reading, "_ARRIVING", (0.0, 0.0, 0.0, 0.0))


def reader(archive: StubArchive | None = None, **settings: Any) -> Reader:
    crawler: Crawler = get_crawler(Reader, settings)
    crawler.storage = Storage(archive or StubArchive(a_post()))  # type: ignore[attr-defined]
    spider = crawler._create_spider()
    assert isinstance(spider, Reader)
    return spider


def answer(body: str = STORY, status: int = 200, *, url: str = URL, flags: Sequence[str] = (), **headers: str) -> Any:
    return HtmlResponse(url, status=status, body=body.encode(), headers=headers, flags=list(flags))


def given(output: AsyncIterator[T]) -> list[T]:
    """All that a callback yields."""

    async def collected() -> list[T]:
        return [each async for each in output]

    return asyncio.run(collected())


def read(spider: Reader, response: Any, tries: int = 0, *, named: bool = True) -> list[Any]:
    return given(spider.parse_source(response, link=URL, tries=tries, named=named))


def failed(spider: Reader, error: Exception, tries: int = 0) -> list[Any]:
    failure = TwistedFailure(error)  # type: ignore[no-untyped-call]
    request = source_request(SourceLink(site="ships.example", url=URL, tries=tries, post_ids=["p"]), spider)
    failure.request = request  # type: ignore[attr-defined]
    return given(spider.failed_source(failure))


def link_of(items: list[Item]) -> SourceLink:
    """The link, which comes last: when it is durable all that it leads to is."""
    assert [isinstance(item, SourceLink) for item in items] == [False] * (len(items) - 1) + [True]
    link = items[-1]
    assert isinstance(link, SourceLink)
    assert link.key == KEY
    return link


def in_about(link: SourceLink, gap: timedelta) -> bool:
    assert link.next_try_at is not None
    return abs(link.next_try_at - datetime.now(UTC) - gap) < timedelta(minutes=1)


def counted(spider: Reader, name: str) -> Any:
    assert spider.crawler.stats is not None
    return spider.crawler.stats.get_value(name)


# --- answers -------------------------------------------------------------------------------------------------------


def test_an_article_is_given_before_its_link_which_is_settled() -> None:
    spider = reader()
    article, link = read(spider, answer(), tries=2)
    assert (article.key, article.headline, article.origin, article.outcome) == (
        KEY,
        "A ship came in",
        "source",
        "fetched",
    )
    assert (link.outcome, link.article_id, link.status) == ("fetched", KEY, 200)
    assert (link.tries, link.next_try_at, link.reason) == (3, None, None)
    assert counted(spider, "sources/fetched") == 1


def test_a_link_that_leads_on_is_the_link_that_was_named_and_knows_its_article() -> None:
    article, link = read(reader(), answer(url="https://ships.example/news/2/b"))
    assert link.key == KEY
    assert link.article_id == article.key == "https://ships.example/news/2/b"


@pytest.mark.parametrize(
    ("body", "status", "outcome", "again", "copied"),
    [
        ("", 403, "blocked", HOUR, True),
        ("", 429, "blocked", HOUR, True),
        (GATE, 503, "blocked", HOUR, True),
        (GATE, 200, "blocked", HOUR, True),
        ("", 404, "gone", None, True),
        ("", 410, "gone", None, True),
        (NOT_FOUND, 200, "gone", None, True),
        ("", 500, "failed", HOUR, False),
        ("", 503, "failed", HOUR, False),
        (WORDS, 200, "unparsed", None, False),
    ],
)
def test_an_answer_that_is_no_article_says_when_to_ask_again_and_whether_the_copy_stands_in(
    body: str, status: int, outcome: str, again: timedelta | None, copied: bool
) -> None:
    spider = reader()
    items = read(spider, answer(body, status))
    link = link_of(items)
    assert (link.outcome, link.status, link.tries) == (outcome, status, 1)
    assert link.reason
    assert in_about(link, again) if again else link.next_try_at is None
    copies = [item for item in items if isinstance(item, Article)]
    assert [(each.key, each.origin, each.outcome) for each in copies] == [(KEY, "repost", outcome)] * copied
    assert link.article_id == (KEY if copied else None)
    assert counted(spider, f"sources/{outcome}") == 1


def test_a_start_page_is_no_article_and_settles_the_link() -> None:
    (link,) = read(reader(), answer(STORY, url="https://www.ships.example/"))
    assert (link.outcome, link.next_try_at, link.article_id) == ("not_article", None, None)


def test_an_endless_redirect_is_a_failure_that_may_pass() -> None:
    (link,) = read(reader(), answer("", 302, flags=[LOOP]))
    assert (link.outcome, link.reason) == ("failed", "redirects without end")
    assert in_about(link, HOUR)


def test_a_page_that_stops_before_its_end_is_not_taken_for_the_article() -> None:
    cut = STORY.partition("</article>")[0]
    (link,) = read(reader(), answer(cut))
    assert (link.outcome, link.reason) == ("failed", "the page stops before its end")
    written_so = read(reader(), answer(cut, flags=[AS_WRITTEN]))
    assert link_of(written_so).outcome == "fetched"


def test_a_page_nobody_understands_is_kept_whole_under_its_site() -> None:
    kept, link = read(reader(), answer(WORDS))
    assert isinstance(kept, UnparsedPage)
    assert (kept.site, kept.forum, kept.url) == ("ships.example", None, URL)
    assert zlib.decompress(kept.html).decode() == WORDS
    assert kept.reason == link.reason


@pytest.mark.parametrize(("asked", "gap"), [("7200", 2 * HOUR), ("60", HOUR), ("soon", HOUR)])
def test_a_site_is_not_asked_again_before_it_wants_to_be(asked: str, gap: timedelta) -> None:
    assert in_about(link_of(read(reader(), answer("", 429, **{"Retry-After": asked}))), gap)


def test_a_wish_to_wait_does_not_make_a_settled_link_due() -> None:
    assert link_of(read(reader(), answer("", 410, **{"Retry-After": "60"}))).next_try_at is None


def test_what_is_blocked_is_asked_for_six_times_and_the_copy_stands_in_from_the_first() -> None:
    gaps = [HOUR, 6 * HOUR, 24 * HOUR, 72 * HOUR, 168 * HOUR]
    for tries, gap in enumerate(gaps):
        link = link_of(read(reader(), answer("", 403), tries))
        assert link.tries == tries + 1
        assert in_about(link, gap)
    last = link_of(read(reader(), answer("", 403), len(gaps)))
    assert (last.tries, last.next_try_at, last.article_id) == (6, None, KEY)


# --- no response ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (DownloadTimeoutError("took\nlonger"), "timeout: took longer"),
        (ConnectionRefusedError("refused"), "connection: refused"),
    ],
)
def test_a_failed_download_is_tried_again_and_copied_only_when_given_up(error: Exception, reason: str) -> None:
    spider = reader()
    (link,) = failed(spider, error)
    assert (link.outcome, link.reason, link.status, link.tries) == ("failed", reason, None, 1)
    assert in_about(link, HOUR)
    copy, given_up = failed(spider, error, tries=5)
    assert (copy.origin, copy.outcome, copy.key) == ("repost", "failed", KEY)
    assert (given_up.next_try_at, given_up.article_id, given_up.tries) == (None, KEY, 6)
    assert counted(spider, "sources/failed") == 2


def test_what_robots_txt_forbids_is_blocked() -> None:
    copy, link = failed(reader(), IgnoreRequest("Forbidden by robots.txt"))
    assert (link.outcome, link.reason) == ("blocked", "robots: robots.txt does not allow it")
    assert copy.origin == "repost"
    assert in_about(link, HOUR)


def test_a_link_whose_site_rests_was_not_asked_for_and_stays_as_it_is() -> None:
    spider = reader()
    assert failed(spider, Resting("it failed too often"), tries=4) == []
    assert counted(spider, "sources/pending") == 1


# --- the forum's own copy ------------------------------------------------------------------------------------------


def test_the_copy_is_the_posts_text_under_the_threads_title() -> None:
    copy, _ = read(reader(), answer("", 404))
    assert (copy.headline, copy.text, copy.site) == ("A ship came in", (TEXT * 3).strip(), "ships.example")


def test_a_post_that_is_no_copy_gives_none() -> None:
    (link,) = read(reader(StubArchive(a_post("See this."))), answer("", 404))
    assert (link.outcome, link.article_id) == ("gone", None)


def test_a_post_that_is_stored_only_now_is_waited_for() -> None:
    archive = Late(a_post())
    copy, _ = read(reader(archive), answer("", 404))
    assert copy.origin == "repost"
    assert archive.looks == 3


def test_no_post_is_waited_for_in_vain() -> None:
    archive = StubArchive(None)
    assert link_of(read(reader(archive), answer("", 404))).article_id is None
    assert archive.looks == len(source_reading._ARRIVING)


def test_no_post_is_looked_for_where_none_names_the_link() -> None:
    archive = StubArchive(a_post())
    assert len(read(reader(archive), answer("", 404), named=False)) == 1
    assert archive.looks == 0


def test_a_database_that_stays_away_ends_the_crawl() -> None:
    with pytest.raises(CloseSpider) as caught:
        read(reader(StubArchive(away=True)), answer("", 404))
    assert caught.value.reason == "storage_unavailable"


# --- redesigned pages ----------------------------------------------------------------------------------------------


def test_a_page_that_its_own_class_cannot_read_is_counted_and_told(caplog: pytest.LogCaptureFixture) -> None:
    case = "GenericPage/alarabiya_redesigned"
    spider = reader()
    with caplog.at_level(logging.WARNING, "forumcrawl"):
        items = read(spider, answer(page_of(case).decode(), url=url_of(case)))
    assert [type(item) for item in items] == [Article, SourceLink]
    assert counted(spider, "source_warnings/alarabiya.net") == 1
    assert any("AlArabiyaPage/" in message for message in caplog.messages)


def test_a_mirror_is_read_by_the_class_of_the_site_it_mirrors() -> None:
    case, mirror = "AlArabiyaPage/long", "http://127.0.0.2:8000/a/2024/12/04/b"
    response = answer(page_of(case).decode(), url=mirror)
    now = datetime.now(UTC)
    own, like = (read_response(response, now, classes) for classes in ({}, {"127.0.0.2:8000": "alarabiya.net"}))
    assert own.article is not None
    assert like.article is not None
    assert (own.article.page, like.article.page) == ("GenericPage/1", "AlArabiyaPage/1")


@pytest.mark.parametrize("body", ["", "\0", "<", "<html></html>"])
def test_a_body_that_is_no_page_is_no_article(body: str) -> None:
    assert isinstance(read_response(answer(body), datetime.now(UTC), {}).found, NotArticle)


# --- the links of posts --------------------------------------------------------------------------------------------

CUT = f"https://www.ships.example/news/2024/{'x' * 9}...{'y' * 45}"[:83]


def naming(url: str, post_id: int = 7) -> Post:
    text = f"{TEXT * 3}\nSource: {url}"
    return a_post(text, post_id, links=[Link(url=url, text=url, kind="external")])


def test_posts_that_name_one_article_in_two_forms_name_one_link() -> None:
    (link,) = named_links([naming(URL), naming(f"{KEY}?utm_source=x", post_id=8), a_post(post_id=9)])
    assert (link.key, link.url, link.site, link.outcome) == (KEY, URL, "ships.example", "pending")
    assert link.post_ids == ["forum.example/post/7", "forum.example/post/8"]
    assert in_about(link, timedelta())


def test_a_cut_address_is_a_link_that_nobody_can_ask_for() -> None:
    (link,) = named_links([a_post(f"{TEXT * 3}\nSource: {CUT}")])
    assert (link.url, link.cut, link.outcome, link.next_try_at) == (None, CUT, "unresolved", None)
    assert (link.site, link.tail) == ("ships.example", "y" * 16)


def test_only_links_that_are_due_are_asked_for() -> None:
    now = datetime.now(UTC)

    def known(next_try_at: datetime | None) -> SourceLink:
        return SourceLink(site="a.example", url=URL, outcome="blocked", next_try_at=next_try_at)

    assert is_due(None, now)
    assert is_due(known(now), now)
    assert not is_due(known(now + timedelta(seconds=1)), now)
    assert not is_due(known(None), now)


def sources(spider: Reader, *posts: Post, follow: bool = True) -> tuple[list[SourceLink], list[Request]]:
    outputs = asyncio.run(spider.sources_of(posts, follow=follow))
    return (
        [each for each in outputs if isinstance(each, SourceLink)],
        [each for each in outputs if isinstance(each, Request)],
    )


def test_a_link_is_asked_for_with_what_is_known_of_it() -> None:
    stored = SourceLink(site="ships.example", url=URL, outcome="failed", tries=3, post_ids=["p"])
    stored.next_try_at = datetime.now(UTC) - HOUR
    spider = reader(StubArchive(links=[stored]))
    (link,), (request,) = sources(spider, naming(f"{URL}#top"))
    assert link.tries is None
    assert request.url == URL
    assert request.cb_kwargs == {"link": URL, "tries": 3, "named": True}
    assert (request.callback, request.errback) == (spider.parse_source, spider.failed_source)
    assert (request.meta[BAND], request.meta[SOURCE]) == (Band.SOURCE.label, True)


def test_a_link_that_is_settled_or_waits_is_noted_and_not_asked_for() -> None:
    for next_try_at in (None, datetime.now(UTC) + HOUR):
        stored = SourceLink(site="ships.example", url=URL, outcome="blocked", tries=1, next_try_at=next_try_at)
        links, requests = sources(reader(StubArchive(links=[stored])), naming(URL))
        assert ([link.key for link in links], requests) == ([KEY], [])


def test_a_cut_link_is_not_asked_for() -> None:
    links, requests = sources(reader(), a_post(f"{TEXT * 3}\nSource: {CUT}"))
    assert (len(links), requests) == (1, [])


def test_without_following_nothing_is_asked_of_the_archive() -> None:
    archive = StubArchive()
    links, requests = sources(reader(archive), naming(URL), follow=False)
    assert (len(links), requests, archive.asked) == (1, [], [])


def test_a_site_that_yields_too_rarely_what_it_promises_is_warned_about(caplog: pytest.LogCaptureFixture) -> None:
    spider = reader()
    undated = STORY.replace('<meta property="article:published_time" content="2024-12-04T16:40:00Z">', "")
    for page in [STORY] * 7 + [undated] * 3:
        read(spider, answer(page))
    with caplog.at_level(logging.WARNING):
        asyncio.run(spider.crawler.signals.send_catch_log_async(signals.spider_closed))
    stats = spider.crawler.stats.get_stats() if spider.crawler.stats else {}
    assert stats["source_read/ships.example"] == 10
    assert stats["source_lacking/ships.example/published_at"] == 3
    assert stats["source_below/ships.example/published_at"] == 0.7
    assert "only 70 % of its articles have published_at" in caplog.text


def test_no_request_is_made_for_a_site_that_rests() -> None:
    spider = reader()
    middleware = RestingSitesMiddleware.from_crawler(spider.crawler)
    post = a_post(f"{TEXT}Source: {URL}", links=[Link(url=URL, text=URL, kind="external")])
    outputs = asyncio.run(spider.sources_of([post], follow=True))
    assert [type(each) for each in outputs] == [SourceLink, Request]
    request = outputs[1]
    assert isinstance(request, Request)
    for _ in range(3):
        middleware.process_exception(request, DownloadTimeoutError())
    assert [type(each) for each in asyncio.run(spider.sources_of([post], follow=True))] == [SourceLink]
    assert spider.crawler.stats is not None
    assert spider.crawler.stats.get_value("sources/pending") == 1
