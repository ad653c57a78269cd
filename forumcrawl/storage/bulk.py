"""Many writes to a collection at once, of which one that fails stops no other."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from pymongo import InsertOne, ReplaceOne, UpdateOne
from pymongo.errors import BulkWriteError

from forumcrawl.storage.errors import transient
from forumcrawl.storage.mongo import Database
from forumcrawl.storage.patience import Patience

Operation: TypeAlias = InsertOne[Any] | ReplaceOne[Any] | UpdateOne
OnWrite: TypeAlias = Callable[[int, float], None]
"""Hears of a bulk write: operations and seconds."""


class Bulk:
    """Writes to the collections of a database, with the patience of the storage."""

    def __init__(self, database: Database, patience: Patience, on_write: OnWrite | None = None) -> None:
        self._database = database
        self._patience = patience
        self._on_write = on_write

    async def write(self, name: str, operations: Sequence[Operation]) -> dict[int, Mapping[str, Any]]:
        """The errors of single operations by index; pymongo splits what is more than one message holds.

        The operations must be harmless to repeat. Raises StorageUnavailable when the database stays away.
        """

        async def attempt() -> dict[int, Mapping[str, Any]]:
            started = time.monotonic()
            try:
                await self._database[name].bulk_write(operations, ordered=False)
            except BulkWriteError as error:
                if transient(error):
                    raise
                return {entry["index"]: entry for entry in error.details["writeErrors"]}
            finally:
                if self._on_write:
                    self._on_write(len(operations), time.monotonic() - started)
            return {}

        return await self._patience.attempt(attempt) if operations else {}
