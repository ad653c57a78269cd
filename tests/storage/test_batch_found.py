"""What a batch leads to beyond its own items: when that is stored, and who is told."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from forumcrawl.items import Item, Rejected, ThreadRead
from forumcrawl.storage.batch import Batches
from forumcrawl.storage.changes import Verdict
from forumcrawl.storage.errors import StorageUnavailable
from forumcrawl.storage.lookup import Lookup
from forumcrawl.storage.matching import Matching
from forumcrawl.storage.patience import Patience
from forumcrawl.storage.traces import Traces
from tests.items.samples import FORUM, read_of, row
from tests.storage.conftest import Place, batches, stored
from tests.storage.matched import TEXT, Archive, article, post

POST, ARTICLE = post(), article()


def test_what_is_found_is_told_and_told_as_unchanged_when_it_is_found_again(place: Place) -> None:
    async def main() -> None:
        told: list[tuple[str, Verdict]] = []
        async with place.open() as database:
            store = batches(database, on_found=lambda item, verdict: told.append((item.collection, verdict)))
            assert await store.store([POST, ARTICLE]) == ["new", "new"]
            assert await store.store([POST, ARTICLE]) == ["unchanged", "unchanged"]
        assert told == [("citations", "new"), ("citations", "unchanged")]

    asyncio.run(main())


def test_what_was_rejected_is_not_cited(place: Place) -> None:
    archive = Archive(place)
    bad: Any = post(number=1)
    bad.edited_at = "yesterday"
    archive.store([bad, ARTICLE, Rejected(forum=FORUM, type="posts", item={"_id": "x"}, reason="bad")])
    assert archive.how() == {}
    assert len(archive.all("rejected")) == 2


def test_an_account_of_reading_is_stored_only_after_what_its_posts_led_to(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the look-up fails the page counts as unread, and reading it again finds what was missed."""

    async def fails(self: Matching, items: Sequence[Item]) -> list[Item]:
        raise StorageUnavailable("gone")

    async def main() -> None:
        async with place.open() as database:
            await batches(database).store([ARTICLE])
            with monkeypatch.context() as patch:
                patch.setattr(Matching, "of", fails)
                with pytest.raises(StorageUnavailable):
                    await batches(database).store([POST, read_of(1)])
            assert (await stored(database, POST))["text"] == TEXT
            assert await database.thread_reads.count_documents({}) == 0
            assert await batches(database).store([POST, read_of(1)]) == ["unchanged", "new"]
            assert await database.citations.count_documents({}) == 1

    asyncio.run(main())


def test_a_citation_that_cannot_be_written_leaves_the_account_unwritten(place: Place) -> None:
    async def main() -> None:
        async with place.open() as database:
            await batches(database).store([ARTICLE])
            data = {"failCommands": ["insert"], "errorCode": 13}
            mode = {"skip": 2}  # those of the trace and the post
            await database.client.admin.command({"configureFailPoint": "failCommand", "mode": mode, "data": data})
            try:
                with pytest.raises(StorageUnavailable):
                    await Batches(database, Patience(5)).store([POST, read_of(1)])
            finally:
                await database.client.admin.command({"configureFailPoint": "failCommand", "mode": "off"})
            assert await database.posts.count_documents({}) == 1
            assert await database.citations.count_documents({}) == 0
            assert await database[ThreadRead.collection].count_documents({}) == 0

    asyncio.run(main())


def test_a_batch_without_posts_articles_and_links_asks_nothing(nowhere: Place) -> None:
    async def main() -> None:
        patience = Patience(0.1)
        async with nowhere.open(prepared=False, selection_ms=50) as database:
            lookup = Lookup(database, patience)
            assert await Matching(lookup, Traces(database, patience, lookup)).of([row(), read_of(1)]) == []

    asyncio.run(main())
