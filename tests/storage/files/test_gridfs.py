from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from bson import ObjectId
from gridfs import AsyncGridFSBucket
from pymongo.errors import PyMongoError

from forumcrawl.storage.errors import StorageUnavailable
from forumcrawl.storage.files.opening import open_store
from forumcrawl.storage.files.store import FilesUnavailable
from tests.storage.conftest import Place, Server
from tests.storage.files import file, files
from tests.storage.files.test_store import listed


def test_of_many_writers_of_one_path_exactly_one_is_told_that_it_was_new(place: Place) -> None:
    async def main() -> None:
        path, data = file(1, 700_000)
        async with place.open(prepared=False) as one, place.open(prepared=False) as two:
            stores = [await open_store("gridfs://", database=database) for database in (one, two)]
            told = await asyncio.gather(*(store.put(path, data) for _ in range(10) for store in stores))
            assert told.count(True) == 1
            assert [entry["_id"] async for entry in one["fs.files"].find()] == [path]
            assert sorted([chunk["n"] async for chunk in one["fs.chunks"].find()]) == [0, 1, 2]

    asyncio.run(main())


def test_the_drivers_own_bucket_reads_what_is_stored(place: Place) -> None:
    async def main() -> None:
        kept = dict([file(1, 0), file(2, 10), file(3, 255 * 1024), file(4, 255 * 1024 + 1), file(5, 2_000_000)])
        async with place.open(prepared=False) as database:
            store = await open_store("gridfs://pictures", database=database)
            for path, data in kept.items():
                await store.put(path, data)
            bucket = AsyncGridFSBucket(database, "pictures")
            for path, data in kept.items():
                by_id = await bucket.open_download_stream(path)
                assert await by_id.read() == data
                assert (await bucket.open_download_stream_by_name(path)).length == len(data)

    asyncio.run(main())


def test_what_a_killed_writer_left_is_no_file_and_the_next_writer_of_the_path_writes_over_it(place: Place) -> None:
    async def main() -> None:
        path, data = file(1, 600_000)
        async with place.open(prepared=False) as database:
            store = await open_store("gridfs://", database=database)
            for n in (0, 1, 7):
                await database["fs.chunks"].insert_one({"files_id": path, "n": n, "data": b"half"})
            assert await store.size(path) is None
            assert await store.get(path) is None
            assert await listed(store) == []
            assert await store.put(path, data)
            assert await store.get(path) == data

    asyncio.run(main())


def test_chunks_without_a_file_are_swept_when_they_are_old(place: Place) -> None:
    async def main() -> None:
        kept, begun = files(30), [file(seed)[0] for seed in range(100, 130)]
        old, young = begun[:25], begun[25:]
        then = ObjectId.from_datetime(datetime.now(UTC) - timedelta(hours=2))
        async with place.open(prepared=False) as database:
            store = await open_store("gridfs://", database=database)
            for path, data in kept.items():
                await store.put(path, data)
            for place_in, path in enumerate(begun):
                name = ObjectId(then.binary[:4] + place_in.to_bytes(8, "big")) if path in old else ObjectId()
                await database["fs.chunks"].insert_one({"_id": name, "files_id": path, "n": 0, "data": b"half"})
            assert await store.sweep(3600) == len(old)
            left = {chunk["files_id"] async for chunk in database["fs.chunks"].find({}, {"files_id": 1})}
            assert left == {*kept, *young}

    asyncio.run(main())


def test_a_database_that_is_not_there_is_said_after_the_patience(nowhere: Place) -> None:
    async def main() -> None:
        async with nowhere.open(prepared=False, selection_ms=100) as database:
            with pytest.raises(FilesUnavailable, match=r"bucket 'fs' of MongoDB \(no success in 0\.3 s: Serv.*: see"):
                await open_store("gridfs://", database=database, seconds=0.3)

    asyncio.run(main())


def test_a_server_that_dies_is_mended_and_a_put_of_that_time_succeeds(own_server: Server) -> None:
    async def mend(error: PyMongoError) -> None:
        if own_server.process is None:
            await asyncio.to_thread(own_server.start)

    async def main() -> None:
        path, data = file(1, 600_000)
        async with Place(own_server.uri, "test").open(prepared=False) as database:
            store = await open_store("gridfs://", database=database, on_retry=mend)
            own_server.kill()
            await store.put(path, data)
            own_server.kill()
            assert await store.get(path) == data

    asyncio.run(main())


def test_a_server_that_is_given_up_ends_the_waiting(nowhere: Place) -> None:
    async def give_up(error: PyMongoError) -> None:
        raise StorageUnavailable("the embedded server is gone")

    async def main() -> None:
        async with nowhere.open(prepared=False, selection_ms=100) as database:
            with pytest.raises(FilesUnavailable, match="the embedded server is gone"):
                await open_store("gridfs://", database=database, on_retry=give_up)

    asyncio.run(main())
