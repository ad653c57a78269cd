"""Batches of items into a real database: verdicts, refusals, races, and a server that is killed."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from pymongo import monitoring
from pymongo.errors import PyMongoError

from forumcrawl.items import Item, Member, Post, Rejected, ThreadRead
from forumcrawl.items.document import to_document
from forumcrawl.items.forum import Author
from forumcrawl.items.merge import merged
from forumcrawl.items.restore import restore
from forumcrawl.storage.batch import Batches
from forumcrawl.storage.changes import Verdict
from forumcrawl.storage.errors import StorageUnavailable
from forumcrawl.storage.mongo import Database, Document
from forumcrawl.storage.patience import Patience
from forumcrawl.storage.writer import BatchWriter
from tests.items.samples import NOON, card, full_post, page, read_of, row
from tests.storage.conftest import Place, Server

LATER = NOON + timedelta(days=1)


def batches(database: Database, seconds: float = 20.0, **options: Any) -> Batches:
    return Batches(database, Patience(seconds), **options)


async def stored(database: Database, item: Item) -> Document:
    found = await database[item.collection].find_one({"_id": item.key})
    assert found is not None
    return found


def test_new_unchanged_and_changed(place: Place) -> None:
    async def main() -> None:
        async with place.open() as database:
            assert await batches(database).store([full_post()]) == ["new"]
            first = await stored(database, full_post())
            assert (first["first_seen_at"], first["changed_at"], first["run_id"]) == (NOON, NOON, "run")
            again = full_post(fetched_at=LATER, run_id="second", author=Author(**{**_card(), "messages": 99}))
            assert await batches(database).store([again]) == ["unchanged"]
            assert await stored(database, again) == first
            edited = full_post(text="edited", fetched_at=LATER, run_id="second")
            assert await batches(database).store([edited]) == ["changed"]
            after = await stored(database, edited)
            assert (after["first_seen_at"], after["changed_at"], after["run_id"]) == (NOON, LATER, "second")
            assert after["content_hash"] != first["content_hash"]

    asyncio.run(main())


def _card() -> dict[str, Any]:
    author = full_post().author
    return {name: getattr(author, name) for name in Author.__dataclass_fields__}


def test_every_field_comes_back_as_it_went_in(place: Place) -> None:
    async def main() -> None:
        item = full_post()
        async with place.open() as database:
            await batches(database).store([item])
            document = await stored(database, item)
        assert document["author"]["extras"] == {"Location": "x", "a.b": "1", "$c": "d", "": "e"}
        expected = to_document(item) | {"first_seen_at": NOON, "changed_at": NOON}
        assert document | {"content_hash": None} == expected
        assert restore(Post, document).links == item.links

    asyncio.run(main())


def test_labels_with_dots_and_dollars_survive_an_update_too(place: Place) -> None:
    async def main() -> None:
        async with place.open() as database:
            await batches(database).store([card(extras={"a.b": "1"})])
            await batches(database).store([card(extras={"$c": "2", "x.$y.z": "3"}, title="t")])
            document = await stored(database, card())
        assert document["extras"] == {"a.b": "1", "$c": "2", "x.$y.z": "3"}

    asyncio.run(main())


def test_parts_in_one_batch_and_in_several_make_the_same_thread(place: Place) -> None:
    async def main() -> None:
        both = to_document(merged(row(), page()))
        async with place.open() as database:
            assert await batches(database).store([row(), page(), row()]) == ["new", "changed", "unchanged"]
            together = await stored(database, row())
            await database.threads.delete_many({})
            for item, verdict in ((row(), "new"), (page(), "changed"), (row(), "unchanged")):
                assert await batches(database).store([item]) == [verdict]
            apart = await stored(database, row())
        assert together == apart
        envelope = ("content_hash", "first_seen_at", "changed_at")
        assert {**together, **dict.fromkeys(envelope)} == {**both, **dict.fromkeys(envelope)}

    asyncio.run(main())


def test_of_an_unchanged_member_only_the_counters_that_moved_are_written(place: Place) -> None:
    async def main() -> None:
        async with place.open() as database:
            await batches(database).store([card()])
            before = await stored(database, card())
            assert await batches(database).store([card(messages=11, fetched_at=LATER)]) == ["unchanged"]
            assert await stored(database, card()) == before | {"messages": 11}

    asyncio.run(main())


def test_the_same_part_again_is_not_even_looked_up(place: Place) -> None:
    async def main() -> None:
        async with place.open() as database:
            store = batches(database)
            await store.store([card(), row()])
            await database.members.delete_many({})
            assert await store.store([card(run_id="other"), row()]) == ["unchanged", "unchanged"]
            assert await database.members.count_documents({}) == 0
            assert await store.store([card(messages=11)]) == ["new"]

    asyncio.run(main())


class Writes(monitoring.CommandListener):
    """The collections written to, in order."""

    def __init__(self) -> None:
        self.order: list[str] = []

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if event.command_name in ("insert", "update"):
            self.order.append(event.command[event.command_name])

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        if event.command_name in ("insert", "update"):
            self.order.append("acknowledged")

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        self.order.append("failed")


def test_what_was_read_of_a_thread_is_written_after_its_posts_are_durable(place: Place) -> None:
    async def main() -> None:
        from pymongo import AsyncMongoClient

        writes = Writes()
        client: AsyncMongoClient[Document] = AsyncMongoClient(place.uri, event_listeners=[writes], tz_aware=True)
        try:
            items = [read_of(1), full_post(1), card(), read_of(2), full_post(2)]
            assert await batches(client[place.name]).store(items) == ["new", "new", "new", "changed", "new"]
        finally:
            await client.close()
        assert writes.order[-2:] == ["thread_reads", "acknowledged"]
        assert writes.order.count("thread_reads") == 1
        assert writes.order[1::2] == ["acknowledged"] * 3

    asyncio.run(main())


def test_an_item_the_validator_refuses_is_kept_as_rejected_and_the_rest_is_stored(place: Place) -> None:
    async def main() -> None:
        bad = full_post(2, number="five")
        async with place.open() as database:
            verdicts = await batches(database).store([full_post(1), bad, full_post(3)])
            assert verdicts == ["new", "rejected", "new"]
            assert await database.posts.count_documents({}) == 2
            record = await stored(database, Rejected(forum="f", type="posts", item={"_id": bad.key}))
            assert (record["field"], record["item"]["number"]) == ("number", "five")
            assert "code 121" in record["reason"]
            assert await batches(database).store([full_post(2, number="five", run_id="x")]) == ["rejected"]
            assert await stored(database, restore(Rejected, record)) == record

    asyncio.run(main())


UNSTORABLE: list[tuple[Post, str]] = [
    (full_post(2, text="\ud800"), "surrogates not allowed"),
    (full_post(2, number=1 << 70), "8-byte ints"),
    (full_post(2, html="x" * (17 << 20)), "MongoDB holds"),
    (full_post(2, author=Author(extras={"a\0b": "c"})), "NULL byte"),
]


@pytest.mark.parametrize(("bad", "reason"), UNSTORABLE, ids=[reason for _, reason in UNSTORABLE])
def test_what_cannot_be_encoded_is_rejected_and_the_rest_is_stored(place: Place, bad: Post, reason: str) -> None:
    async def main() -> None:
        async with place.open() as database:
            assert await batches(database).store([full_post(1), bad, full_post(3)]) == ["new", "rejected", "new"]
            records = await database.rejected.find().to_list()
            assert [record["item"]["_id"] for record in records] == [bad.key]
            assert reason in records[0]["reason"]

    asyncio.run(main())


def test_a_rejected_item_of_the_validation_is_stored_as_such(place: Place) -> None:
    async def main() -> None:
        item = Rejected(forum="f", type="posts", item={"_id": "f/post/1"}, field="text", reason="bad", fetched_at=NOON)
        async with place.open() as database:
            assert await batches(database).store([item]) == ["rejected"]
            assert (await stored(database, item))["reason"] == "bad"

    asyncio.run(main())


def test_a_batch_larger_than_a_message_is_split(place: Place) -> None:
    async def main() -> None:
        items = [full_post(number, html=str(number) * (13 << 20)) for number in range(4)]
        async with place.open() as database:
            assert await batches(database).store(items) == ["new"] * 4
            lengths = await database.posts.aggregate([{"$project": {"n": {"$strLenBytes": "$html"}}}])
            assert [each["n"] async for each in lengths] == [13 << 20] * 4

    asyncio.run(main())


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


def test_each_bulk_write_is_reported(place: Place) -> None:
    async def main() -> None:
        heard: list[tuple[int, float]] = []
        items: Sequence[Item] = [full_post(1), full_post(2), card()]
        async with place.open() as database:
            await batches(database, on_write=lambda *written: heard.append(written)).store(items)
        assert [operations for operations, _ in heard] == [2, 1]
        assert all(0 < seconds < 10 for _, seconds in heard)

    asyncio.run(main())
