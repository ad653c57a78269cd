"""Which pictures may be asked for, which are gone through, and how one is forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any, TypeVar

import pytest

from forumcrawl.items import ImageFile
from forumcrawl.storage.archive import Archive
from forumcrawl.storage.mongo import Database
from forumcrawl.storage.patience import Patience
from tests.items.samples import NOON
from tests.storage.conftest import Place, batches, stored

T = TypeVar("T")
MINUTE = timedelta(minutes=1)


def image(number: int = 1, **said: Any) -> ImageFile:
    said = {"outcome": "pending", "next_try_at": NOON, "fetched_at": NOON, **said}
    return ImageFile(site="h.example", url=f"https://h.example/{number:04}.jpg", **said)


def in_database(place: Place, items: Sequence[ImageFile], act: Callable[[Archive, Database], Awaitable[T]]) -> T:
    async def main() -> T:
        async with place.open() as database:
            await batches(database).store(items)
            return await act(Archive(database, Patience(10)), database)

    return asyncio.run(main())


def test_one_that_nobody_stored_is_claimed_and_stored(place: Place) -> None:
    async def act(archive: Archive, database: Database) -> None:
        assert await archive.claim_image(image(forum="f"), "job", NOON)
        found = await stored(database, image())
        assert (found["claimed_by"], found["outcome"], found["next_try_at"]) == ("job", "pending", NOON)
        assert (found["first_seen_at"], found["forum"]) == (NOON, "f")
        await batches(database).store([image(seen_in=["f/post/1"]), image(outcome="gone", next_try_at=None)])
        found = await stored(database, image())
        assert (found["outcome"], found["claimed_by"], found["seen_in"]) == ("gone", None, ["f/post/1"])

    in_database(place, [], act)


@pytest.mark.parametrize(
    ("said", "granted"),
    [
        ({}, True),
        ({"outcome": "failed", "tries": 1, "next_try_at": NOON - MINUTE}, True),
        ({"outcome": "failed", "tries": 1, "next_try_at": NOON + MINUTE}, False),
        ({"outcome": "stored", "next_try_at": None}, False),
        ({"claimed_by": "other", "claimed_until": NOON + 10 * MINUTE}, False),
        ({"claimed_by": "other", "claimed_until": NOON - timedelta(seconds=1)}, True),
        ({"claimed_by": "job", "claimed_until": NOON + 10 * MINUTE}, True),
    ],
)
def test_one_that_is_due_and_free_is_claimed(place: Place, said: dict[str, Any], granted: bool) -> None:
    async def act(archive: Archive, database: Database) -> None:
        before = await stored(database, image())
        assert await archive.claim_image(image(), "job", NOON) is granted
        after = await stored(database, image())
        claim = {"claimed_by": "job", "claimed_until": NOON + 10 * MINUTE}
        assert after == ({**before, **claim} if granted else before)

    in_database(place, [image(**said)], act)


@pytest.mark.parametrize(("later", "granted"), [(9 * MINUTE, False), (11 * MINUTE, True)])
def test_a_claim_holds_ten_minutes(place: Place, later: timedelta, granted: bool) -> None:
    async def act(archive: Archive, _: Database) -> None:
        assert await archive.claim_image(image(), "one", NOON)
        assert await archive.claim_image(image(), "other", NOON + later) is granted

    in_database(place, [], act)


@pytest.mark.parametrize("known", [[], [image()]])
def test_of_twenty_at_once_exactly_one_may(place: Place, known: list[ImageFile]) -> None:
    async def act(archive: Archive, _: Database) -> list[bool]:
        return await asyncio.gather(*(archive.claim_image(image(), f"job {number}", NOON) for number in range(20)))

    assert sum(in_database(place, known, act)) == 1


def test_those_due_are_the_forums_own(place: Place) -> None:
    due = [image(number, forum="f") for number in range(3)]
    others = [image(7, forum="other"), image(8, forum="f", next_try_at=NOON + MINUTE), image(9, next_try_at=None)]

    async def act(archive: Archive, _: Database) -> list[str]:
        return [each.key async for each in archive.images_due("f", NOON)]

    assert in_database(place, [*others, *due], act) == [each.key for each in due]


def test_those_stored_come_in_the_order_of_their_hashes_each_once(place: Place) -> None:
    shared = [image(number, outcome="stored", sha256="7" * 64) for number in range(450)]
    kept = [image(number, outcome="stored", sha256=f"{number % 16:x}{number:063}") for number in range(500, 820)]

    async def act(archive: Archive, _: Database) -> list[tuple[str | None, str]]:
        return [(each.sha256, each.key) async for each in archive.images_stored()]

    found = in_database(place, [*kept, *shared, image(900)], act)
    assert [digest for digest, _ in found] == sorted(each.sha256 or "" for each in [*shared, *kept])
    assert sorted(key for _, key in found) == sorted(each.key for each in [*shared, *kept])


def test_one_that_is_forgotten_is_due_and_the_same_file_is_stored_again(place: Place) -> None:
    file = image(outcome="stored", next_try_at=None, sha256="a" * 64, path="p", thumbnail="t", tries=1, seen_in=["x"])

    async def act(archive: Archive, database: Database) -> None:
        await archive.fetch_again([file.key], NOON)
        found = (await archive.images([file.key]))[file.key]
        assert (found.outcome, found.next_try_at, found.sha256, found.path) == ("pending", NOON, None, None)
        assert found.seen_in == ["x"]
        assert await archive.claim_image(image(), "job", NOON)
        await batches(database).store([file])
        found = (await archive.images([file.key]))[file.key]
        assert (found.outcome, found.next_try_at, found.sha256, found.path) == ("stored", None, "a" * 64, "p")

    in_database(place, [file], act)


@pytest.mark.parametrize(("owner", "granted"), [("one", True), ("other", False)])
def test_only_who_claimed_a_picture_can_release_it(place: Place, owner: str, granted: bool) -> None:
    async def act(archive: Archive, database: Database) -> None:
        assert await archive.claim_image(image(), "one", NOON)
        await archive.release_image(image().key, owner)
        assert await archive.claim_image(image(), "third", NOON) is granted

    in_database(place, [image()], act)
