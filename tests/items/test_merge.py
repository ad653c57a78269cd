from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from forumcrawl.items import Board, Item, Member, Thread, ThreadRead
from forumcrawl.items.document import to_document
from forumcrawl.items.forum import Poll, PollOption, ThreadAuthor
from forumcrawl.items.merge import merged
from forumcrawl.items.reading import PageRead
from forumcrawl.items.restore import restore
from tests.items.samples import FORUM, NOON, READS, card, full_post, items_of, page, row

MIDNIGHT = datetime(2026, 3, 3, tzinfo=UTC)
SAME: dict[type[Item], dict[str, Any]] = {
    Board: {"board_id": 1},
    Thread: {"thread_id": 1},
    Member: {"member_id": 1},
}
pairs = st.sampled_from(list(SAME)).flatmap(lambda kind: st.tuples(*[items_of(kind, **SAME[kind])] * 2))


@given(pairs)
def test_merging_again_changes_nothing(pair: tuple[Item, Item]) -> None:
    old, new = pair
    once = merged(old, new)
    assert merged(once, new) == once


@given(st.lists(READS, max_size=6), READS)
def test_reading_a_page_again_changes_nothing(before: list[ThreadRead], new: ThreadRead) -> None:
    account = None
    for read in before:
        account = merged(account, read)
    once = merged(account, new)
    assert merged(once, new) == once


@given(pairs)
def test_merging_leaves_both_parts_as_they_are(pair: tuple[Item, Item]) -> None:
    before = copy.deepcopy(pair)
    merged(*pair)
    assert pair == before


@given(pairs)
def test_what_either_part_says_is_never_lost_to_silence(pair: tuple[Item, Item]) -> None:
    old, new = pair
    both = to_document(merged(old, new))
    for part in (old, new):
        for name, value in to_document(part).items():
            assert value is None or both[name] is not None, name


def test_row_and_page_make_one_thread_in_either_order() -> None:
    for both in (merged(row(), page()), merged(page(), row())):
        assert (both.replies, both.views, both.last_post_at, both.prefixes) == (30, 500, NOON, ["News"])
        assert (both.tags, both.pages, both.kind) == (["t"], 2, "poll")
        assert both.poll == page().poll


def test_a_discussion_never_replaces_a_known_kind_but_another_kind_does() -> None:
    assert merged(page(kind="article"), row(kind="discussion")).kind == "article"
    assert merged(row(kind="discussion"), page(kind="question")).kind == "question"
    assert merged(page(kind="article"), page(kind="question")).kind == "question"
    assert merged(page(kind=None), row(kind="discussion")).kind == "discussion"


def test_an_empty_list_is_said_and_None_is_not() -> None:
    assert merged(page(tags=["t"]), page(tags=[])).tags == []
    assert merged(page(tags=["t"]), row(tags=None)).tags == ["t"]


def test_an_author_keeps_the_id_under_the_same_name_only() -> None:
    known = row(author=ThreadAuthor(name="a", member_id=1))
    assert merged(known, row(author=ThreadAuthor(name="a"))).author == ThreadAuthor(name="a", member_id=1)
    assert merged(known, row(author=ThreadAuthor(name="b"))).author == ThreadAuthor(name="b")


def test_hidden_votes_keep_their_last_number() -> None:
    options = [PollOption(text="no"), PollOption(text="yes", votes=8), PollOption(text="maybe")]
    hidden = page(poll=Poll(question="?", options=options))
    poll = merged(page(), hidden).poll
    assert poll is not None
    assert [(option.text, option.votes) for option in poll.options] == [("no", 1), ("yes", 8), ("maybe", None)]
    assert poll.voters == 4


def test_a_day_does_not_replace_the_moment_of_registration_of_that_day_or_its_neighbours() -> None:
    exact = card(joined_at=NOON)
    for days in (-1, 0, 1):
        assert merged(exact, card(joined_at=MIDNIGHT + timedelta(days=days))).joined_at == NOON
    assert merged(exact, card(joined_at=MIDNIGHT + timedelta(days=2))).joined_at == MIDNIGHT + timedelta(days=2)
    assert merged(card(joined_at=MIDNIGHT), exact).joined_at == NOON
    assert merged(exact, card(joined_at=NOON + timedelta(hours=1))).joined_at == NOON + timedelta(hours=1)


def test_extra_fields_of_card_and_member_page_are_kept_together() -> None:
    both = merged(card(extras={"Location": "x", "Age": "3"}), card(extras={"Age": "4", "Site": "y"}))
    assert both.extras == {"Location": "x", "Age": "4", "Site": "y"}


def test_last_activity_never_goes_back() -> None:
    late, early = card(last_seen_at=NOON), card(last_seen_at=MIDNIGHT)
    assert merged(late, early).last_seen_at == merged(early, late).last_seen_at == NOON


def test_pages_of_a_thread_add_up_to_an_account() -> None:
    account = None
    for number in (1, 3, 2):
        read = PageRead(posts=20 * number, last_id=number, last_at=NOON, of=4)
        account = merged(account, ThreadRead.of_page(FORUM, 1, number, read))
        if number == 3:
            assert (account.upto, list(account.ahead)) == (1, ["3"])
    assert account is not None
    assert (account.upto, account.ahead, account.newest_at) == (3, {}, NOON)


@given(st.sampled_from([Board, Thread, Member, ThreadRead]).flatmap(items_of))
def test_a_document_restores_to_its_item(item: Item) -> None:
    kind: type[Item] = type(item)
    assert restore(kind, to_document(item)) == item


def test_documents_of_other_versions_are_restored_too() -> None:
    document = to_document(full_post())
    document["added_later"] = 1
    del document["author"]["extras"], document["links"]
    restored = restore(type(full_post()), document)
    assert restored.author.extras == {}
    assert restored.links == []
    assert restored.text == full_post().text
