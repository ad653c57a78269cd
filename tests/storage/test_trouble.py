"""Batches in trouble: other writers, lost answers, a server that is killed."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from datetime import timedelta

import pytest
from pymongo.errors import PyMongoError

from forumcrawl.items import Member, ThreadRead
from forumcrawl.items.restore import restore
from forumcrawl.storage.batch import Batches
from forumcrawl.storage.changes import Verdict
from forumcrawl.storage.errors import StorageUnavailable
from forumcrawl.storage.mongo import Database
from forumcrawl.storage.patience import Patience
from forumcrawl.storage.writer import BatchWriter
from tests.items.samples import NOON, card, full_post, page, read_of, row
from tests.storage.conftest import Place, Server, batches, stored

LATER = NOON + timedelta(days=1)


def test_two_writers_of_one_thread_lose_nothing(place: Place) -> None:
    """Each with its own client, each reading every other page; and both meet the same new posts and member."""
    pages = 40

    async def reader(first: int, verdicts: list[Verdict]) -> None:
        async with place.open() as database:
            store = batches(database)
            for number in range(first, pages + 1, 2):
                posts = [full_post(number // 2 * 10 + each, run_id=str(first)) for each in range(3)]
                read = read_of(number, of=pages)
                verdicts += (await store.store([*posts, card(extras={str(number): "seen"}), read]))[:3]

    async def main() -> None:
        one: list[Verdict] = []
        two: list[Verdict] = []
        async with place.open() as database:
            await asyncio.gather(reader(1, one), reader(2, two))
            read = ThreadRead.from_document(await stored(database, read_of(1)))
            member = restore(Member, await stored(database, card()))
        assert (read.upto, read.ahead) == (pages, {})
        assert member.extras is not None
        assert set(member.extras) == {str(number) for number in range(1, pages + 1)}
        told = [*one, *two]
        assert told.count("new") == 3 * (pages // 2 + 1)
        assert set(told) == {"new", "unchanged"}

    asyncio.run(main())


def test_a_write_whose_answer_was_lost_is_done_once_and_still_counts_as_new(place: Place) -> None:
    async def main() -> None:
        retries: list[PyMongoError] = []

        async def on_retry(error: PyMongoError) -> None:
            retries.append(error)

        async with place.open() as database:
            store = Batches(database, Patience(20, on_retry))
            await store.store([row(), full_post(1)])
            for command in ("insert", "update"):
                await _lose_one_answer(database, command)
            items = [full_post(1, text="edited", fetched_at=LATER), full_post(2), page(fetched_at=LATER), read_of(1)]
            assert await store.store(items) == ["changed", "new", "changed", "new"]
            assert await database.posts.count_documents({}) == 2
            assert (await stored(database, full_post(1)))["text"] == "edited"
        assert retries

    asyncio.run(main())


async def _lose_one_answer(database: Database, command: str) -> None:
    """The next such command is carried out, but reported as not known to be durable."""
    concern = {"code": 64, "codeName": "WriteConcernTimeout", "errmsg": "waiting for replication timed out"}
    data = {"failCommands": [command], "writeConcernError": concern}
    mode = {"times": 1}
    await database.client.admin.command({"configureFailPoint": "failCommand", "mode": mode, "data": data})


def test_a_failure_that_will_not_pass_ends_it_at_once(place: Place) -> None:
    async def main() -> None:
        async with place.open() as database:
            data = {"failCommands": ["insert"], "errorCode": 13}
            mode = {"times": 1}
            await database.client.admin.command({"configureFailPoint": "failCommand", "mode": mode, "data": data})
            with pytest.raises(StorageUnavailable, match="refuses"):
                await batches(database, 60).store([full_post()])

    asyncio.run(main())


def test_all_that_was_acknowledged_survives_a_killed_server(own_server: Server) -> None:
    """The server is killed in the middle of writing and comes back a second later; nobody has to be told."""
    place = Place(own_server.uri, "test")
    verdicts: dict[int, Verdict] = {}
    retries: list[PyMongoError] = []

    async def on_retry(error: PyMongoError) -> None:
        retries.append(error)

    async def main() -> None:
        async with place.open(selection_ms=500) as database:
            writer = BatchWriter(Batches(database, Patience(30, on_retry)).store, size=50, wait=0.01)
            numbers = itertools.count()
            stop = asyncio.Event()

            async def crawl() -> None:
                while not stop.is_set():
                    number = next(numbers)
                    verdicts[number] = await writer.submit(full_post(number))

            crawls = [asyncio.create_task(crawl()) for _ in range(200)]
            await _until(lambda: len(verdicts) >= 1000)
            await asyncio.to_thread(own_server.kill)
            acknowledged = set(verdicts)
            await asyncio.sleep(1)
            await asyncio.to_thread(own_server.start)
            found = {document["post_id"] async for document in database.posts.find({}, ["post_id"])}
            assert acknowledged <= found
            await _until(lambda: len(verdicts) >= 2 * len(acknowledged))
            stop.set()
            await asyncio.gather(*crawls)
            await writer.close(10)
            assert await database.posts.count_documents({}) == len(verdicts)

    asyncio.run(main())
    assert retries
    assert set(verdicts.values()) == {"new"}


async def _until(reached: Callable[[], bool], seconds: float = 30.0) -> None:
    async with asyncio.timeout(seconds):
        while not reached():
            await asyncio.sleep(0.01)


def test_a_database_that_stays_away_ends_the_writer_after_its_patience(own_server: Server) -> None:
    place = Place(own_server.uri, "test")
    told: list[StorageUnavailable] = []

    async def main() -> None:
        async with place.open(selection_ms=200) as database:
            writer = BatchWriter(batches(database, 1.0).store, size=10, wait=0.01, on_failed=told.append)
            assert await writer.submit(full_post(1)) == "new"
            await asyncio.to_thread(own_server.kill)
            now = asyncio.get_running_loop().time
            started = now()
            results = await asyncio.gather(*(writer.submit(full_post(n)) for n in range(30)), return_exceptions=True)
            assert 0.9 < now() - started < 5
            assert {type(result) for result in results} == {StorageUnavailable}
            started = now()
            with pytest.raises(StorageUnavailable, match="no success in 1 s"):
                await writer.submit(full_post(2))
            assert now() - started < 0.1
            await writer.close(5)

    asyncio.run(main())
    assert len(told) == 1
