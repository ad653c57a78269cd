"""Documents by the values of an indexed field, so many at a time as the server is quickest with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from forumcrawl.items import Item
from forumcrawl.items.restore import restore
from forumcrawl.storage.mongo import Database, Document
from forumcrawl.storage.patience import Patience

T = TypeVar("T", bound=Item)

BY_ID = 20
"""Documents asked for by `_id` at once; more make the embedded server slower for each."""
BY_KEY = 160
"""Values of another index asked for at once: eight keys of each of a page's twenty posts."""
MOST = 400
"""A value that so many documents share tells nothing, and finds none."""


class Lookup:
    """Reads what is durable, with the patience of the storage."""

    def __init__(self, database: Database, patience: Patience) -> None:
        self._database = database
        self._patience = patience

    async def items(self, kind: type[T], keys: Iterable[str]) -> dict[str, T]:
        """The stored items of a class among these `_id`s, by `_id`. Raises StorageUnavailable as `by` does."""
        documents = await self.by(kind.collection, "_id", list(dict.fromkeys(keys)), None)
        return {document["_id"]: restore(kind, document) for document in documents}

    async def by(
        self,
        collection: str,
        field: str,
        values: Sequence[Any],
        names: list[str] | None,
        where: Document | None = None,
    ) -> list[Document]:
        """Documents that have one of `values` in `field`, with the fields `names` (None: all) and `_id`, each once.

        `where` narrows them further.

        Raises StorageUnavailable when the database stays away.
        """
        found: dict[Any, Document] = {}
        step = BY_ID if field == "_id" else BY_KEY
        for start in range(0, len(values), step):
            for document in await self._find(collection, field, list(values[start : start + step]), names, where or {}):
                found[document["_id"]] = document
        return list(found.values())

    async def _find(
        self, collection: str, field: str, values: list[Any], names: list[str] | None, where: Document
    ) -> list[Document]:
        query = {field: {"$in": values}, **where}
        found = await self._patience.attempt(
            lambda: self._database[collection].find(query, names).limit(MOST).to_list()
        )
        if len(found) < MOST:
            return found
        half = len(values) // 2
        parts = (values[:half], values[half:]) if half else ()
        return [document for part in parts for document in await self._find(collection, field, part, names, where)]
