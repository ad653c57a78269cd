"""What a crawl asks of the archive before it reads on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from pymongo.errors import DuplicateKeyError

from forumcrawl.items import Article, ImageFile, Item, Post, SourceLink, Thread, ThreadRead
from forumcrawl.items.document import to_document
from forumcrawl.items.restore import restore
from forumcrawl.storage.gathering import Ask, Gathering
from forumcrawl.storage.lookup import BY_ID, Lookup, listed
from forumcrawl.storage.mongo import Database, Document
from forumcrawl.storage.patience import Patience

_CLAIM = timedelta(minutes=10)
_PAGE = 200
"""Documents read at once by who goes through all of a kind."""
_FORGOTTEN = dict.fromkeys(
    (
        *("sha256", "path", "thumbnail", "same_as", "compared", "claimed_by", "claimed_until"),
        *("reason", "status", "tries", "content_hash"),
    )
)


class Archive:
    """Reads what is durable. Each question raises StorageUnavailable when the database stays away."""

    def __init__(self, database: Database, patience: Patience) -> None:
        self._database = database
        self._patience = patience
        self._lookup = Lookup(database, patience)
        self._links, self._images = (Gathering(self._by_id(kind)) for kind in (SourceLink, ImageFile))

    async def thread_reads(self, keys: Sequence[str]) -> dict[str, ThreadRead]:
        """What was read of the threads with these `_id`s, by `_id`; a thread never read is not in it."""
        documents = await self._lookup.by(ThreadRead.collection, "_id", keys, None)
        return {document["_id"]: ThreadRead.from_document(document) for document in documents}

    async def links(self, keys: Sequence[str]) -> dict[str, SourceLink]:
        """What became of the source links with these `_id`s, by `_id`."""
        return {document["_id"]: restore(SourceLink, document) for document in await self._links.of(keys)}

    async def links_due(self, now: datetime, site: str | None = None) -> AsyncIterator[SourceLink]:
        """Source links that are due to be asked for, of one site or of all, in order of `_id`."""
        due: Document = {"next_try_at": {"$lte": now}, **({"site": site} if site else {})}
        found = await self._behind(SourceLink.collection, "", due)
        while found:
            for document in found:
                yield restore(SourceLink, document)
            found = await self._behind(SourceLink.collection, found[-1]["_id"], due)

    def _by_id(self, kind: type[Item]) -> Ask:
        return lambda keys: self._lookup.by(kind.collection, "_id", keys, None)

    async def _behind(self, collection: str, last: str, query: Document) -> list[Document]:
        page = self._database[collection].find({**query, "_id": {"$gt": last}}).sort("_id").limit(_PAGE)
        return await listed(self._patience, page)

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

    async def images(self, keys: Sequence[str]) -> dict[str, ImageFile]:
        """What became of the pictures with these `_id`s, by `_id`."""
        return {document["_id"]: restore(ImageFile, document) for document in await self._images.of(keys)}

    async def images_due(self, forum: str | None, now: datetime) -> AsyncIterator[ImageFile]:
        """Pictures that are due to be asked for, in order of `_id`: those that a forum showed first, or articles."""
        query: Document = {"forum": forum, "next_try_at": {"$lte": now}}
        found = await self._behind(ImageFile.collection, "", query)
        while found:
            for document in found:
                yield restore(ImageFile, document)
            found = await self._behind(ImageFile.collection, found[-1]["_id"], query)

    async def claim_image(self, image: ImageFile, owner: str, now: datetime) -> bool:
        """Whether `owner` may ask for the picture: it is due, and no other owner does within ten minutes.

        One that is not stored yet is stored as `image` has it.
        """
        due: Document = {"_id": image.key, "next_try_at": {"$lte": now}}
        fields = {"claimed_by": owner, "claimed_until": now + _CLAIM}
        rest = {name: value for name, value in to_document(image).items() if name not in ("_id", *fields)}
        update = {"$set": fields, "$setOnInsert": {**rest, "first_seen_at": now}}
        images = self._database[ImageFile.collection]

        async def attempt() -> bool:
            try:
                # Plain conditions: with $or the embedded server looks at every document.
                await images.update_one({**due, "claimed_until": {"$not": {"$gte": now}}}, update, upsert=True)
            except DuplicateKeyError:  # it is claimed, or not due
                return bool((await images.update_one({**due, "claimed_by": owner}, {"$set": fields})).matched_count)
            return True

        return await self._patience.attempt(attempt)

    async def release_image(self, key: str, owner: str) -> None:
        """Others may ask for the picture with this `_id` now, if `owner` had claimed it."""
        query, update = {"_id": key, "claimed_by": owner}, {"$set": {"claimed_by": None, "claimed_until": None}}
        await self._patience.attempt(lambda: self._database[ImageFile.collection].update_one(query, update))

    async def images_stored(self) -> AsyncIterator[ImageFile]:
        """Pictures whose file is recorded, in ascending order of its hash; many addresses may share one."""
        last = ""
        while page := await self._with_hash({"$gt": last}, _PAGE):
            last = page[-1]["sha256"]
            if len(page) == _PAGE:  # it may end among those that share a hash
                page = [document for document in page if document["sha256"] != last] + await self._with_hash(last)
            for document in page:
                yield restore(ImageFile, document)

    async def fetch_again(self, keys: Sequence[str], now: datetime) -> None:
        """Forget the files of the pictures with these `_id`s: they are due, as if nobody had asked for them."""
        # Without a content hash the next answer is written even where it is the one that was known.
        update: Document = {"$set": {**_FORGOTTEN, "outcome": "pending", "next_try_at": now}}
        images = self._database[ImageFile.collection]
        for start in range(0, len(keys), BY_ID):
            query = {"_id": {"$in": list(keys[start : start + BY_ID])}}
            await self._patience.attempt(partial(images.update_many, query, update))

    async def _with_hash(self, sha256: str | Document, most: int = 0) -> list[Document]:
        found = self._database[ImageFile.collection].find({"sha256": sha256}).sort("sha256").limit(most)
        return await listed(self._patience, found)
