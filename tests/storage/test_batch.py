"""Batches of items into a real database: verdicts, order, refusals. Races and outages: test_trouble.py."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from pymongo import AsyncMongoClient, monitoring

from forumcrawl.items import Item, Post, Rejected
from forumcrawl.items.document import to_document
from forumcrawl.items.forum import Author
from forumcrawl.items.merge import merged
from forumcrawl.items.restore import restore
from forumcrawl.storage.mongo import Document
from tests.items.samples import NOON, card, full_post, page, read_of, row
from tests.storage.conftest import Place, batches, stored

LATER = NOON + timedelta(days=1)


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
        writes = Writes()
        client: AsyncMongoClient[Document] = AsyncMongoClient(place.uri, event_listeners=[writes], tz_aware=True)
        try:
            items = [read_of(1), full_post(1), card(), read_of(2), full_post(2)]
            assert await batches(client[place.name]).store(items) == ["new", "new", "new", "changed", "new"]
        finally:
            await client.close()
        assert writes.order[-2:] == ["thread_reads", "acknowledged"]
        assert writes.order.count("thread_reads") == 1
        assert writes.order[1::2] == ["acknowledged"] * 4  # traces, posts, cards, what was read

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


def test_each_bulk_write_is_reported(place: Place) -> None:
    async def main() -> None:
        heard: list[tuple[int, float]] = []
        items: Sequence[Item] = [full_post(1), full_post(2), card()]
        async with place.open() as database:
            await batches(database, on_write=lambda *written: heard.append(written)).store(items)
        assert [operations for operations, _ in heard] == [2, 1]
        assert all(0 < seconds < 10 for _, seconds in heard)

    asyncio.run(main())
