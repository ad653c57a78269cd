"""Requests: one a page of the forum, whatever slug it is reached by, with the numbered address XenForo answers to."""

from __future__ import annotations

from typing import Any

import pytest
from scrapy import Request

from forumcrawl.download.fingerprint import IdentityFingerprinter
from forumcrawl.download.redirect import FORUM
from forumcrawl.spiders.requests import INDEX, LIST, MEMBER, START, THREAD, Requests, numbered

ORIGIN = "https://forum.example"
KEY = "forum.example"


class Callbacks:
    """Stands for the spider: requests only name its methods."""

    def parse_page(self, response: Any) -> None: ...
    def parse_list(self, response: Any) -> None: ...
    def parse_thread(self, response: Any) -> None: ...
    def failed(self, error: Any) -> None: ...


CALLBACKS = Callbacks()
REQUESTS = Requests(KEY, CALLBACKS)


def same(one: Request, other: Request) -> bool:
    fingerprinter = IdentityFingerprinter()
    return fingerprinter.fingerprint(one) == fingerprinter.fingerprint(other)


@pytest.mark.parametrize(
    ("url", "second"),
    [
        (f"{ORIGIN}/threads/a.7/", f"{ORIGIN}/threads/a.7/page-2"),
        (f"{ORIGIN}/threads/7/", f"{ORIGIN}/threads/7/page-2"),
        (f"{ORIGIN}/threads/a.7", f"{ORIGIN}/threads/a.7/page-2"),
        (f"{ORIGIN}/t/%D8%A7.7/", f"{ORIGIN}/t/%D8%A7.7/page-2"),
        (f"{ORIGIN}/index.php?threads/a.7/", f"{ORIGIN}/index.php?threads/a.7/page-2"),
        (f"{ORIGIN}/f/index.php?threads/7/", f"{ORIGIN}/f/index.php?threads/7/page-2"),
    ],
)
def test_numbered_addresses(url: str, second: str) -> None:
    assert numbered(url, 2) == second
    assert numbered(url, 1) == url
    assert REQUESTS.thread(url, 7, 2).url == second
    assert REQUESTS.board(url, 7, 2).url == second


def test_a_thread_under_two_slugs_is_one_request() -> None:
    old, new = f"{ORIGIN}/threads/old.7/", f"{ORIGIN}/index.php?threads/new.7/"
    assert same(REQUESTS.thread(old, 7), REQUESTS.thread(new, 7))
    assert same(REQUESTS.thread(old, 7, 3), REQUESTS.thread(new, 7, 3, entry=True, replies=4))


def test_different_pages_are_different_requests() -> None:
    url = f"{ORIGIN}/x.7/"
    different = [
        REQUESTS.thread(url, 7),
        REQUESTS.thread(url, 7, 2),
        REQUESTS.thread(url, 8),
        REQUESTS.board(url, 7),
        REQUESTS.board(url, 7, 2),
        REQUESTS.board(url, 7, discover=True),
        REQUESTS.member(url, 7),
        REQUESTS.nodes(url, 7),
        Requests("forum.example/base", CALLBACKS).thread(url, 7),
        Request(url),
    ]
    prints = {IdentityFingerprinter().fingerprint(each) for each in different}
    assert len(prints) == len(different)


def test_callbacks_learn_what_the_request_is_for() -> None:
    thread = REQUESTS.thread(f"{ORIGIN}/threads/a.7/", 7, 2, entry=True, replies=30, last_post=5)
    assert thread.cb_kwargs == {"thread_id": 7, "number": 2, "entry": 1, "replies": 30, "last_post": 5}
    assert thread.callback == CALLBACKS.parse_thread
    board = REQUESTS.board(f"{ORIGIN}/forums/a.7/", 7, discover=True)
    assert board.cb_kwargs == {"board_id": 7, "number": 1, "discover": 1}
    assert board.callback == CALLBACKS.parse_list


def test_every_request_stays_in_its_forum_and_has_its_errback() -> None:
    url = f"{ORIGIN}/x.7/"
    for each in (REQUESTS.thread(url, 7), REQUESTS.board(url, 7), REQUESTS.member(url, 7), REQUESTS.nodes(url, 7)):
        assert each.meta[FORUM] == KEY
        assert each.errback == CALLBACKS.failed
        assert not each.dont_filter


def test_what_waits_stays_small_since_threads_come_before_lists() -> None:
    url = f"{ORIGIN}/x.7/"
    made = [REQUESTS.nodes(url, 7), REQUESTS.thread(url, 7), REQUESTS.board(url, 7), REQUESTS.member(url, 7)]
    assert [each.priority for each in made] == [INDEX, THREAD, LIST, MEMBER]
    assert START > INDEX > THREAD > LIST > MEMBER
