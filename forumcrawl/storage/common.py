"""Values that too many documents share to tell anything, remembered for all processes to come."""

from __future__ import annotations

from collections.abc import Collection

from pymongo import UpdateOne

from forumcrawl.storage.mongo import Database
from forumcrawl.storage.patience import Patience

COLLECTION = "common_values"
"""One document a value: its name is the `_id`."""
_FEW = {"article_traces": 30}
"""One article in so many forms is boilerplate; of an article there may be more copies in posts."""
_FEW_ELSEWHERE = 100
_LOADED = 100_000


def few(collection: str) -> int:
    """Documents of a collection that may share a value which still tells something."""
    return _FEW.get(collection, _FEW_ELSEWHERE)


class Common:
    """The time of a question grows with all documents that share a value, whatever its limit (on the embedded server):
    seconds for a phrase that stands in ten thousand texts, paid by each new process were it not kept here."""

    def __init__(self, database: Database, patience: Patience) -> None:
        self._collection = database[COLLECTION]
        self._patience = patience
        self._names: set[str] | None = None

    async def names(self) -> Collection[str]:
        """The names of the values. Raises StorageUnavailable when the database stays away."""
        if self._names is None:
            stored = await self._patience.attempt(lambda: self._collection.find().limit(_LOADED).to_list())
            self._names = {document["_id"] for document in stored}
        return self._names

    async def add(self, names: Collection[str], *, for_good: bool) -> None:
        """Remember values by name; not `for_good`: for this process alone. Raises as `names` does."""
        fresh = set(names).difference(await self.names())
        if self._names is None or not fresh:
            return
        if for_good:
            operations = [UpdateOne({"_id": name}, {"$setOnInsert": {"_id": name}}, upsert=True) for name in fresh]
            await self._patience.attempt(lambda: self._collection.bulk_write(operations, ordered=False))
        self._names |= fresh
