"""What a crawl asks of the archive before it reads on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from forumcrawl.items import Article, Post, SourceLink, Thread, ThreadRead
from forumcrawl.items.restore import restore
from forumcrawl.storage.lookup import Lookup
from forumcrawl.storage.mongo import Database, Document
from forumcrawl.storage.patience import Patience

_PAGE = 200
"""Links read at once by who goes through all that are due."""


class Archive:
    """Reads what is durable. Each question raises StorageUnavailable when the database stays away."""

    def __init__(self, database: Database, patience: Patience) -> None:
        self._database = database
        self._patience = patience
        self._lookup = Lookup(database, patience)

    async def thread_reads(self, keys: Sequence[str]) -> dict[str, ThreadRead]:
        """What was read of the threads with these `_id`s, by `_id`; a thread never read is not in it."""
        documents = await self._lookup.by(ThreadRead.collection, "_id", keys, None)
        return {document["_id"]: ThreadRead.from_document(document) for document in documents}

    async def links(self, keys: Sequence[str]) -> dict[str, SourceLink]:
        """What became of the source links with these `_id`s, by `_id`."""
        return await self._lookup.items(SourceLink, keys)

    async def links_due(self, now: datetime, site: str | None = None) -> AsyncIterator[SourceLink]:
        """Source links that are due to be asked for, of one site or of all, in order of `_id`."""
        due: Document = {"next_try_at": {"$lte": now}, **({"site": site} if site else {})}
        found = await self._links_behind("", due)
        while found:
            for document in found:
                yield restore(SourceLink, document)
            found = await self._links_behind(found[-1]["_id"], due)

    async def _links_behind(self, last: str, query: Document) -> list[Document]:
        page = self._database[SourceLink.collection].find({**query, "_id": {"$gt": last}}).sort("_id").limit(_PAGE)
        return await self._patience.attempt(lambda: page.clone().to_list())

    async def articles(self, keys: Sequence[str]) -> dict[str, str]:
        """The origin of the stored articles among these `_id`s, by `_id`."""
        documents = await self._lookup.by(Article.collection, "_id", keys, ["origin"])
        return {document["_id"]: document["origin"] for document in documents}

    async def first_post_naming(self, key: str) -> tuple[Post | None, str | None]:
        """The first post that names the source link with this `_id`, and its thread's title."""
        links = await self._lookup.by(SourceLink.collection, "_id", [key], ["post_ids"])
        ids = links[0]["post_ids"][:1] if links else []
        post = next(iter((await self._lookup.items(Post, ids)).values()), None)
        if post is None:
            return None, None
        threads = await self._lookup.by(Thread.collection, "_id", [f"{post.forum}/thread/{post.thread_id}"], ["title"])
        return post, threads[0].get("title") if threads else None
