from __future__ import annotations

import asyncio
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pymongo.errors import WriteError

from forumcrawl.items import STORED, Item
from forumcrawl.items.base import Stored
from forumcrawl.items.document import to_document
from forumcrawl.items.schema import INDEXES, json_schema
from forumcrawl.items.trace import TRACES
from forumcrawl.storage.errors import StorageUnavailable, explained
from forumcrawl.storage.mongo import Document, connect, prepare, redacted
from tests.items.samples import full_post, items_of
from tests.storage.conftest import Place

SECRET = "geheim"
ADDRESSES = {
    f"mongodb://user:{SECRET}@db.example:27017/x?authSource=admin": "mongodb://***@db.example:27017/x",
    f"mongodb+srv://user:{SECRET}@db.example": "mongodb+srv://***@db.example",
    f"mongodb://u:p@{SECRET}@a.example,b.example/?tls=true": "mongodb://***@a.example,b.example/",
    f"mongodb://u:{SECRET}?/#@a.example": "mongodb://***@a.example",
    f"u:{SECRET}@a.example": "***@a.example",
    f"mongodb://u:{SECRET}/x": "mongodb://u:***/x",
    "mongodb://a.example:1,b.example:2/x": "mongodb://a.example:1,b.example:2/x",
    f"mongodb://a.example/?tlsCertificateKeyFilePassword={SECRET}": "mongodb://a.example/",
    "mongodb://127.0.0.1:27017": "mongodb://127.0.0.1:27017",
}


@pytest.mark.parametrize(("uri", "shown"), ADDRESSES.items())
def test_an_address_is_shown_without_user_password_and_options(uri: str, shown: str) -> None:
    assert redacted(uri) == shown


@given(st.text(min_size=1), st.text(min_size=1), st.sampled_from(["mongodb://", "mongodb+srv://", "http://", ""]))
def test_no_address_shows_what_stands_before_the_host(user: str, password: str, scheme: str) -> None:
    assert redacted(f"{scheme}{user}:{SECRET}{password}@host").count(SECRET) == 0


@pytest.mark.parametrize(
    "uri",
    [f"mongodb://u:{SECRET}/x@h", f"http://u:{SECRET}@h", f"mongodb://u:{SECRET}@h:port", f"mongodb://u:%{SECRET}@h"],
)
def test_an_address_that_is_none_is_refused_without_its_password(uri: str) -> None:
    with pytest.raises(StorageUnavailable, match="MONGODB_URI is not a valid address") as raised:
        connect(uri)
    assert SECRET not in str(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


def test_an_acknowledged_write_is_journaled_on_a_majority() -> None:
    async def main() -> Document:
        client = connect("mongodb://127.0.0.1:1")
        try:
            assert client.options.pool_options.socket_timeout == 60
            return dict(client.write_concern.document)
        finally:
            await client.close()

    assert asyncio.run(main()) == {"w": "majority", "j": True, "wtimeout": 30_000}


def test_prepare_makes_collections_validators_and_indexes_and_then_nothing_more(place: Place) -> None:
    async def main() -> None:
        async with place.open(prepared=False) as database:
            await asyncio.gather(*(prepare(database) for _ in range(3)))  # as crawls that start at once
            first = await described()
            started = time.monotonic()
            await prepare(database)
            assert time.monotonic() - started < 1
            assert await described() == first
            kinds: tuple[type[Stored], ...] = (*STORED, *TRACES)
            assert set(first) == {kind.collection for kind in kinds}
            for kind in kinds:
                options, indexes = first[kind.collection]
                assert options["validator"]["$jsonSchema"] == json_schema(kind)
                declared = [{"_id": 1}, *(dict(index) for index in INDEXES.get(kind.collection, ()))]
                assert sorted(map(str, indexes)) == sorted(map(str, declared))

    async def described() -> dict[str, tuple[Document, list[Document]]]:
        async with place.open(prepared=False) as database:
            found = {}
            async for entry in await database.list_collections():
                indexes = [dict(each["key"]) async for each in await database[entry["name"]].list_indexes()]
                found[entry["name"]] = (entry["options"], indexes)
            return found

    asyncio.run(main())


def test_prepare_brings_old_rules_up_to_date_and_old_documents_can_still_be_written(place: Place) -> None:
    async def main() -> None:
        async with place.open(prepared=False) as database:
            await database.create_collection("posts", validator={"$jsonSchema": {"required": ["old"]}})
            await database.posts.insert_one({"_id": "old", "old": 1})
            await prepare(database)
            await database.posts.insert_one(to_document(full_post()))
            with pytest.raises(WriteError):
                await database.posts.insert_one({"_id": "another", "old": 1})
            changed = await database.posts.update_one({"_id": "old"}, {"$set": {"text": "x"}})
            assert changed.modified_count == 1

    asyncio.run(main())


def test_an_index_that_an_operator_made_under_another_name_will_do(place: Place) -> None:
    async def main() -> None:
        async with place.open(prepared=False) as database:
            await database.posts.create_index([("created_at", 1)], name="mine")
            await prepare(database)
            assert {"mine", "_id_"} < set(await database.posts.index_information())

    asyncio.run(main())


FAULTS: dict[str, tuple[Document, str]] = {
    "type": ({"number": "x"}, "number"),
    "part": ({"author": {"name": 1}}, "author.name"),
    "list": ({"links": [{"url": "a"}, {"url": 1}]}, "links.1.url"),
    "closed": ({"reactions": {"count": 1, "names": [], "sum": 2}}, "reactions.sum"),
    "map": ({"author": {"extras": {"a": 1}}}, "author.extras.a"),
    "key": ({"_id": ""}, "_id"),
}


@pytest.mark.parametrize(("change", "field"), FAULTS.values(), ids=FAULTS)
def test_the_validator_refuses_what_the_annotations_do_not_allow(place: Place, change: Document, field: str) -> None:
    async def main() -> None:
        async with place.open() as database:
            with pytest.raises(WriteError) as raised:
                await database.posts.insert_one(to_document(full_post()) | change)
            assert raised.value.code == 121
            details = raised.value.details
            assert details
            path, reason = explained(details)
            assert field.startswith(path or "nothing")
            assert "code 121" in reason

    asyncio.run(main())


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(items=st.lists(st.sampled_from(STORED).flatmap(items_of), min_size=20, max_size=20))
def test_the_validator_takes_any_valid_item(place: Place, items: list[Item]) -> None:
    async def main() -> None:
        async with place.open() as database:
            for item in items:
                await database[item.collection].replace_one({"_id": item.key}, to_document(item), upsert=True)

    asyncio.run(main())
