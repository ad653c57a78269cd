"""The content hash covers what the source said, and nothing else."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumcrawl.items import STORED, Item, Post
from forumcrawl.items.document import content_hash, hashed_names, to_document
from forumcrawl.items.shapes import Shape, shapes
from tests.items.samples import full_post, items_of


def places(kind: type, hashed: bool) -> Iterator[tuple[tuple[str, ...], Shape]]:
    """Paths of the scalar fields of a class and its parts that the hash covers, or does not."""
    for name, shape in shapes(kind).items():
        covered = name in hashed_names(kind)
        part = shape.of.kind if shape.of else shape.kind
        if dataclasses.is_dataclass(part) and covered:
            yield from (((name, *path), inner) for path, inner in places(part, hashed))
        elif covered is hashed:
            yield (name,), shape


def changed(item: Any, path: tuple[str, ...], value: Any) -> Any:
    """`item` with the value at `path` replaced, in the first element of each list on the way."""
    name, *rest = path
    inner = getattr(item, name)
    if not rest:
        return replace(item, **{name: value})
    if isinstance(inner, list):
        return replace(item, **{name: [changed(inner[0], tuple(rest), value), *inner[1:]]})
    return replace(item, **{name: changed(inner, tuple(rest), value)})


OTHER: dict[type, Any] = {
    str: "other",
    int: 4711,
    bool: False,
    bytes: b"other",
    datetime: datetime(1999, 1, 1, tzinfo=UTC),
    list: ["other"],
    dict: {"Other": "value"},
}


@pytest.mark.parametrize("path", [path for path, _ in places(Post, True)], ids=".".join)
def test_the_hash_changes_with_every_field_that_it_covers(path: tuple[str, ...]) -> None:
    value = OTHER[dict(places(Post, True))[path].kind]
    assert content_hash(changed(full_post(), path, value)) != content_hash(full_post())


@pytest.mark.parametrize("path", [path for path, _ in places(Post, False)], ids=".".join)
def test_the_hash_ignores_counters_derived_fields_and_tokens(path: tuple[str, ...]) -> None:
    value = OTHER[dict(places(Post, False))[path].kind]
    assert content_hash(changed(full_post(), path, value)) == content_hash(full_post())


def test_the_hash_ignores_what_the_forum_changes_by_itself_in_a_body() -> None:
    body = '<a id="_xfUid-{}-1760000000" href="/proxy.php?image=x&amp;hash={}"><img src="/a/1.jpg?{}"></a>'
    first = full_post(html=body.format("1", "0a" * 16, "1700000000"))
    second = full_post(html=body.format("2", "b1" * 16, "1800000000"))
    assert content_hash(first) == content_hash(second)
    assert content_hash(first) != content_hash(full_post(html=body.format("1", "0a" * 16, "17") + "!"))


@given(st.sampled_from(STORED).flatmap(items_of))
def test_equal_items_have_equal_hashes_and_a_document_starts_with_its_key(item: Item) -> None:
    assert content_hash(item) == content_hash(replace(item, run_id="other", fetched_at=None))
    assert next(iter(to_document(item).items())) == ("_id", item.key)
