"""Values that too many documents share to tell anything, remembered for all processes to come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from pymongo import UpdateOne

from forumcrawl.storage.mongo import Database, Document
from forumcrawl.storage.patience import Patience

V = TypeVar("V")
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

    async def without(self, place: str, values: Iterable[V]) -> list[V]:
        """Those of `values` that are not known to be common at a place (a collection and a field).

        Raises StorageUnavailable when the database stays away.
        """
        names = await self._loaded()
        return [value for value in values if _name(place, value) not in names]

    async def add(self, place: str, values: Iterable[Any], *, for_good: bool = True) -> None:
        """Remember values of a place; not `for_good`: for this process alone. Raises as `without` does."""
        names = await self._loaded()
        fresh = {_name(place, value) for value in values} - names
        if not fresh:
            return
        if for_good:
            operations = [UpdateOne({"_id": name}, {"$setOnInsert": {"_id": name}}, upsert=True) for name in fresh]
            await self._patience.attempt(lambda: self._collection.bulk_write(operations, ordered=False))
        names |= fresh

    async def _loaded(self) -> set[str]:
        if self._names is None:
            stored = await self._patience.attempt(lambda: self._collection.find().limit(_LOADED).to_list())
            if self._names is None:  # nobody was faster
                self._names = {document["_id"] for document in stored}
        return self._names


def too_common(collection: str, field: str, values: Iterable[V], documents: Sequence[Document]) -> set[V]:
    """Those of `values` that more of `documents` share, in a field, than tells anything."""
    most = few(collection)
    if len(documents) <= most:
        return set()
    held = (found if isinstance(found := document.get(field), list) else [found] for document in documents)
    counts = Counter(value for each in held for value in set(each))
    return {value for value in values if counts[value] > most}


def _name(place: str, value: Any) -> str:
    return f"{place} {value}"
