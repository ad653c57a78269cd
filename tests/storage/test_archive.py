from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any, TypeVar

import pytest

from forumcrawl.items import Article, Item, SourceLink
from forumcrawl.items.merge import merged
from forumcrawl.storage.archive import Archive
from forumcrawl.storage.batch import Batches
from forumcrawl.storage.errors import StorageUnavailable
from forumcrawl.storage.patience import Patience
from tests.items.samples import FORUM, NOON, full_post, read_of, row
from tests.storage.conftest import Place

T = TypeVar("T")


def test_what_was_read_of_many_threads_comes_back_by_key(place: Place) -> None:
    async def main() -> None:
        async with place.open() as database:
            reads = [read_of(1, thread_id=number) for number in range(1, 46)]
            await Batches(database, Patience(10)).store(reads)
            keys = [f"{FORUM}/thread/{number}" for number in range(1, 100)]
            found = await Archive(database, Patience(10)).thread_reads(keys)
        assert set(found) == {read.key for read in reads}
        for read in reads:
            expected = merged(None, read)
            got = found[read.key]
            assert (got.upto, got.last, got.newest_at) == (1, expected.last, expected.newest_at)

    asyncio.run(main())


def asked(place: Place, items: Sequence[Item], question: Callable[[Archive], Awaitable[T]]) -> T:
    """What the archive of these items answers."""

    async def main() -> T:
        async with place.open() as database:
            await Batches(database, Patience(10)).store(items)
            return await question(Archive(database, Patience(10)))

    return asyncio.run(main())


def link(number: int, site: str = "source.example", **said: Any) -> SourceLink:
    said = {"outcome": "pending", "next_try_at": NOON, **said}
    return SourceLink(site=site, url=f"https://{site}/{number:04}", fetched_at=NOON, **said)


def test_what_became_of_links_comes_back_by_key(place: Place) -> None:
    stored = [link(1, post_ids=["p"]), link(2, outcome="blocked", tries=1)]
    found = asked(place, stored, lambda archive: archive.links([each.key for each in (*stored, link(3))]))
    assert {key: (each.outcome, each.post_ids, each.tries) for key, each in found.items()} == {
        stored[0].key: ("pending", ["p"], None),
        stored[1].key: ("blocked", [], 1),
    }


def test_links_are_due_from_their_time_on_in_order_however_many(place: Place) -> None:
    due = [link(number, next_try_at=NOON - timedelta(seconds=number % 7)) for number in range(450)]
    others = [link(900, next_try_at=NOON + timedelta(seconds=1)), link(901, outcome="fetched", next_try_at=None)]

    async def keys(archive: Archive) -> list[str]:
        return [each.key async for each in archive.links_due(NOON)]

    assert asked(place, [*others, *reversed(due)], keys) == [each.key for each in due]


def test_links_that_are_due_can_be_those_of_one_site(place: Place) -> None:
    async def keys(archive: Archive) -> list[str]:
        return [each.key async for each in archive.links_due(NOON, "other.example")]

    other = link(2, "other.example")
    assert asked(place, [link(1), other, link(3, "other.example.org")], keys) == [other.key]


def test_a_link_that_is_answered_while_others_are_gone_through_hides_none(place: Place) -> None:
    due = [link(number) for number in range(210)]

    async def main() -> None:
        async with place.open() as database:
            store = Batches(database, Patience(10))
            await store.store(due)
            seen = []
            async for each in Archive(database, Patience(10)).links_due(NOON):
                seen.append(each.key)
                if len(seen) == 5:
                    await store.store([link(number, outcome="fetched", next_try_at=None) for number in range(5)])
        assert seen == [each.key for each in due]

    asyncio.run(main())


def test_stored_articles_come_back_with_their_origin(place: Place) -> None:
    feed, source = (
        Article(site="s.example", url=f"https://s.example/{origin}", origin=origin, fetched_at=NOON)
        for origin in ("feed", "source")
    )
    keys = [feed.key, source.key, "https://s.example/other"]
    found = asked(place, [feed, source], lambda archive: archive.articles(keys))
    assert found == {feed.key: "feed", source.key: "source"}


def test_the_first_post_that_names_a_link_comes_with_its_threads_title(place: Place) -> None:
    first, second = full_post(1), full_post(2)
    named = link(1, post_ids=[first.key, second.key])
    items = [row(title="عنوان"), first, second, named]
    post, title = asked(place, items, lambda archive: archive.first_post_naming(named.key))
    assert post is not None
    assert (post.key, post.text, title) == (first.key, first.text, "عنوان")


def test_a_link_that_no_stored_post_names_has_none(place: Place) -> None:
    for number, items in enumerate(([], [link(1)], [link(1, post_ids=["f/post/9"])])):
        own = Place(place.uri, f"{place.name}{number}")
        assert asked(own, items, lambda archive: archive.first_post_naming(link(1).key)) == (None, None)


def test_a_thread_that_is_not_stored_has_no_title(place: Place) -> None:
    named = link(1, post_ids=[full_post(1).key])
    post, title = asked(place, [full_post(1), named], lambda archive: archive.first_post_naming(named.key))
    assert (post is not None, title) == (True, None)


def test_no_key_asks_nothing(nowhere: Place) -> None:
    async def main() -> None:
        async with nowhere.open(prepared=False) as database:
            assert await Archive(database, Patience(1)).thread_reads([]) == {}

    asyncio.run(main())


def test_a_database_that_is_not_there_is_said_after_the_patience(nowhere: Place) -> None:
    async def main() -> None:
        async with nowhere.open(prepared=False, selection_ms=100) as database:
            started = asyncio.get_running_loop().time()
            with pytest.raises(StorageUnavailable, match=r"no success in 0\.5 s: ServerSelectionTimeoutError"):
                await Archive(database, Patience(0.5)).thread_reads(["x"])
            assert asyncio.get_running_loop().time() - started < 3

    asyncio.run(main())
