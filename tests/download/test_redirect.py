"""Redirects stay in the forum, and an endless one ends."""

from __future__ import annotations

import pytest
from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from forumcrawl.download.fingerprint import IDENTITY
from forumcrawl.download.redirect import FORUM, LOOP, ForumRedirectMiddleware, RedirectedOut
from forumcrawl.download.retry import unredirected

KEY, URL = "forum.example/f", "https://forum.example/f/threads/old.7/"


@pytest.fixture
def redirects() -> ForumRedirectMiddleware:
    crawler = get_crawler(Spider, {"REDIRECT_MAX_TIMES": 3})
    crawler.spider = Spider("forum")
    return ForumRedirectMiddleware.from_crawler(crawler)


def asked(url: str = URL, **meta: object) -> Request:
    return Request(url, headers={"Referer": "https://forum.example/f/"}, meta={FORUM: KEY, IDENTITY: "x", **meta})


def to(location: str, request: Request, status: int = 301) -> Response:
    return Response(request.url, status=status, headers={"Location": location}, request=request)


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/f/threads/new.7/", "https://forum.example/f/threads/new.7/"),
        ("http://www.forum.example/f/threads/new.7/", "http://www.forum.example/f/threads/new.7/"),
        ("../new.7/page-2", "https://forum.example/f/threads/new.7/page-2"),
        ("//forum.example/f/", "https://forum.example/f/"),
    ],
)
def test_inside_the_forum_it_is_followed(redirects: ForumRedirectMiddleware, location: str, url: str) -> None:
    request = asked()
    followed = redirects.process_response(request, to(location, request))
    assert isinstance(followed, Request)
    assert followed.url == url
    assert followed.dont_filter  # it has the identity of what was asked for, which is already known
    assert followed.meta[IDENTITY] == "x"
    assert followed.headers["Referer"] == b"https://forum.example/f/"
    assert not request.dont_filter


@pytest.mark.parametrize(
    "location",
    [
        "http://other.invalid/f/threads/7/",
        "https://forum.example/blog/",
        "https://forum.example/ff/",
        "https://forum.example.evil.invalid/f/",
        "https://sub.forum.example/f/",
        "https://forum.example:8443/f/",
    ],
)
def test_out_of_the_forum_it_is_not(redirects: ForumRedirectMiddleware, location: str) -> None:
    request = asked()
    with pytest.raises(RedirectedOut) as caught:
        redirects.process_response(request, to(location, request))
    assert str(caught.value) == location


def test_a_request_that_names_no_forum_may_go_anywhere(redirects: ForumRedirectMiddleware) -> None:
    request = Request("http://forum.example/")
    followed = redirects.process_response(request, to("https://www.other.example/f/", request))
    assert isinstance(followed, Request)
    assert followed.url == "https://www.other.example/f/"


def test_an_endless_redirect_gives_its_last_response_flagged(redirects: ForumRedirectMiddleware) -> None:
    request, hops = asked(retry_times=1), 0
    while True:
        response = to(f"/f/loop/{hops}", request, 302)
        followed = redirects.process_response(request, response)
        if not isinstance(followed, Request):
            break
        request, hops = followed, hops + 1
        assert hops < 10
    assert hops == 3
    assert followed is response
    assert followed.flags == [LOOP]
    again = unredirected(request)
    assert again.url == URL
    assert again.meta == {FORUM: KEY, IDENTITY: "x", "retry_times": 1}


def test_a_page_without_a_location_is_no_redirect(redirects: ForumRedirectMiddleware) -> None:
    request = asked()
    for response in (Response(URL, status=302), Response(URL, status=200, headers={"Location": "/f/"})):
        assert redirects.process_response(request, response) is response


def test_a_request_that_was_not_redirected_stays_as_it_is() -> None:
    request = asked()
    assert unredirected(request) is request
