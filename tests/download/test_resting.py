"""Which sites rest, and who may go on asking."""

from __future__ import annotations

import logging

import pytest
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadTimeoutError, IgnoreRequest
from scrapy.http import Response

from forumcrawl.download.resting import Resting, RestingSitesMiddleware
from forumcrawl.download.retry import SOURCE

SITE = "https://www.source.example"
FORUM = "https://forum.example"


@pytest.fixture
def sites() -> RestingSitesMiddleware:
    return RestingSitesMiddleware.from_crawler(Crawler(Spider))


def source(url: str = f"{SITE}/a") -> Request:
    return Request(url, meta={SOURCE: True})


def answer(sites: RestingSitesMiddleware, *statuses: int, to: Request | None = None) -> None:
    request = to or source()
    for status in statuses:
        response = Response(request.url, status=status)
        assert sites.process_response(request, response) is response


def fail(sites: RestingSitesMiddleware, error: Exception, times: int = 1) -> None:
    for _ in range(times):
        sites.process_exception(source(), error)


def rests(sites: RestingSitesMiddleware, request: Request | None = None) -> bool:
    try:
        sites.process_request(request or source())
    except Resting:
        return True
    return False


def test_a_site_rests_after_three_failures_in_a_row_and_says_so_once(
    sites: RestingSitesMiddleware, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        fail(sites, DownloadTimeoutError())
        answer(sites, 500)
        assert not rests(sites)
        fail(sites, ConnectionRefusedError())
        assert rests(sites)
        fail(sites, DownloadTimeoutError(), 3)
    assert [record.getMessage() for record in caplog.records] == [
        "source.example fails: left alone for the rest of this run, its links stay due"
    ]


def test_an_answer_in_between_counts_the_failures_anew(sites: RestingSitesMiddleware) -> None:
    answer(sites, 500, 500, 200, 500, 500)
    assert not rests(sites)
    answer(sites, 500)
    assert rests(sites)


@pytest.mark.parametrize("status", [429, 503])
def test_a_site_that_asks_to_be_left_alone_rests_at_once(sites: RestingSitesMiddleware, status: int) -> None:
    answer(sites, status)
    assert rests(sites)


@pytest.mark.parametrize("status", [404, 410])
def test_an_article_that_is_gone_is_no_failure_of_its_site(sites: RestingSitesMiddleware, status: int) -> None:
    answer(sites, *[status] * 5)
    assert not rests(sites)


@pytest.mark.parametrize("status", [401, 403, 451])
def test_a_site_that_refuses_everything_rests(sites: RestingSitesMiddleware, status: int) -> None:
    answer(sites, *[status] * 3)
    assert rests(sites)


def test_an_answer_that_was_under_way_does_not_end_the_rest(sites: RestingSitesMiddleware) -> None:
    answer(sites, 429, 200)
    assert rests(sites)


def test_what_was_not_asked_is_no_failure(sites: RestingSitesMiddleware) -> None:
    fail(sites, IgnoreRequest("Forbidden by robots.txt"), 3)
    fail(sites, Resting(), 3)
    assert not rests(sites)


def test_the_forms_of_a_host_are_one_site_and_other_sites_are_not_concerned(sites: RestingSitesMiddleware) -> None:
    answer(sites, 429)
    assert rests(sites, source("https://m.source.example/b"))
    assert not rests(sites, source("https://other.example/a"))


def test_requests_of_the_forum_pass_and_tell_nothing(sites: RestingSitesMiddleware) -> None:
    thread = Request(f"{FORUM}/threads/a.1/")
    answer(sites, 429, 503, 500, 500, 500, to=thread)
    for _ in range(3):
        sites.process_exception(thread, DownloadTimeoutError())
    assert not rests(sites, thread)
    assert not rests(sites, source(f"{FORUM}/threads/a.1/"))
    answer(sites, 429)
    assert not rests(sites, Request(f"{SITE}/a"))


def test_robots_txt_of_a_source_is_not_waited_for_as_that_of_the_forum_is(sites: RestingSitesMiddleware) -> None:
    sites.process_request(source())
    sites.process_request(Request(f"{FORUM}/"))
    of_source, of_forum = (Request(f"{each}/robots.txt", meta={"dont_obey_robotstxt": True}) for each in (SITE, FORUM))
    sites.process_request(of_source)
    sites.process_request(of_forum)
    assert (of_source.meta["max_retry_times"], of_source.meta["download_timeout"]) == (1, 15)
    assert of_forum.meta == {"dont_obey_robotstxt": True}
