"""The account of what was read of a thread: it never says more than was read, however a crawl went."""

from __future__ import annotations

import dataclasses
import random
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from forumcrawl.items import ThreadRead
from forumcrawl.items.document import to_document
from forumcrawl.items.merge import merged
from forumcrawl.items.reading import PageRead, Refusal
from forumcrawl.items.restore import restore
from tests.items.samples import FORUM, NOON, items_of, read_of

PER_PAGE = 3
MINUTE = timedelta(minutes=1)


def absorbed(reads: list[ThreadRead]) -> ThreadRead:
    """The account of pages read one after the other, stored and loaded again between them."""
    account = ThreadRead(forum=FORUM, thread_id=1)
    for read in reads:
        account.absorb(read)
        account = ThreadRead.from_document(to_document(account))
    return account


def claimed(account: ThreadRead) -> set[int]:
    return {*range(1, account.upto + 1), *map(int, account.ahead)}


# --- any order -----------------------------------------------------------------------------------------------------


@given(st.integers(1, 8).flatmap(lambda of: st.tuples(st.just(of), st.permutations(range(1, of + 1)))), st.data())
def test_any_order_with_repetitions_gives_one_account(drawn: tuple[int, list[int]], data: st.DataObject) -> None:
    of, order = drawn
    again = data.draw(st.lists(st.sampled_from(order), max_size=4))
    account = absorbed([read_of(number, of=of) for number in [*order, *again]])
    assert (account.upto, account.ahead) == (of, {})
    assert account.last == read_of(of, of=of).ahead[str(of)]
    replies = 20 * of - 1
    assert account.resume_page(replies, NOON, rounded=False) is None
    assert account.resume_page(1200, NOON, rounded=True) is None


@given(st.integers(1, 8).flatmap(lambda of: st.tuples(st.just(of), st.sets(st.integers(1, of)))), st.data())
def test_part_of_the_pages_claims_just_these(drawn: tuple[int, set[int]], data: st.DataObject) -> None:
    of, pages = drawn
    account = absorbed([read_of(number, of=of) for number in data.draw(st.permutations(sorted(pages)))])
    gap = next(number for number in range(1, of + 2) if number not in pages)
    assert claimed(account) == pages
    assert account.upto == gap - 1
    page = account.resume_page(20 * of - 1, NOON, rounded=False)
    assert page == (None if gap > of else max(1, gap - 1))


@given(st.integers(1, 6), st.integers(0, 40), st.integers(0, 5))
def test_a_row_that_says_more_is_always_followed(of: int, replies: int, minutes: int) -> None:
    account = absorbed([read_of(number, of=of) for number in range(1, of + 1)])
    page = account.resume_page(20 * of - 1 + replies, NOON + minutes * MINUTE, rounded=False)
    assert page == (of if replies or minutes else None)
    assert account.resume_page(1200, NOON + minutes * MINUTE, rounded=True) == (of if minutes else None)


def test_a_row_that_says_fewer_replies_begins_anew() -> None:
    account = absorbed([read_of(number, of=2) for number in (1, 2)])
    assert account.resume_page(38, NOON, rounded=False) == 1


def test_what_a_row_does_not_say_is_not_compared() -> None:
    account = absorbed([read_of(number, of=2) for number in (1, 2)])
    assert account.resume_page(None, NOON, rounded=False) is None
    assert account.resume_page(39, None, rounded=False) is None
    assert account.resume_page(40, None, rounded=False) == 2
    assert account.resume_page(None, None, rounded=False) == 1


# --- pages added and removed ---------------------------------------------------------------------------------------

READINGS = st.lists(st.integers(1, 6).flatmap(lambda of: st.tuples(st.integers(1, of), st.just(of))), max_size=12)


@given(READINGS)
def test_no_page_is_claimed_that_was_not_read_since_the_thread_lost_pages(readings: list[tuple[int, int]]) -> None:
    account, seen = ThreadRead(forum=FORUM, thread_id=1), set[int]()
    for number, of in readings:
        if of < account.upto:
            seen = set()
        seen = {page for page in seen if page <= max(of, account.upto)} | {number}
        account = merged(account, read_of(number, of=of))
        assert claimed(account) <= seen
        assert max(claimed(account), default=0) <= max(of, account.upto)


def test_a_page_that_fills_up_replaces_what_was_known_of_it() -> None:
    account = absorbed([read_of(1, of=2), read_of(2, last=5, of=2), read_of(2, last=8, of=3)])
    assert account.last is not None
    assert (account.upto, account.last.last_id, account.last.of) == (2, 8, 3)
    assert account.resume_page(45, NOON + MINUTE, rounded=False) == 2


def test_an_earlier_page_read_again_leaves_the_last_one() -> None:
    account = absorbed([read_of(1, of=2), read_of(2, last=5, of=2), read_of(1, last=7, of=2)])
    assert account.last is not None
    assert (account.upto, account.last.last_id) == (2, 5)


def test_a_partly_read_thread_that_lost_pages_is_begun_anew() -> None:
    # Pages 1 to 3 of 6 are durable; two pages of posts are removed; the next run reads page 3 and is killed. What
    # stands on page 2 now was page 4, which nobody has read: the run after it must not begin at page 3 again.
    account = absorbed([*(read_of(number, of=6) for number in (1, 2, 3)), read_of(3, last=5, of=4)])
    assert account.resume_page(79, NOON, rounded=False) in (1, 2)


def test_a_thread_that_lost_its_last_post_agrees_once_it_is_read_again() -> None:
    before = PageRead(posts=2, last_id=2, last_at=NOON + MINUTE, of=1)
    after = PageRead(posts=1, last_id=1, last_at=NOON, of=1)
    account = absorbed([ThreadRead.of_page(FORUM, 1, 1, each) for each in (before, after)])
    assert account.resume_page(0, NOON, rounded=False) is None


def test_a_last_page_read_ahead_of_a_gap_is_not_taken_for_full() -> None:
    # Page 3 was the last one when it was read; with a page 4 it holds more now, so it must be read again.
    account = absorbed([read_of(1, of=3), read_of(3, of=3), read_of(1, of=4), read_of(4, of=4), read_of(2, of=4)])
    assert account.resume_page(79, NOON, rounded=False) in (1, 2, 3)


def test_what_was_read_ahead_before_a_thread_lost_pages_is_forgotten() -> None:
    account = absorbed([read_of(1, of=5), read_of(4, of=5), *(read_of(number, of=4) for number in (1, 2, 3, 4))])
    assert (account.upto, account.ahead) == (4, {})
    assert account.resume_page(79, NOON, rounded=False) is None


def test_an_account_that_begins_anew_forgets_all_before_it() -> None:
    anew = read_of(1, of=5)
    anew.anew = True
    account = absorbed([*(read_of(number, of=5) for number in (1, 2, 3, 5)), anew])
    assert claimed(account) == {1}
    assert not account.anew


# --- refusals ------------------------------------------------------------------------------------------------------


@given(st.none() | st.integers(0, 9), st.none() | st.just(NOON))
def test_a_refusal_holds_until_the_row_changes(replies: int | None, moment: datetime | None) -> None:
    refused = ThreadRead(forum=FORUM, thread_id=1)
    refused.refusal = Refusal(outcome="forbidden", replies=replies, last_post_at=moment)
    account = absorbed([read_of(1, of=2), refused, refused])
    assert account.upto == 1
    assert account.resume_page(replies, moment, rounded=False) is None
    assert account.resume_page(10, moment, rounded=False) == 1
    assert account.resume_page(replies, NOON + MINUTE, rounded=False) == 1


def test_a_page_that_is_read_ends_the_refusal() -> None:
    refused = ThreadRead(forum=FORUM, thread_id=1)
    refused.refusal = Refusal(outcome="forbidden", replies=39, last_post_at=NOON)
    account = absorbed([refused, read_of(1, of=2)])
    assert account.refusal is None
    assert account.resume_page(39, NOON, rounded=False) == 1


# --- documents -----------------------------------------------------------------------------------------------------


@given(items_of(ThreadRead, anew=False))
def test_a_document_reads_back(account: ThreadRead) -> None:
    document = to_document(account)
    assert document["_id"] == account.key == f"{FORUM}/thread/{account.thread_id}"
    read = ThreadRead.from_document(document)
    bare = dataclasses.replace(account, url=None, first_seen_at=None, fetched_at=None)
    assert read == dataclasses.replace(bare, changed_at=None, content_hash=None, run_id=None)
    assert restore(ThreadRead, document) == account


def test_a_document_of_before_there_were_refusals_reads_back() -> None:
    document = to_document(absorbed([read_of(1, of=2)]))
    del document["refusal"]
    assert ThreadRead.from_document(document) == absorbed([read_of(1, of=2)])


# --- crawl after crawl ---------------------------------------------------------------------------------------------


@settings(max_examples=80, stateful_step_count=20)
class Crawls(RuleBasedStateMachine):
    """A thread that gains and loses posts, and crawls of it; some are killed, so that a first part of what they
    submitted is stored. A crawl does what the spider does: page to begin with, post that must stand, other pages."""

    @initialize(count=st.integers(1, 14))
    def begin(self, count: int) -> None:
        self.posts = list(range(count))  # a post's id is also the minute it was written
        self.next_id = count
        self.stored: set[int] = set()
        self.account: ThreadRead | None = None
        self.removed = False

    @rule(count=st.integers(1, 7))
    def grow(self, count: int) -> None:
        self.posts += range(self.next_id, self.next_id + count)
        self.next_id += count

    @rule(start=st.integers(1, 14), count=st.integers(1, 7))
    def shrink(self, start: int, count: int) -> None:
        before = len(self.posts)
        del self.posts[start : start + count]
        self.removed = self.removed or len(self.posts) < before

    @rule(chance=st.randoms(use_true_random=False))
    def crawl(self, chance: random.Random) -> None:
        for _ in range(1 + self.removed):  # where posts were removed, an account may begin anew half-way, once
            for number in self.pages_to_read(chance):
                self.store(number)
            assert self.stored >= set(self.posts)
        assert self.first_page() is None
        self.removed = False

    # What removed posts do to a crawl that is then cut short is the spider's part: tests/spiders/test_moving_posts.py.
    @precondition(lambda self: not self.removed)
    @rule(chance=st.randoms(use_true_random=False), kept=st.integers(0, 6))
    def killed_crawl(self, chance: random.Random, kept: int) -> None:
        for number in self.pages_to_read(chance)[:kept]:
            self.store(number)
        assert self.account is None or self.stored >= set(self.posts[: self.account.upto * PER_PAGE][:-PER_PAGE])

    def first_page(self) -> int | None:
        if self.account is None:
            return 1
        moment = NOON + self.posts[-1] * MINUTE
        page = self.account.resume_page(len(self.posts) - 1, moment, rounded=False)
        assert page is not None or self.stored >= set(self.posts)
        return page

    def pages_to_read(self, chance: random.Random) -> list[int]:
        first = self.first_page()
        if first is None:
            return []
        others = list(range(1 if first > 1 and self.has_shifted(first) else first + 1, self.last_page + 1))
        chance.shuffle(others)
        return [min(first, self.last_page), *others]

    def has_shifted(self, first: int) -> bool:
        assert self.account is not None
        assert self.account.last is not None
        place = self.account.last.posts - 1
        return first > self.last_page or self.posts[place : place + 1] != [self.account.last.last_id]

    @property
    def last_page(self) -> int:
        return -(-len(self.posts) // PER_PAGE)

    def store(self, number: int) -> None:
        on_page = self.posts[(number - 1) * PER_PAGE : number * PER_PAGE]
        self.stored.update(on_page)
        position = (number - 1) * PER_PAGE + len(on_page)
        read = PageRead(posts=position, last_id=on_page[-1], last_at=NOON + on_page[-1] * MINUTE, of=self.last_page)
        self.account = merged(self.account, ThreadRead.of_page(FORUM, 1, number, read))
        self.account = ThreadRead.from_document(to_document(self.account))


TestCrawls = Crawls.TestCase
