"""Which threads are read, from which page, and how far a list is followed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from forumcrawl.items import Thread, ThreadRead
from forumcrawl.items.reading import PageRead, Refusal
from forumcrawl.pages.xenforo.rows import Row
from forumcrawl.spiders.arguments import ForumArguments
from forumcrawl.spiders.plan import Plan, Visit

FORUM, NOON = "forum.example", datetime(2026, 3, 3, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def plan(**arguments: Any) -> Plan:
    return Plan(ForumArguments(url="https://forum.example/", **arguments))


def row(thread_id: int = 1, *, rounded: bool = False, moved: bool = False, **said: Any) -> Row:
    """A list row: 30 replies, the last at noon, unless said otherwise."""
    thread = Thread(forum=FORUM, thread_id=thread_id, **{"replies": 30, "last_post_at": NOON, "sticky": False, **said})
    return Row(thread=thread, rounded=rounded, moved=moved)


def read(posts: int = 31, upto: int = 2, of: int = 2, at: datetime = NOON, **other: Any) -> dict[str, ThreadRead]:
    """The durable account of thread 1, by key."""
    last = PageRead(posts=posts, last_id=9, last_at=at, of=of)
    account = ThreadRead(forum=FORUM, thread_id=1, upto=upto, last=last, newest_before=at, **other)
    return {account.key: account}


def pages(visits: list[Visit]) -> dict[int, int]:
    """Thread id to the page begun with."""
    return {visit.row.thread.thread_id: visit.page for visit in visits}


def visited(rows: list[Row], reads: dict[str, ThreadRead] | None = None, **arguments: Any) -> dict[int, int]:
    return pages(list(plan(**arguments).visits(rows, reads or {})))


# --- read, resume, skip --------------------------------------------------------------------------------------------


def test_a_thread_never_read_is_read_from_its_first_page() -> None:
    assert visited([row(1), row(2)]) == {1: 1, 2: 1}


@pytest.mark.parametrize(
    ("said", "account", "page"),
    [
        ({}, read(), None),
        ({"replies": 31, "last_post_at": NOON + DAY}, read(), 2),
        ({"last_post_at": NOON + DAY}, read(), 2),
        ({"replies": 31}, read(), 2),
        ({"replies": 29}, read(), 1),
        ({"replies": None}, read(), None),
        ({"last_post_at": None}, read(), None),
        ({"replies": None, "last_post_at": None}, read(), 1),
        ({}, read(posts=20, upto=1), 1),
        ({"replies": 90}, read(posts=60, upto=3, of=5), 3),
        ({"replies": 59}, read(posts=60, upto=3, of=5), 3),
        ({"rounded": True, "replies": 1200}, read(), None),
        ({"rounded": True, "replies": 1200, "last_post_at": NOON + DAY}, read(), 2),
        ({"rounded": True, "replies": 20}, read(), None),
    ],
)
def test_what_the_row_says_decides_the_page(
    said: dict[str, Any], account: dict[str, ThreadRead], page: int | None
) -> None:
    assert visited([row(**said)], account) == ({} if page is None else {1: page})


def test_pages_read_beyond_a_gap_do_not_hide_it() -> None:
    ahead = {"4": PageRead(posts=80, last_id=99, last_at=NOON, of=4)}
    assert visited([row(replies=39)], read(posts=40, upto=2, of=4, ahead=ahead)) == {1: 2}


def test_full_reads_what_agrees_too() -> None:
    assert visited([row()], read(), full=True) == {1: 1}


def test_a_thread_that_cannot_be_read_is_asked_for_when_its_row_changes() -> None:
    refused = ThreadRead(forum=FORUM, thread_id=1)
    refused.refusal = Refusal(outcome="forbidden", replies=30, last_post_at=NOON)
    reads = {refused.key: refused}
    assert visited([row()], reads) == {}
    assert visited([row(replies=31)], reads) == {1: 1}
    assert visited([row(last_post_at=NOON + DAY)], reads) == {1: 1}
    assert visited([row()], reads, full=True) == {1: 1}


def test_a_thread_on_several_lists_is_chosen_once() -> None:
    chosen = plan()
    assert pages(list(chosen.visits([row(1), row(2), row(1)], {}))) == {1: 1, 2: 1}
    assert pages(list(chosen.visits([row(2), row(3)], {}))) == {3: 1}


def test_the_callback_learns_what_the_row_said_and_where_the_last_post_stood() -> None:
    (again,) = plan().visits([row(replies=31)], read())
    assert again.known == {"replies": 31, "last_post": int(NOON.timestamp()), "position": 31, "last_id": 9}
    (fresh,) = plan().visits([row(replies=None, last_post_at=None)], {})
    assert fresh.known == {}


def test_from_the_first_page_no_place_is_expected() -> None:
    (shrunk,) = plan().visits([row(replies=5)], read())
    assert (shrunk.page, shrunk.known) == (1, {"replies": 5, "last_post": int(NOON.timestamp())})


def test_decisions_add_up_to_the_rows() -> None:
    one = plan()
    rows = [row(1, replies=40), row(2), row(3), row(2)]
    visits = list(one.visits(rows, read()))
    assert one.decisions(len(rows), visits) == {"read": 2, "resumed": 1, "skipped": 1}


# --- max_threads ---------------------------------------------------------------------------------------------------


def test_no_more_threads_than_asked_for_are_chosen() -> None:
    limited = plan(max_threads=2)
    assert not limited.full
    assert pages(list(limited.visits([row(1), row(2), row(3)], {}))) == {1: 1, 2: 1}
    assert limited.full
    assert list(limited.visits([row(4)], {})) == []
    assert not limited.may_go_on([row(4)])


def test_a_thread_that_is_skipped_does_not_count() -> None:
    assert visited([row(1), row(2)], read(), max_threads=1) == {2: 1}


# --- since ---------------------------------------------------------------------------------------------------------


def test_since_leaves_older_threads_out_and_keeps_its_own_moment() -> None:
    rows = [row(1, last_post_at=NOON + DAY), row(2, last_post_at=NOON), row(3, last_post_at=NOON - DAY)]
    assert visited(rows, since=NOON) == {1: 1, 2: 1}


def test_a_row_without_a_time_is_read_whatever_since_says() -> None:
    assert visited([row(1, last_post_at=None)], since=NOON) == {1: 1}


@pytest.mark.parametrize(
    ("rows", "goes_on"),
    [
        ([row(1, last_post_at=NOON), row(2, last_post_at=NOON - DAY)], True),
        ([row(1, last_post_at=NOON - DAY)], False),
        ([row(1, last_post_at=NOON - DAY, sticky=True)], True),
        ([row(1, last_post_at=NOON + DAY, sticky=True), row(2, last_post_at=NOON - DAY)], False),
        ([row(1, last_post_at=NOON - DAY, sticky=True), row(2, last_post_at=NOON + DAY)], True),
        ([row(1, last_post_at=None)], True),
        ([], True),
    ],
)
def test_a_list_is_followed_while_its_rows_are_new_enough(rows: list[Row], goes_on: bool) -> None:
    assert plan(since=NOON).may_go_on(rows) is goes_on
    assert plan().may_go_on(rows)


def test_a_sticky_thread_is_read_by_its_own_time() -> None:
    old, new = row(1, last_post_at=NOON - DAY, sticky=True), row(2, last_post_at=NOON + DAY, sticky=True)
    assert visited([old, new], since=NOON) == {2: 1}


def test_lists_are_read_in_order_where_the_crawl_may_end_early() -> None:
    assert plan(since=NOON).in_order
    assert plan(max_threads=1).in_order
    assert not plan(full=True, boards=frozenset({1})).in_order


# --- boards --------------------------------------------------------------------------------------------------------


def test_boards_name_whose_threads_are_read() -> None:
    some = plan(boards=frozenset({1, 2}))
    assert [board for board in (1, 2, 3, None) if some.wanted(board)] == [1, 2]
    assert all(plan().wanted(board) for board in (1, 3, None))


def test_boards_are_looked_for_until_all_have_shown_up() -> None:
    some = plan(boards=frozenset({1, 2}))
    assert some.misses_boards({1, 3})
    assert not some.misses_boards({1, 2, 3})
    assert not plan().misses_boards(set())
