"""Documents by the values of a field, from a real database."""

from __future__ import annotations

import asyncio

import pytest
from pymongo.errors import PyMongoError

from forumcrawl.storage.common import few
from forumcrawl.storage.errors import StorageUnavailable
from forumcrawl.storage.lookup import BY_KEY, MOST, Lookup, listed
from forumcrawl.storage.mongo import Database
from forumcrawl.storage.patience import Patience
from tests.items.samples import full_post
from tests.storage.conftest import Place, batches

PATIENCE = Patience(10)
HOT = -1
ARTICLES = "article_traces"


async def keyed(database: Database, collection: str, keys: list[list[int]]) -> None:
    await database[collection].insert_many([{"_id": str(place), "keys": each} for place, each in enumerate(keys)])


def found(place: Place, keys: list[list[int]], values: list[int]) -> set[str]:
    async def main() -> set[str]:
        async with place.open(prepared=False) as database:
            await keyed(database, "things", keys)
            return {each["_id"] for each in await Lookup(database, PATIENCE).by("things", "keys", values, ["keys"])}

    return asyncio.run(main())


def test_a_query_that_failed_is_asked_anew_and_gives_all(place: Place) -> None:
    async def main() -> None:
        retries: list[PyMongoError] = []

        async def on_retry(error: PyMongoError) -> None:
            retries.append(error)

        async with place.open(prepared=False) as database:
            await keyed(database, "things", [[1], [2], [3]])
            data = {"failCommands": ["find"], "errorCode": 89}  # NetworkTimeout
            mode = {"times": 2}  # the client itself tries once more
            await database.client.admin.command({"configureFailPoint": "failCommand", "mode": mode, "data": data})
            assert len(await listed(Patience(10, on_retry), database["things"].find())) == 3
        assert retries

    asyncio.run(main())


def test_each_document_is_found_once_whatever_it_shares(place: Place) -> None:
    async def main() -> None:
        async with place.open(prepared=False) as database:
            await keyed(database, "things", [[1, 2], [2, 3], [4]])
            documents = await Lookup(database, PATIENCE).by("things", "keys", [1, 2, 3], ["_id"])
            assert sorted(each["_id"] for each in documents) == ["0", "1"]
            assert all(each.keys() == {"_id"} for each in documents)
            (whole,) = await Lookup(database, PATIENCE).by("things", "keys", [4], None)
            assert whole == {"_id": "2", "keys": [4]}

    asyncio.run(main())


def test_more_values_than_are_asked_for_at_once_are_all_found(place: Place) -> None:
    values = list(range(2 * BY_KEY + 1))
    assert found(place, [[each] for each in values], values) == {str(each) for each in values}


def test_a_value_that_too_many_share_hides_none_of_the_others(place: Place) -> None:
    keys = [[HOT]] * MOST + [[each] for each in range(7)]
    assert found(place, keys, [0, 1, 2, HOT, 3, 4, 5]) == {str(MOST + each) for each in range(6)}


def test_a_value_that_too_many_share_finds_none_and_one_fewer_finds_all(place: Place) -> None:
    assert found(place, [[HOT]] * MOST + [[HOT - 1]] * (MOST - 1), [HOT]) == set()
    assert len(found(Place(place.uri, f"{place.name}b"), [[HOT]] * (MOST - 1), [HOT])) == MOST - 1


def test_values_that_are_many_only_together_are_found(place: Place) -> None:
    keys = [[each % 8] for each in range(2 * MOST)]
    assert len(found(place, keys, list(range(8)))) == 2 * MOST


def test_items_come_back_by_key_and_what_is_not_stored_is_left_out(place: Place) -> None:
    async def main() -> None:
        posts = [full_post(number) for number in range(45)]
        async with place.open() as database:
            await batches(database).store(posts)
            keys = [post.key for post in posts]
            items = await Lookup(database, PATIENCE).items(type(posts[0]), [*keys, "forum.example/post/99", keys[0]])
        assert set(items) == set(keys)
        assert all(items[post.key].links == post.links for post in posts)

    asyncio.run(main())


def test_a_database_that_is_not_there_is_said(nowhere: Place) -> None:
    async def main() -> None:
        async with nowhere.open(prepared=False, selection_ms=50) as database:
            assert await Lookup(database, Patience(0.1)).by("things", "keys", [], None) == []
            with pytest.raises(StorageUnavailable):
                await Lookup(database, Patience(0.1)).by("things", "keys", [1], None)

    asyncio.run(main())


def test_a_value_that_one_process_found_too_common_is_asked_by_no_other(place: Place) -> None:
    async def main() -> None:
        async with place.open(prepared=False) as database:
            await keyed(database, ARTICLES, [[HOT]] * (few(ARTICLES) + 1) + [[1]])
            assert len(await Lookup(database, PATIENCE).by(ARTICLES, "keys", [HOT, 1], ["keys"])) > few(ARTICLES)
            later = Lookup(database, PATIENCE)
            assert [each["_id"] for each in await later.by(ARTICLES, "keys", [HOT, 1], ["keys"])] == ["31"]
            elsewhere = await later.by(ARTICLES, "keys", [HOT], ["keys"], {"near_duplicate_of": None})
            assert len(elsewhere) == few(ARTICLES) + 1  # among others it may still tell something

    asyncio.run(main())
