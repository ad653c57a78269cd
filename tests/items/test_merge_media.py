"""Pictures of which several posts and answers tell."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumcrawl.items import ImageFile
from forumcrawl.items.merge_media import SEEN_IN, further_image
from tests.items.samples import NOON, items_of

URL = "https://h.example/a.jpg"
images = st.sampled_from([None, "pending", "stored", "gone", "blocked", "failed", "broken"]).flatmap(
    lambda said: items_of(ImageFile, outcome=said)
)


def image(outcome: str | None, **said: Any) -> ImageFile:
    return ImageFile(site="h.example", url=URL, outcome=outcome, **said)


STORED = image("stored", sha256="ab", path="ab", tries=1)


@given(images, images)
def test_the_same_again_changes_nothing(old: ImageFile, new: ImageFile) -> None:
    once = further_image(old, new)
    assert further_image(once, new) == once


@given(images, images)
def test_all_that_show_it_are_known_and_once_each(old: ImageFile, new: ImageFile) -> None:
    seen_in = further_image(old, new).seen_in
    assert set(seen_in) == {*old.seen_in, *new.seen_in}
    assert len(seen_in) == len(set(seen_in))


@given(items_of(ImageFile, outcome="stored"), images)
def test_a_stored_file_stays(old: ImageFile, new: ImageFile) -> None:
    kept = further_image(old, new)
    for name in ("outcome", "sha256", "path", "thumbnail", "tries", "next_try_at"):
        assert getattr(kept, name) == getattr(old, name)


@given(images, images)
def test_neither_is_changed(old: ImageFile, new: ImageFile) -> None:
    before = repr((old, new))
    further_image(old, new)
    assert repr((old, new)) == before


@pytest.mark.parametrize("outcome", ["gone", "failed", "pending"])
def test_a_picture_that_is_shown_again_is_not_put_off_and_keeps_its_answer(outcome: str) -> None:
    old = image(outcome, next_try_at=NOON, tries=2, reason="HTTP 500")
    found = further_image(old, image("pending", seen_in=["p"]))
    assert (found.outcome, found.next_try_at, found.tries, found.reason) == (outcome, NOON, 2, "HTTP 500")
    assert found.seen_in == ["p"]


def test_an_answer_replaces_what_waited_and_ends_the_claim() -> None:
    old = image("pending", next_try_at=NOON, claimed_by="job", claimed_until=NOON, forum="f", seen_in=["p"])
    found = further_image(old, STORED)
    assert (found.outcome, found.sha256, found.next_try_at, found.claimed_by) == ("stored", "ab", None, None)
    assert (found.forum, found.seen_in) == ("f", ["p"])


def test_tries_never_fall() -> None:
    assert further_image(image("failed", tries=3), image("failed", tries=2)).tries == 3


def test_who_shows_it_adds_what_who_asked_did_not_know() -> None:
    shown = image("pending", forum="f", proxy_url="p", page_url="x", source_uuid="u")
    for old in (image("pending"), image("gone"), STORED):
        found = further_image(old, shown)
        assert (found.forum, found.proxy_url, found.page_url, found.source_uuid) == ("f", "p", "x", "u")


# --- shown very often ----------------------------------------------------------------------------------------------


def shown_by(numbers: Iterable[int]) -> ImageFile:
    found = image("pending")
    for number in numbers:
        found = further_image(found, image("pending", seen_in=[f"f/post/{number}"], seen=1))
    return found


def test_up_to_a_thousand_that_show_it_are_named_and_counted() -> None:
    found = shown_by(range(SEEN_IN))
    assert (found.seen_in, found.seen) == ([f"f/post/{number}" for number in range(SEEN_IN)], SEEN_IN)


@pytest.mark.parametrize("count", [1_100, 1_800])
def test_beyond_that_a_thousand_are_named_and_the_count_is_near_in_any_order(count: int) -> None:
    found = shown_by(range(count))
    assert len(found.seen_in) == SEEN_IN
    assert abs((found.seen or 0) - count) < 0.1 * count
    assert shown_by([*reversed(range(count)), *range(100)]).seen == found.seen
    assert further_image(found, image("pending", seen_in=["f/post/7"], seen=1)) == found
