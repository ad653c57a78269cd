"""The same work on an archive that knows few documents and on one that knows many, page by page in turn.

So a machine whose speed drifts drifts for both.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

from forumcrawl.items import Article, Post
from forumcrawl.items.document import to_document
from forumcrawl.storage.mongo import Database, connect
from forumcrawl.storage.traces import trace_of
from tests.servers import MongoServer

FEW, MANY = 10_000, 100_000


class Growing(Protocol):
    """A database that knows `count` documents."""

    count: int
    whole: list[float]
    """Milliseconds a post, page by page."""

    async def fill(self) -> None:
        """Store the documents."""

    async def work(self, page: int) -> None:
        """Do a page's work, and note what it took."""


Archive = TypeVar("Archive", bound=Growing)


def measured(make: Callable[[Database, int], Archive], pages: int, few: int, many: int) -> list[Archive]:
    """Both archives, on a server of their own, after so many pages of work."""
    with tempfile.TemporaryDirectory() as folder, MongoServer(Path(folder) / "data") as server:
        return asyncio.run(_measured(server.uri, make, pages, (few, many)))


async def store(database: Database, items: Sequence[Post] | Sequence[Article]) -> None:
    """New items, all of one class, with their traces."""
    kind = type(items[0])
    documents = [to_document(each) for each in items]
    traces = [trace_of(kind, each) for each in documents]
    await database[traces[0].collection].insert_many([to_document(each) for each in traces])
    await database[kind.collection].insert_many(documents)


async def _measured(
    uri: str, make: Callable[[Database, int], Archive], pages: int, counts: tuple[int, int]
) -> list[Archive]:
    client = connect(uri)
    archives = [make(client[f"known{count}"], count) for count in counts]
    for archive in archives:
        await archive.fill()
    for page in range(pages):
        for archive in archives:
            await archive.work(page)
    await client.close()
    return archives


def times(archives: Sequence[Growing]) -> dict[str, Any]:
    """Medians with their ratio; the first page, which finds the keys that many share, and the mean of all others."""
    medians = {archive.count: statistics.median(archive.whole) for archive in archives}
    few, many = medians.values()
    return {
        "ms_a_post": {count: round(median, 2) for count, median in medians.items()},
        "ratio": round(many / few, 2),
        "first_page_ms": {archive.count: round(archive.whole[0], 2) for archive in archives},
        "mean_ms_after": {archive.count: round(statistics.mean(archive.whole[1:]), 2) for archive in archives},
    }
