from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import bson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumcrawl.items import STORED, Failure, Item, Post, Rejected, UnparsedPage
from forumcrawl.items.document import to_document
from forumcrawl.items.forum import Author, Image, Link
from forumcrawl.items.rejection import rejection
from forumcrawl.items.validate import MAX_DOCUMENT, fault
from tests.items.samples import NOON, full_post, items_of


@given(st.sampled_from(STORED).flatmap(items_of))
def test_an_item_as_annotated_has_no_fault_and_can_be_encoded(item: Item) -> None:
    assert fault(item) is None
    assert bson.encode(to_document(item))


BAD: list[tuple[Any, str | None, str]] = [
    (replace(full_post(), post_id=None), "post_id", "is nothing, not an integer"),  # type: ignore[arg-type]
    (full_post(number=True), "number", "is of type bool, not an integer"),
    (full_post(number=1 << 63), "number", "is an integer of more than 64 bits"),
    (full_post(text=b"x"), "text", "is of type bytes, not text"),
    (full_post(text="a\ud800"), "text", "holds a character that UTF-8 cannot express, at 1"),
    (full_post(created_at=datetime(2026, 1, 1)), "created_at", "is a time without a zone"),
    (
        full_post(edited_at=NOON.astimezone(timezone(timedelta(hours=3)))),
        "edited_at",
        "is a time that is not in UTC",
    ),
    (full_post(created_at="2026-01-01"), "created_at", "is of type str, not a time"),
    (full_post(links=(Link(url="u"),)), "links", "is of type tuple, not a list"),
    (full_post(links=[Link(url="u"), Image(url="u")]), "links.1", "is of type Image, not Link"),
    (full_post(images=[Image(url=None)]), "images.0.url", "is nothing, not text"),  # type: ignore[arg-type]
    (full_post(author=None), "author", "is nothing, not Author"),
    (full_post(author=Author(extras={"a\0": "b"})), "author.extras", r"has a key that MongoDB does not take: 'a\x00'"),
    (full_post(author=Author(extras={"$ref": "b"})), "author.extras", "has a key that MongoDB does not take: '$ref'"),
    (full_post(author=Author(extras={"a": 1})), "author.extras.a", "is of type int, not text"),  # type: ignore[dict-item]
    (full_post(author=Author(extras={1: "a"})), "author.extras", "is of type int, not text"),  # type: ignore[dict-item]
    (full_post(forum=""), "forum", "is empty"),
    (Failure(forum="f", outcome="error"), "_id", "is empty: the item has no natural key"),
    (UnparsedPage(forum="f", url="u", reason="r", html="text"), "html", "is of type str, not bytes"),  # type: ignore[arg-type]
    (
        Rejected(forum="f", type="posts", item={"_id": "x", "a": [{1, 2}]}),
        "item.a.0",
        "is of type set, which no document holds",
    ),
]


@pytest.mark.parametrize(("item", "field", "reason"), BAD, ids=[f"{field}: {reason}" for _, field, reason in BAD])
def test_a_fault_is_named_with_its_field_and_reason(item: Item, field: str | None, reason: str) -> None:
    assert fault(item) == (field, reason)


def test_what_is_larger_than_a_document_may_be_is_a_fault() -> None:
    room = MAX_DOCUMENT - 16 * 1024
    fits, too_large = full_post(html="x" * room), full_post(html="ع" * (room // 2), text="x" * 32 * 1024)
    assert fault(fits) is None
    assert len(bson.encode(to_document(fits))) < MAX_DOCUMENT
    found = fault(too_large)
    assert found is not None
    assert found[0] is None
    assert found[1].endswith(f"MongoDB holds {MAX_DOCUMENT} at most")


@given(st.sampled_from(STORED).flatmap(items_of))
def test_the_bound_on_size_is_never_below_what_bson_takes(item: Item) -> None:
    from forumcrawl.items import validate

    kind: type = type(item)
    assert validate._part(kind)(item) + 2 * len(item.key) >= len(bson.encode(to_document(item)))


@pytest.mark.parametrize("item", [item for item, _, _ in BAD], ids=[f"{field}: {reason}" for _, field, reason in BAD])
def test_a_rejection_of_any_faulty_item_is_valid_and_says_why(item: Item) -> None:
    found = fault(item)
    assert found is not None
    rejected = rejection(item, *found)
    assert fault(rejected) is None
    assert bson.encode(to_document(rejected))
    assert (rejected.type, rejected.field, rejected.reason) == (item.collection, *found)
    assert rejected.item["_id"]


def test_a_rejection_keeps_the_item_as_near_as_it_can() -> None:
    item = full_post(text="a\ud800", number=1 << 70, html="x" * (17 << 20), created_at=datetime(2026, 1, 1))
    document = rejection(item, "text", "bad").item
    assert document["_id"] == "forum.example/post/7"
    assert document["text"] == r"a\ud800"
    assert document["number"] == str(1 << 70)
    assert document["created_at"] == "datetime.datetime(2026, 1, 1, 0, 0)"
    assert document["author"]["extras"]["a.b"] == "1"
    assert len(document["html"]) == 64 * 1024


def test_rejections_of_two_items_without_key_do_not_replace_each_other() -> None:
    first = rejection(Failure(forum="f", outcome="error"), "_id", "no key")
    second = rejection(Failure(forum="f", outcome="timeout"), "_id", "no key")
    again = rejection(Failure(forum="f", outcome="error"), "_id", "no key")
    assert first.key != second.key
    assert first.key == again.key


@given(st.text(st.characters(), max_size=6), st.text(st.characters(), max_size=6))
def test_a_rejection_is_valid_whatever_the_text(label: str, text: str) -> None:
    item = replace(full_post(), forum=text, author=Author(extras={label: text}))
    assert fault(rejection(item, label, text)) is None


def test_an_item_class_without_a_key_is_rejected_too() -> None:
    class Keyless(Post):
        @property
        def key(self) -> str:
            raise TypeError("none")

    item = Keyless(forum="f", post_id=1, thread_id=1)
    assert rejection(item, None, "no key").key.startswith("posts:unkeyed/")
