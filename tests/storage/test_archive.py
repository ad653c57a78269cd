from __future__ import annotations

import asyncio

import pytest

from forumcrawl.items.merge import merged
from forumcrawl.storage.archive import Archive
from forumcrawl.storage.batch import Batches
from forumcrawl.storage.errors import StorageUnavailable
from forumcrawl.storage.patience import Patience
from tests.items.samples import FORUM, read_of
from tests.storage.conftest import Place


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
