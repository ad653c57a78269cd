"""Nearly the same texts are linked to the earliest of them, in a real database."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from forumcrawl.items import Item, Post
from tests.citing.samples import edited, prose
from tests.items.samples import NOON
from tests.storage.conftest import Place, batches
from tests.storage.matched import Archive, article, post

TEXT = prose(3, 200)


def written(number: int, text: str, days: int) -> Post:
    return post(number, text, created_at=NOON + timedelta(days=days), near_duplicate_of=None)


FIRST = written(1, TEXT, 0)
SECOND = written(2, edited(TEXT, 0.08), 1)
THIRD = written(3, edited(TEXT, 0.08, seed=2), 2)
OTHER = written(4, prose(77, 200), 0)


@pytest.fixture
def archive(place: Place) -> Archive:
    return Archive(place)


def heads(archive: Archive) -> dict[str, str | None]:
    """What each stored post points to."""
    found = archive.all("posts")
    return {document["_id"]: document["near_duplicate_of"] for document in found}


@pytest.mark.parametrize("order", list(permutations([FIRST, SECOND, THIRD])))
def test_all_point_to_the_earliest_in_any_order(archive: Archive, order: Sequence[Item]) -> None:
    archive.store(*([each] for each in (*order, OTHER)))
    assert heads(archive) == {FIRST.key: None, SECOND.key: FIRST.key, THIRD.key: FIRST.key, OTHER.key: None}


def test_together_and_again(archive: Archive) -> None:
    archive.store([THIRD, OTHER, SECOND, FIRST], [SECOND], [FIRST, THIRD])
    assert heads(archive) == {FIRST.key: None, SECOND.key: FIRST.key, THIRD.key: FIRST.key, OTHER.key: None}


def test_an_excerpt_and_a_longer_text_are_not_the_same(archive: Archive) -> None:
    part = written(5, " ".join(TEXT.split()[:60]), 3)
    archive.store([FIRST], [part])
    assert heads(archive) == {FIRST.key: None, part.key: None}


def test_two_writers_at_once_link_what_they_store(place: Place) -> None:
    pairs = [(written(2 * n, prose(1000 + n, 120), 0), written(2 * n + 1, prose(1000 + n, 120), 1)) for n in range(10)]

    async def main() -> None:
        async with place.open() as database:
            for one, other in pairs:
                await asyncio.gather(batches(database).store([one]), batches(database).store([other]))

    asyncio.run(main())
    assert heads(Archive(place)) == {
        key: head for one, other in pairs for key, head in ((one.key, None), (other.key, one.key))
    }


def test_articles_too(archive: Archive) -> None:
    one = article(TEXT, "https://one.example/2026/03/03/some-long-slug", published_at=NOON)
    other = article(edited(TEXT, 0.08), "https://two.example/a/b/c-d-e", published_at=NOON + timedelta(hours=1))
    archive.store([other], [one])
    found = {each["_id"]: each["near_duplicate_of"] for each in archive.all("articles")}
    assert found == {one.key: None, other.key: one.key}


def test_the_run_hears_of_each_that_has_an_earlier_also_where_that_comes_last(place: Place) -> None:
    told: list[str] = []

    async def main() -> None:
        async with place.open() as database:
            writer = batches(database, on_found=lambda item, verdict: told.append(f"{item.key} {verdict}"))
            for item in (SECOND, OTHER, FIRST, THIRD):
                await writer.store([replace(item)])

    asyncio.run(main())
    assert told == [f"{SECOND.key} duplicate", f"{THIRD.key} duplicate"]
