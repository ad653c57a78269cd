"""Posts and articles refer to the files of the pictures they show, as soon as both are durable."""

from __future__ import annotations

from collections.abc import Sequence

from pymongo import UpdateOne

from forumcrawl.items import Article, ImageFile, Item, Post
from forumcrawl.storage.lookup import Lookup
from forumcrawl.storage.mongo import Database
from forumcrawl.storage.patience import Patience


class Picturing:
    """Writes the hash of a stored file into all that show it; doing it again changes nothing."""

    def __init__(self, database: Database, patience: Patience) -> None:
        self._database = database
        self._patience = patience
        self._lookup = Lookup(database, patience)

    async def refer(self, items: Sequence[Item]) -> None:
        """Tell posts and articles of durable `ImageFile`s which file their pictures are.

        Raises StorageUnavailable when the database stays away.
        """
        given = {item.key: item for item in items if isinstance(item, ImageFile)}
        stored = await self._lookup.items(ImageFile, given)
        operations: dict[str, list[UpdateOne]] = {Post.collection: [], Article.collection: []}
        for key, image in stored.items():
            if image.sha256 is None:
                continue
            # A file that is new is told to all that show it, one that was known to those that show it now.
            for shown_in in image.seen_in if given[key].sha256 else given[key].seen_in:
                kind = Article if shown_in.startswith("https://") else Post
                operations[kind.collection].append(_reference(shown_in, image))
        for collection, updates in operations.items():
            if updates:
                await self._write(collection, updates)

    async def _write(self, collection: str, updates: list[UpdateOne]) -> None:
        await self._patience.attempt(lambda: self._database[collection].bulk_write(updates, ordered=False))


def _reference(key: str, image: ImageFile) -> UpdateOne:
    query = {"_id": key, "images": {"$elemMatch": {"url": image.url, "sha256": {"$ne": image.sha256}}}}
    return UpdateOne(
        query, {"$set": {"images.$[shown].sha256": image.sha256}}, array_filters=[{"shown.url": image.url}]
    )
