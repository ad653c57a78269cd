"""What a crawl asks of the archive before it reads on."""

from __future__ import annotations

from collections.abc import Sequence

from forumcrawl.items import ThreadRead
from forumcrawl.storage.batch import LOOK_UP
from forumcrawl.storage.mongo import Database, Document
from forumcrawl.storage.patience import Patience


class Archive:
    """Reads what is durable. Each question raises StorageUnavailable when the database stays away."""

    def __init__(self, database: Database, patience: Patience) -> None:
        self._database = database
        self._patience = patience

    async def thread_reads(self, keys: Sequence[str]) -> dict[str, ThreadRead]:
        """What was read of the threads with these `_id`s, by `_id`; a thread never read is not in it."""
        reads: dict[str, ThreadRead] = {}
        for start in range(0, len(keys), LOOK_UP):
            for document in await self._thread_reads(list(keys[start : start + LOOK_UP])):
                reads[document["_id"]] = ThreadRead.from_document(document)
        return reads

    async def _thread_reads(self, keys: list[str]) -> list[Document]:
        collection = self._database[ThreadRead.collection]
        return await self._patience.attempt(lambda: collection.find({"_id": {"$in": keys}}).to_list())
