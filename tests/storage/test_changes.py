"""What a batch changes of one document, decided without a database."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumcrawl.items import Board, Failure, Item, Member, Post, Thread
from forumcrawl.items.document import content_hash, hashed_names, to_document
from forumcrawl.items.forum import Poll, PollOption
from forumcrawl.items.restore import restore
from forumcrawl.storage.changes import Change, Document, change, projection
from tests.items.samples import FORUM, NOON, READS, card, full_post, items_of, page, row

LATER = NOON + timedelta(days=1)
OF_ONE_KEY: list[st.SearchStrategy[Any]] = [
    items_of(Board, board_id=1),
    items_of(Thread, thread_id=1),
    items_of(Member, member_id=1),
    items_of(Post, post_id=1),
    READS,
]
series = st.sampled_from(OF_ONE_KEY).flatmap(lambda items: st.lists(items, min_size=1, max_size=4))


def applied(stored: Document | None, made: Change) -> Document | None:
    """`stored` after the write, as MongoDB would leave it."""
    if made.insert is not None:
        assert stored is None
        return copy.deepcopy(made.insert)
    if made.update is not None:
        assert stored is not None
        assert made.guard == stored["content_hash"]
        return {**stored, **made.update["$set"]}
    return stored


def seen(kind: type[Item], stored: Document | None) -> Document | None:
    """What the writer gets to see of a stored document."""
    names = projection(kind)
    if stored is None or names is None:
        return stored
    return {name: stored[name] for name in ("_id", *names)}


@given(series)
def test_a_batch_comes_to_the_same_as_one_item_after_the_other(items: list[Item]) -> None:
    kind = type(items[0])
    one_by_one, verdicts = None, []
    for item in items:
        made = change(seen(kind, one_by_one), [item])
        one_by_one = applied(one_by_one, made)
        verdicts += made.verdicts
    at_once = change(None, items)
    together = applied(None, at_once)
    assert one_by_one is not None
    assert together is not None
    assert at_once.verdicts == verdicts
    plain_kind: type = kind
    for name in hashed_names(plain_kind):
        assert together[name] == one_by_one[name]
    assert together["content_hash"] == one_by_one["content_hash"]


@given(series)
def test_the_stored_hash_is_that_of_the_stored_content_and_storing_again_changes_nothing(items: list[Item]) -> None:
    kind: type[Item] = type(items[0])
    stored = applied(None, change(None, items))
    assert stored is not None
    assert stored["content_hash"] == content_hash(restore(kind, stored))
    again = change(seen(kind, stored), items[-1:])
    assert (again.verdicts, again.insert, again.update) == (["unchanged"], None, None)


def test_a_new_document_was_seen_and_changed_when_it_was_fetched() -> None:
    made = change(None, [full_post(fetched_at=NOON.replace(microsecond=123_456))])
    assert made.verdicts == ["new"]
    assert made.insert is not None
    moment = NOON.replace(microsecond=123_000)
    assert [made.insert[name] for name in ("first_seen_at", "fetched_at", "changed_at")] == [moment] * 3


def test_a_changed_post_is_written_whole_but_keeps_what_was_derived_and_first_seen() -> None:
    stored = applied(None, change(None, [full_post()]))
    new = full_post(text="new", source_url=None, near_duplicate_of=None, fetched_at=LATER, run_id="second")
    made = change(seen(Post, stored), [new])
    after = applied(stored, made)
    assert made.verdicts == ["changed"]
    assert after is not None
    assert (after["text"], after["source_url"]) == ("new", "https://s.example")
    assert (after["first_seen_at"], after["changed_at"], after["fetched_at"]) == (NOON, LATER, LATER)
    assert after["run_id"] == "second"


def test_counters_of_a_post_are_left_alone() -> None:
    stored = applied(None, change(None, [full_post()]))
    grown = full_post(author=replace(full_post().author, messages=999), fetched_at=LATER)
    made = change(seen(Post, stored), [grown])
    assert (made.verdicts, made.update) == (["unchanged"], None)


MOVED: list[tuple[Item, Item, Document]] = [
    (row(), row(replies=31, views=501, fetched_at=LATER), {"replies": 31, "views": 501}),
    (card(), card(messages=11, last_seen_at=LATER), {"messages": 11, "last_seen_at": LATER}),
    (
        page(),
        page(poll=Poll(question="?", options=[PollOption(text="yes", votes=9), PollOption(text="no")], voters=10)),
        {
            "poll": {
                "question": "?",
                "options": [{"text": "yes", "votes": 9}, {"text": "no", "votes": 1}],
                "voters": 10,
            }
        },
    ),
    (card(), card(avatar_url="a"), {"avatar_url": "a"}),
    (card(avatar_url="a"), card(avatar_url="b"), {}),
    (
        Failure(forum="f", url="u", outcome="timeout", failed_in="1"),
        Failure(forum="f", url="u", outcome="timeout", failed_in="2", tries=3),
        {"failed_in": "2", "tries": 3},
    ),
]


@pytest.mark.parametrize(("old", "new", "fields"), MOVED, ids=[str(list(fields)) for _, _, fields in MOVED])
def test_only_the_counters_that_moved_are_written(old: Item, new: Item, fields: Document) -> None:
    kind: type[Item] = type(old)
    stored = applied(None, change(None, [old]))
    made = change(seen(kind, stored), [new])
    assert made.verdicts == ["unchanged"]
    assert made.update == ({"$set": fields} if fields else None)
    assert made.mark is None


def test_a_part_writes_only_what_it_changes() -> None:
    stored = applied(None, change(None, [row()]))
    made = change(stored, [page(fetched_at=LATER, run_id="second")])
    assert made.update is not None
    assert set(made.update["$set"]) == {
        *("tags", "pages", "kind", "poll"),
        *("fetched_at", "changed_at", "run_id", "content_hash"),
    }
    # Should the document be deleted meanwhile, the upsert makes a whole one.
    inserted = {**made.update["$setOnInsert"], **made.update["$set"], "_id": row().key}
    assert set(inserted) == set(to_document(row()))


def test_a_write_that_seemed_to_fail_is_known_again_and_another_is_not() -> None:
    made = change(None, [full_post()])
    assert made.is_stored(made.insert)
    assert not made.is_stored(None)
    other = change(None, [full_post(run_id="other")])
    assert not made.is_stored(other.insert)


def test_a_document_without_a_hash_is_taken_for_changed() -> None:
    made = change({"_id": f"{FORUM}/post/7"}, [full_post()])
    assert (made.verdicts, made.guard) == (["changed"], None)


def test_of_a_plain_document_only_the_marks_and_live_counters_are_loaded() -> None:
    assert projection(Post) == ["content_hash", "changed_at", "run_id"]
    assert projection(Failure) == ["content_hash", "changed_at", "run_id", "tries", "failed_in"]
    assert projection(Member) is None
