"""What texts are found by, in a real database: written before them, and asked for a page at a time."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from forumcrawl.items import Article, Post
from forumcrawl.items.trace import ArticleTrace
from forumcrawl.storage.common import few
from forumcrawl.storage.lookup import Lookup
from forumcrawl.storage.mongo import Database
from forumcrawl.storage.patience import Patience
from forumcrawl.storage.traces import Traces
from forumcrawl.text.sketch import KEYS, sketch_of
from tests.citing.samples import edited, prose
from tests.items.samples import NOON
from tests.storage.conftest import Place, batches
from tests.storage.matched import Archive, article, pair, post

TEXT = prose(3, 200)
SKETCH = sketch_of(TEXT)


@pytest.fixture
def archive(place: Place) -> Archive:
    return Archive(place)


def keys_of(archive: Archive) -> dict[str, int]:
    """How many keys each post is found by."""
    return {each["_id"]: len(each["keys"]) for each in archive.all("post_traces")}


def reading(database: Database) -> Traces:
    return Traces(database, patience := Patience(10), Lookup(database, patience))


def written(number: int, text: str = TEXT, days: int = 0) -> Post:
    return post(number, text, created_at=NOON + timedelta(days=days), near_duplicate_of=None)


def test_a_trace_is_what_the_text_says_and_its_pictures(archive: Archive) -> None:
    uuid = "d66f811f-09b5-49c0-ade1-45c88c963624"
    archive.store([post(1, TEXT, uuid), article(TEXT)], [post(2, "شكرا لك")])
    one, few_words = archive.all("post_traces")
    assert (one["keys"], one["sketch"], one["pictures"]) == (list(SKETCH.keys), SKETCH.sketch, [uuid])
    assert (few_words["keys"], few_words["pictures"]) == ([], [])
    (of_article,) = archive.all("article_traces")
    assert (of_article["keys"], of_article["sketch"]) == (one["keys"], one["sketch"])


def test_the_trace_of_a_changed_text_is_changed_and_that_of_another_change_is_not_written(archive: Archive) -> None:
    first = written(1)
    archive.store([first])
    (before,) = archive.all("post_traces")
    archive.store([replace(first, number=9)])
    assert archive.all("post_traces") == [before]
    archive.store([replace(first, text=prose(4, 200))])
    (after,) = archive.all("post_traces")
    assert after["keys"] == list(sketch_of(prose(4, 200)).keys)


def test_a_trace_that_a_dead_crawl_left_is_brought_up_to_date(archive: Archive, place: Place) -> None:
    async def main() -> None:
        async with place.open() as database:
            await database.post_traces.insert_one({"_id": written(1).key, "item": written(1).key, "keys": [5]})

    asyncio.run(main())
    archive.store([written(1)])
    assert keys_of(archive) == {written(1).key: KEYS}


def test_word_for_word_copies_are_found_by_the_keys_of_the_earliest(archive: Archive) -> None:
    first, second, third, other = written(1), written(2, days=1), written(3, days=2), written(4, edited(TEXT, 0.08), 3)
    archive.store([third, first], [second], [other])
    assert keys_of(archive) == {first.key: KEYS, second.key: 0, third.key: 0, other.key: KEYS}
    heads = {each["_id"]: each["near_duplicate_of"] for each in archive.all("posts")}
    assert heads == {first.key: None, **{each.key: first.key for each in (second, third, other)}}


def test_one_that_is_found_to_be_earlier_keeps_its_keys_and_leads(archive: Archive) -> None:
    late, early, last = written(1, days=1), written(2), written(3, days=2)
    archive.store([late], [early], [last], [late])
    assert keys_of(archive) == {late.key: 0, early.key: KEYS, last.key: 0}
    assert {each["near_duplicate_of"] for each in archive.all("posts")} == {None, early.key}


def test_copies_of_a_text_that_is_no_more_are_found_by_the_earliest_of_them(archive: Archive) -> None:
    first, second, third = (written(number, days=number) for number in (1, 2, 3))
    archive.store([first, second, third], [replace(first, text=prose(4, 200))], [article(TEXT)])
    assert keys_of(archive) == {first.key: KEYS, second.key: KEYS, third.key: 0}
    assert archive.how() == {pair(each, article(TEXT)): "copy" for each in (second, third)}
    archive.store([written(4, days=4)])
    assert {each["_id"] for each in archive.all("posts") if each["near_duplicate_of"]} == {
        each.key for each in (second, third, written(4))
    }


def test_an_article_finds_all_copies_of_a_post_that_has_its_keys(archive: Archive) -> None:
    copies = [written(number, days=number) for number in range(5)]
    archive.store(*([each] for each in copies), [article(TEXT)])
    assert archive.how() == {pair(each, article(TEXT)): "copy" for each in copies}


def test_more_copies_than_a_common_value_may_have_are_all_linked(archive: Archive) -> None:
    count = few("post_traces") + 20
    copies = [written(number, days=number) for number in range(count)]
    archive.store(copies[: count // 2], copies[count // 2 :])
    heads = [each["near_duplicate_of"] for each in archive.all("posts")]
    assert heads.count(copies[0].key) == count - 1


def test_a_key_that_too_many_share_hides_none_of_the_others(place: Place) -> None:
    hot, most = -1, few(ArticleTrace.collection)

    async def main() -> None:
        async with place.open() as database:
            crowd = [
                {"_id": f"a{n}", "item": f"a{n}", "keys": [hot], "sketch": b"x", "pictures": []} for n in range(most)
            ]
            await database.article_traces.insert_many(crowd)
            traces = reading(database)
            assert len((await traces.sharing(Article, {"p": [hot], "q": [7]}))["p"]) == most
            more = [{**crowd[0], "_id": f"b{n}", "keys": [hot, n]} for n in range(2)]
            await database.article_traces.insert_many(more)
            for asked in (traces, reading(database)):
                assert await asked.sharing(Article, {"p": [hot, 1], "q": [hot]}) == {"p": {"b1": b"x"}}
            assert await database.common_values.count_documents({}) == 1

    asyncio.run(main())


def test_a_text_does_not_find_itself(place: Place) -> None:
    async def main() -> None:
        async with place.open() as database:
            await batches(database).store([written(1), written(2, edited(TEXT, 0.08))])
            found = await reading(database).sharing(Post, {written(1).key: SKETCH.keys, "new": SKETCH.keys})
            assert set(found[written(1).key]) == {written(2).key}
            assert set(found["new"]) == {written(1).key, written(2).key}

    asyncio.run(main())
