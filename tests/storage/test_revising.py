"""The earlier texts of posts and articles, in a real database."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from forumcrawl.items import Item, Post, Revision
from forumcrawl.items.forum import Reactions
from forumcrawl.storage.batch import Batches
from forumcrawl.storage.changes import Verdict
from forumcrawl.storage.patience import Patience
from tests.items.samples import NOON, full_post
from tests.storage.conftest import Place, batches
from tests.storage.matched import Archive, article

DAY = timedelta(days=1)
ENDING = """
import asyncio, os, signal, sys
from forumcrawl.storage.bulk import Bulk
from tests.storage.conftest import Place, batches
from tests.storage.test_revising import post

async def dies(self, name, operations):
    if name == "posts":
        os.kill(os.getpid(), signal.SIGKILL)
    return await bulk(self, name, operations)

async def main():
    async with Place(*sys.argv[1:3]).open() as database:
        await batches(database).store([post("two", 1)])

bulk, Bulk.write = Bulk.write, dies
asyncio.run(main())
"""
"""A writer that is killed between the revision and the change."""


def post(text: str, day: int, **said: Any) -> Post:
    said = {"html": f"<p>{text}</p>", "fetched_at": NOON + day * DAY, "run_id": f"run {day}", **said}
    return full_post(text=text, **said)


@pytest.fixture
def archive(place: Place) -> Archive:
    return Archive(place)


def kept(archive: Archive) -> list[tuple[str, datetime, datetime]]:
    found = sorted(archive.all("revisions"), key=lambda each: each["seen_from"])
    return [(each["text"], each["seen_from"], each["seen_to"]) for each in found]


def days(*spans: tuple[str, int, int]) -> list[tuple[str, datetime, datetime]]:
    return [(text, NOON + first * DAY, NOON + last * DAY) for text, first, last in spans]


def test_a_changed_post_keeps_each_earlier_text_with_its_time(archive: Archive) -> None:
    archive.store([post("one", 0)], [post("two", 1)], [post("one", 2)], [post("three", 4)])
    assert kept(archive) == days(("one", 0, 1), ("two", 1, 2), ("one", 2, 4))
    (first, *_) = sorted(archive.all("revisions"), key=lambda each: each["seen_from"])
    one = post("one", 0)
    assert (first["item"], first["forum"], first["url"], first["html"]) == (one.key, one.forum, one.url, one.html)
    assert first["run_id"] == "run 1"


@pytest.mark.parametrize(
    "said",
    [
        {"reactions": Reactions(count=7, names=["x"])},
        {"html": '<p id="_xfUid-2-9">one</p>', "reactions": Reactions(count=7)},
    ],
)
def test_a_change_of_anything_else_keeps_nothing(archive: Archive, said: dict[str, Any]) -> None:
    archive.store([post("one", 0, html='<p id="_xfUid-1-1">one</p>')])
    archive.store([post("one", 1, **{"html": '<p id="_xfUid-1-1">one</p>', **said})])
    assert archive.all("posts")[0]["run_id"] == "run 1"
    assert kept(archive) == []
    archive.store([post("two", 2)])
    assert kept(archive) == days(("one", 0, 2))


def test_the_same_change_again_and_by_two_writers_at_once_keeps_one(place: Place) -> None:
    async def main() -> None:
        async with place.open() as database:
            await batches(database).store([post("one", 0)])
            await asyncio.gather(*(batches(database).store([post("two", 1)]) for _ in range(4)))
            await batches(database).store([post("two", 3)])

    asyncio.run(main())
    assert kept(Archive(place)) == days(("one", 0, 1))


def test_versions_of_one_batch_are_kept_too(archive: Archive) -> None:
    archive.store([post("one", 0), post("two", 1), post("three", 2)], [post("four", 3), post("five", 4)])
    assert kept(archive) == days(("one", 0, 1), ("two", 1, 2), ("three", 2, 4), ("four", 3, 4))


def test_articles_too(archive: Archive) -> None:
    archive.store([article("before", html="<p>before</p>")])
    archive.store([article("after", html="<p>after</p>", fetched_at=NOON + DAY)])
    (found,) = archive.all("revisions")
    assert (found["text"], found["html"], found["forum"]) == ("before", "<p>before</p>", None)
    assert found["site"] == article().site


def test_the_run_hears_of_it(place: Place) -> None:
    told: list[tuple[Item, Verdict]] = []

    async def main(stored: Sequence[Sequence[Item]]) -> None:
        async with place.open() as database:
            writer = Batches(database, Patience(20), on_found=lambda item, verdict: told.append((item, verdict)))
            for items in stored:
                await writer.store(items)

    asyncio.run(main([[post("one", 0)], [post("two", 1)]]))
    assert [(type(item), verdict) for item, verdict in told] == [(Revision, "new")]


def test_a_writer_killed_before_the_change_leaves_nothing_to_be_kept_twice(place: Place) -> None:
    archive = Archive(place)
    archive.store([post("one", 0)])
    process = subprocess.run([sys.executable, "-c", ENDING, place.uri, place.name], env=os.environ, timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert (archive.all("posts")[0]["text"], kept(archive)) == ("one", days(("one", 0, 1)))
    archive.store([post("two", 2)], [post("three", 3)])
    assert kept(archive) == days(("one", 0, 2), ("two", 2, 3))
