"""What runs were, in the database: written by crawls, read by commands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from pymongo import ReplaceOne
from pymongo.asynchronous.cursor import AsyncCursor
from pymongo.errors import DuplicateKeyError

from forumcrawl.items.base import Stored
from forumcrawl.items.document import to_document
from forumcrawl.items.restore import restore
from forumcrawl.items.run import RECORDS, Alarm, ErrorGroup, Run, RunPoint
from forumcrawl.storage.embedded import Hold
from forumcrawl.storage.errors import StorageUnavailable
from forumcrawl.storage.locating import START_SECONDS, locate
from forumcrawl.storage.lookup import listed
from forumcrawl.storage.mongo import Database, Document, connect, database_of, prepare, redacted, unreachable
from forumcrawl.storage.patience import Patience

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

_PATIENCE = 5.0  # seconds; who writes comes again soon
_LIGHT = {"stats": 0}
_LIST = {"html": 0, "screenshot": 0}


class RunStore:
    """The runs of one database; made by `open`, ended by `close`. All methods raise StorageUnavailable."""

    def __init__(self, database: Database, address: str, claim: Hold | None = None) -> None:
        self.address = address
        self._database = database
        self._claim = claim
        self._patience = Patience(_PATIENCE)

    @classmethod
    async def open(cls, settings: BaseSettings) -> RunStore:
        """The runs on the server that the settings name, else on the embedded one."""
        uri, claim = await locate(settings)
        store = cls(database_of(connect(uri), settings["MONGODB_DATABASE"]), redacted(uri), claim)
        try:
            await Patience(START_SECONDS).attempt(lambda: prepare(store._database, RECORDS))
        except StorageUnavailable as error:
            await store.close()
            raise (error if claim else unreachable(uri, error.__cause__ or error)) from None
        except BaseException:
            await store.close()
            raise
        return store

    async def close(self) -> None:
        """Let go of client and server."""
        try:
            await self._database.client.close()
        finally:
            if self._claim:
                self._claim.close()

    # --- writing -----------------------------------------------------------------------------------------------

    async def save(self, *records: Stored) -> None:
        """Store records as they are now, in place of what was stored under their keys."""
        for name in dict.fromkeys(record.collection for record in records):
            some = [record for record in records if record.collection == name]
            operations = [ReplaceOne({"_id": record.key}, to_document(record), upsert=True) for record in some]
            await self._patience.attempt(lambda: self._database[name].bulk_write(operations, ordered=False))  # noqa: B023

    # --- reading -----------------------------------------------------------------------------------------------

    async def runs(
        self, most: int, *, stats: bool = False, since: datetime | None = None, unended: bool = False
    ) -> list[Run]:
        """The latest runs, the latest first; without their stats unless asked for.

        `since`: only those that were heard of after this moment; `unended`: only those whose end is not recorded.
        """
        query: Document = {"heard_at": {"$gte": since}} if since else {}
        if unended:
            query["ended_at"] = None
        found = self._database[Run.collection].find(query, None if stats else _LIGHT).sort("started_at", -1)
        return [restore(Run, each) for each in await self._list(found.limit(most))]

    async def run(self, name: str) -> Run | None:
        """The run of this id, or the one in which a worker had this id, or the latest of the job of this name."""
        queries: Sequence[Document] = ({"_id": name}, {"workers.run_id": name}, {"job": name})
        for query in queries:
            found = self._database[Run.collection].find(query).sort("started_at", -1).limit(1)
            if documents := await self._list(found):
                return restore(Run, documents[0])
        return None

    async def points(self, run: str) -> list[RunPoint]:
        """The points of a run, the first one first."""
        found = self._database[RunPoint.collection].find({"run": run}).sort("at", 1)
        return [restore(RunPoint, each) for each in await self._list(found)]

    async def errors(self, runs: Iterable[str]) -> list[ErrorGroup]:
        """The errors of some runs, as each worker grouped them, without their pages."""
        found = self._database[ErrorGroup.collection].find({"run": {"$in": list(runs)}}, _LIST)
        return [restore(ErrorGroup, each) for each in await self._list(found)]

    async def error(self, key: str) -> ErrorGroup | None:
        """A group of errors with its page."""
        documents = await self._list(self._database[ErrorGroup.collection].find({"_id": key}))
        return restore(ErrorGroup, documents[0]) if documents else None

    async def finished(self, run: Run, most: int) -> list[Run]:
        """The last runs of the same spider and arguments that finished before `run`, without their stats."""
        query: Document = {"spider": run.spider, "arguments": run.arguments, "reason": "finished"}
        query["started_at"] = {"$lt": run.started_at}
        found = self._database[Run.collection].find(query, _LIGHT).sort("started_at", -1).limit(most)
        return [restore(Run, each) for each in await self._list(found)]

    # --- alarms ------------------------------------------------------------------------------------------------

    async def alarms(self, place: str) -> list[Alarm]:
        """What is wrong at a place, as far as somebody was told or is to be."""
        return [
            restore(Alarm, each) for each in await self._list(self._database[Alarm.collection].find({"place": place}))
        ]

    async def raise_alarm(self, alarm: Alarm) -> bool:
        """Whether the alarm is new, and the caller the one to tell it."""

        async def attempt() -> bool:
            try:
                await self._database[Alarm.collection].insert_one(to_document(alarm))
            except DuplicateKeyError:
                return False
            return True

        return await self._patience.attempt(attempt)

    async def end_alarm(self, alarm: Alarm) -> bool:
        """Whether the alarm was still on, and the caller the one to tell that it is over."""
        gone = await self._patience.attempt(lambda: self._database[Alarm.collection].delete_one({"_id": alarm.key}))
        return bool(gone.deleted_count)

    async def _list(self, found: AsyncCursor[Document]) -> list[Document]:
        return await listed(self._patience, found)
