"""Documents by the values of an indexed field, so many at a time as the server is quickest with."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, TypeAlias, TypeVar

from pymongo.asynchronous.cursor import AsyncCursor

from forumcrawl.items import Item
from forumcrawl.items.restore import restore
from forumcrawl.storage.common import Common, too_common
from forumcrawl.storage.mongo import Database, Document
from forumcrawl.storage.patience import Patience

T = TypeVar("T", bound=Item)
Q = TypeVar("Q")
A = TypeVar("A")
Projection: TypeAlias = list[str] | dict[str, int] | None

BY_ID = 20
"""Documents asked for by `_id` at once; more make the embedded server slower for each."""
BY_KEY = 40
"""Values of another index asked for at once; more make the embedded server slower for each."""
_AT_ONCE = 8
"""Questions that wait for their answers at the same time."""
MOST = 400
"""Documents that one question is answered with at the most."""


async def at_once(ask: Callable[[Q], Awaitable[A]], questions: Sequence[Q]) -> list[A]:
    """The answers to questions of which some are asked at the same time: the event loop has other work in between."""
    answers: list[A] = []
    for start in range(0, len(questions), _AT_ONCE):
        answers += await asyncio.gather(*(ask(each) for each in questions[start : start + _AT_ONCE]))
    return answers


async def listed(patience: Patience, query: AsyncCursor[Document]) -> list[Document]:
    """The documents of a query, asked anew at each try: a cursor that failed has no more to give.

    Raises StorageUnavailable when the database stays away.
    """
    return await patience.attempt(lambda: query.clone().to_list())


class Lookup:
    """Reads what is durable, with the patience of the storage."""

    def __init__(self, database: Database, patience: Patience) -> None:
        self._database = database
        self._patience = patience
        self.common = Common(database, patience)
        """Shared by all who read with this one."""

    async def items(self, kind: type[T], keys: Iterable[str], without: Sequence[str] = ()) -> dict[str, T]:
        """The stored items of a class among these `_id`s, by `_id`, with the fields `without` left at their defaults.

        Raises StorageUnavailable as `by` does.
        """
        names = dict.fromkeys(without, 0) or None
        documents = await self.by(kind.collection, "_id", list(dict.fromkeys(keys)), names)
        return {document["_id"]: restore(kind, document) for document in documents}

    async def by(
        self,
        collection: str,
        field: str,
        values: Sequence[Any],
        names: Projection,
        where: Document | None = None,
    ) -> list[Document]:
        """Documents that have one of `values` in `field`, with the fields `names` (None: all) and `_id`, each once.

        `where` narrows them further. A value that was once found to be too common (`storage.common`) finds none.

        Raises StorageUnavailable when the database stays away.
        """
        found: dict[Any, Document] = {}
        step = BY_ID if field == "_id" else BY_KEY
        asked = values
        if field != "_id" and values:
            asked = await self.common.without(_place(collection, field, where or {}), values)
        parts = [asked[start : start + step] for start in range(0, len(asked), step)]
        for documents in await at_once(lambda part: self._find(collection, field, part, names, where or {}), parts):
            found |= {document["_id"]: document for document in documents}
        return list(found.values())

    async def _find(
        self, collection: str, field: str, values: Sequence[Any], names: Projection, where: Document
    ) -> list[Document]:
        query = {field: {"$in": values}, **where}
        found = await listed(self._patience, self._database[collection].find(query, names).limit(MOST))
        common = set() if field == "_id" else too_common(collection, field, values, found)
        if common:
            # What is narrowed may become fewer, as those that are in no group do, unless they are very many.
            for_good = not where or len(found) >= MOST
            await self.common.add(_place(collection, field, where), common, for_good=for_good)
        if len(found) < MOST:
            return found
        rest = [value for value in values if value not in common]
        half = len(rest) // 2
        parts = [rest] if common else [rest[:half], rest[half:]] if half else []
        return [
            document for part in parts if part for document in await self._find(collection, field, part, names, where)
        ]


def _place(collection: str, field: str, where: Document) -> str:
    return " ".join([collection, field, *where])


def owners_of(values: Iterable[tuple[str, Iterable[Any]]]) -> dict[Any, list[str]]:
    """Each value with the keys that have it, from (key, its values)."""
    owners: dict[Any, list[str]] = {}
    for key, each in values:
        for value in each:
            owners.setdefault(value, []).append(key)
    return owners
