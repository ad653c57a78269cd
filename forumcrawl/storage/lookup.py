"""Documents by the values of an indexed field, so many at a time as the server is quickest with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from forumcrawl.items import Item
from forumcrawl.items.restore import restore
from forumcrawl.storage.mongo import Database, Document
from forumcrawl.storage.patience import Patience

T = TypeVar("T", bound=Item)

BY_ID = 20
"""Documents asked for by `_id` at once; more make the embedded server slower for each."""
BY_KEY = 40
"""Values of another index asked for at once; more make the embedded server slower for each."""
MOST = 400
"""Documents that one question is answered with at the most."""
COMMON = 100
"""A value that more documents share tells nothing. The server's time grows with all of them, whatever the limit, so
that it is not asked for again."""


class Lookup:
    """Reads what is durable, with the patience of the storage."""

    def __init__(self, database: Database, patience: Patience) -> None:
        self._database = database
        self._patience = patience
        self._common: set[tuple[Any, ...]] = set()

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
        place = (collection, field, *(where or ()))
        asked = [value for value in values if (*place, value) not in self._common]
        for start in range(0, len(asked), step):
            for document in await self._find(collection, field, asked[start : start + step], names, where or {}):
                found[document["_id"]] = document
        return list(found.values())

    async def _find(
        self, collection: str, field: str, values: list[Any], names: list[str] | None, where: Document
    ) -> list[Document]:
        query = {field: {"$in": values}, **where}
        found = await self._patience.attempt(
            lambda: self._database[collection].find(query, names).limit(MOST).to_list()
        )
        common = _common(field, values, found)
        self._common.update((collection, field, *where, value) for value in common)
        if len(found) < MOST:
            return found
        rest = [value for value in values if value not in common]
        half = len(rest) // 2
        parts = [rest] if common else [rest[:half], rest[half:]] if half else []
        return [
            document for part in parts if part for document in await self._find(collection, field, part, names, where)
        ]


def _common(field: str, values: Sequence[Any], documents: Iterable[Document]) -> set[Any]:
    counts = Counter(value for document in documents for value in set(_values(document, field)))
    return {value for value in values if counts[value] > COMMON}


def _values(document: Document, field: str) -> Iterator[Any]:
    """What a document has at a path: itself, or in a list, or in each part of a list."""
    name, _, rest = field.partition(".")
    found = document.get(name)
    for each in found if isinstance(found, list) else [found]:
        if not rest:
            yield each
        elif isinstance(each, dict):
            yield from _values(each, rest)


def owners_of(values: Iterable[tuple[str, Iterable[Any]]]) -> dict[Any, list[str]]:
    """Each value with the keys that have it, from (key, its values)."""
    owners: dict[Any, list[str]] = {}
    for key, each in values:
        for value in each:
            owners.setdefault(value, []).append(key)
    return owners
