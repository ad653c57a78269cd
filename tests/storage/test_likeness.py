"""Groups of pictures that are the same, in a real database."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from random import Random
from typing import Any

import pytest

from forumcrawl.items import ImageFile
from forumcrawl.items.document import to_document
from forumcrawl.media.dhash import NEAR, bands, distance
from forumcrawl.storage.likeness import Likeness
from forumcrawl.storage.lookup import Lookup
from forumcrawl.storage.patience import Patience
from tests.items.samples import NOON
from tests.storage.conftest import Place, batches
from tests.storage.matched import Archive

CHANCE = Random(5)
HASH = CHANCE.getrandbits(63)
UUID = "d66f811f-09b5-49c0-ade1-45c88c963624"


def turned(dhash: int, bits: int, chance: Random = CHANCE) -> int:
    """A hash that differs in so many bits."""
    for bit in chance.sample(range(63), bits):
        dhash ^= 1 << bit
    return dhash


def stored(number: int, dhash: int | None = None, **said: Any) -> ImageFile:
    said = {"outcome": "stored", "sha256": f"{number:064}", "fetched_at": NOON + timedelta(hours=number), **said}
    keys = None if dhash is None else bands(dhash)
    return ImageFile(site="h.example", url=f"https://h.example/{number}", dhash=dhash, dhash_keys=keys, **said)


FIRST = stored(1, HASH)
NEARLY = stored(2, turned(HASH, NEAR))
SAME_BYTES = stored(3, sha256=FIRST.sha256)
SAME_UUID = stored(4, source_uuid=UUID)
UUID_TOO = stored(5, turned(HASH, NEAR), source_uuid=UUID)
OTHER = stored(6, turned(HASH, NEAR + 1))
BARE = stored(7)


@pytest.fixture
def archive(place: Place) -> Archive:
    return Archive(place)


def groups(archive: Archive) -> dict[str, str | None]:
    return {each["_id"]: each["same_as"] for each in archive.all("images")}


def expected(*members: ImageFile, alone: Sequence[ImageFile] = ()) -> dict[str, str | None]:
    return {**{each.key: members[0].key for each in members}, **{each.key: each.key for each in alone}}


def test_by_bytes_by_uuid_and_by_appearance_and_nothing_else(archive: Archive) -> None:
    archive.store([FIRST], [NEARLY, OTHER], [BARE], [SAME_BYTES], [UUID_TOO, SAME_UUID])
    assert groups(archive) == expected(FIRST, NEARLY, SAME_BYTES, UUID_TOO, SAME_UUID, alone=[OTHER, BARE])


@pytest.mark.parametrize("order", list(permutations([FIRST, NEARLY, SAME_BYTES])))
def test_the_one_that_was_stored_first_stands_for_all(archive: Archive, order: Sequence[ImageFile]) -> None:
    archive.store(*([replace(each, fetched_at=NOON + timedelta(hours=n))] for n, each in enumerate(order)))
    assert groups(archive) == expected(*order)


def test_groups_that_a_later_picture_ties_become_one(archive: Archive) -> None:
    archive.store([FIRST], [SAME_UUID], [SAME_BYTES], [UUID_TOO])
    assert groups(archive) == expected(FIRST, SAME_UUID, SAME_BYTES, UUID_TOO)


def test_the_same_bytes_are_found_among_many(archive: Archive) -> None:
    archive.store([stored(n) for n in range(20, 60)], [FIRST], [stored(n) for n in range(60, 70)], [SAME_BYTES])
    assert groups(archive)[SAME_BYTES.key] == FIRST.key


def test_again_and_together_it_is_the_same(archive: Archive) -> None:
    said = ImageFile(site="h.example", url=FIRST.url, outcome="pending", seen_in=["f/post/1"], fetched_at=NOON)
    archive.store([NEARLY, FIRST], [FIRST, said], [NEARLY])
    assert groups(archive) == expected(FIRST, NEARLY)


def test_pictures_without_a_file_are_in_no_group(archive: Archive) -> None:
    gone = stored(9, outcome="gone", sha256=None, source_uuid=UUID)
    archive.store([gone], [SAME_UUID])
    assert groups(archive) == {gone.key: None, SAME_UUID.key: SAME_UUID.key}


def test_what_a_writer_that_died_left_in_no_group_is_assigned_with_the_next(place: Place) -> None:
    async def main() -> None:
        async with place.open() as database:
            await batches(database).store([FIRST])
            await database["images"].update_many({}, {"$set": {"same_as": None, "compared": None}})
            await batches(database).store([SAME_BYTES])
            await batches(database).store([NEARLY])

    asyncio.run(main())
    assert groups(Archive(place)) == expected(FIRST, SAME_BYTES, NEARLY)


def test_writers_at_once_come_to_one_group(place: Place) -> None:
    forms = [[stored(10 * n + m, turned(Random(n).getrandbits(63), m % 3)) for m in range(6)] for n in range(1, 7)]

    async def main() -> None:
        async with place.open() as database:
            for members in forms:
                await asyncio.gather(*(batches(database).store([each]) for each in members))

    asyncio.run(main())
    found = groups(Archive(place))
    assert [len({found[each.key] for each in members}) for members in forms] == [1] * len(forms)
    assert len(set(found.values())) == len(forms)


def test_a_query_by_distance_finds_what_a_scan_finds(place: Place) -> None:
    images = [stored(n, turned(HASH, CHANCE.randrange(12))) for n in range(40)]

    async def main() -> list[list[tuple[int, str]]]:
        async with place.open() as database:
            await database["images"].insert_many([to_document(each) for each in (*images, stored(400))])
            likeness = Likeness(database, patience := Patience(10), Lookup(database, patience))
            return [await likeness.like(HASH, most) for most in (0, NEAR, 7)]

    scanned = sorted((distance(HASH, each.dhash or 0), each.key) for each in images)
    found = asyncio.run(main())
    assert found == [[each for each in scanned if each[0] <= most] for most in (0, NEAR, 7)]
    assert found[0]


def test_a_picture_that_hundreds_show_at_addresses_of_their_own_is_found(archive: Archive) -> None:
    archive.store([stored(n, HASH, sha256="7" * 64) for n in range(105)], [stored(900, turned(HASH, 5))])
    assert set(groups(archive).values()) == {"https://h.example/0"}
