"""The storage of one crawl: the archive, and the writer with a client and a thread of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from pymongo.errors import PyMongoError

from forumcrawl.storage.apart import Apart
from forumcrawl.storage.archive import Archive
from forumcrawl.storage.batch import Batches, OnFound
from forumcrawl.storage.bulk import OnWrite
from forumcrawl.storage.embedded import EmbeddedError, Hold
from forumcrawl.storage.errors import StorageUnavailable
from forumcrawl.storage.locating import START_SECONDS, locate
from forumcrawl.storage.mongo import connect, database_of, prepare, redacted, unreachable
from forumcrawl.storage.patience import Patience
from forumcrawl.storage.writer import BatchWriter

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


class Storage:
    """Everything a crawl needs of its database; made by `open`, ended by `close`."""

    def __init__(
        self,
        settings: BaseSettings,
        uri: str,
        claim: Hold | None = None,
        *,
        on_retry: Callable[[PyMongoError], None] | None = None,
        on_failed: Callable[[StorageUnavailable], None] | None = None,
        on_write: OnWrite | None = None,
        on_found: OnFound | None = None,
    ) -> None:
        self.address = redacted(uri)
        self._hold = claim
        self._here = asyncio.get_running_loop()
        self._on_retry = on_retry
        patience = Patience(settings.getfloat("STORAGE_PATIENCE"), self.mend)
        self._close_seconds = patience.seconds + START_SECONDS
        selection_ms, name = round(1000 * min(2.0, patience.seconds)), settings["MONGODB_DATABASE"]
        self.database = database_of(connect(uri, selection_ms=selection_ms), name)
        self.archive = Archive(self.database, patience)
        # A batch is many short waits in a row: beside the reading of pages each would wait for a page.
        self._apart = Apart("storage")
        self._written = database_of(connect(uri, selection_ms=selection_ms), name)
        batches = Batches(self._written, patience, self._apart.told(on_write), self._apart.told(on_found))
        self.writer = BatchWriter(
            lambda items: self._apart.run(batches.store(items)),
            size=settings.getint("STORAGE_BATCH_SIZE"),
            wait=settings.getfloat("STORAGE_BATCH_WAIT"),
            on_failed=on_failed,
        )

    @classmethod
    async def open(
        cls,
        settings: BaseSettings,
        *,
        on_retry: Callable[[PyMongoError], None] | None = None,
        on_failed: Callable[[StorageUnavailable], None] | None = None,
        on_write: OnWrite | None = None,
        on_found: OnFound | None = None,
    ) -> Storage:
        """Storage on the server that the settings name, else on the embedded one; collections are prepared.

        `on_retry` hears of each error that is waited out, `on_failed` once when the writer gave up, `on_write` of
        each bulk write (operations, seconds), `on_found` of each item that was found and stored, as a citation is.
        Raises StorageUnavailable, after about ten seconds at most for a named server, with one line that says what
        to do.
        """
        uri, claim = await locate(settings)
        try:
            storage = cls(
                settings, uri, claim, on_retry=on_retry, on_failed=on_failed, on_write=on_write, on_found=on_found
            )
        except BaseException:
            if claim:
                claim.close()
            raise
        try:
            patience = Patience(min(START_SECONDS, settings.getfloat("STORAGE_PATIENCE")))
            await patience.attempt(lambda: prepare(storage.database))
        except StorageUnavailable as error:
            await storage.close()
            if claim:
                raise
            raise unreachable(uri, error.__cause__ or error) from None
        except BaseException:
            await storage.close()
            raise
        return storage

    async def close(self) -> None:
        """Store what waits, within the patience, and let go of client and server."""
        try:
            await self.writer.close(self._close_seconds)
        finally:
            await self._apart.run(self._written.client.close())
            await self._apart.close()
            await self.database.client.close()
            if self._hold:
                self._hold.close()

    async def mend(self, error: PyMongoError) -> None:
        """Bring the embedded server back, where it is one; awaited before a further try, in any thread."""
        if self._on_retry:
            self._here.call_soon_threadsafe(self._on_retry, error)
        if self._hold:
            try:
                await asyncio.to_thread(self._hold.ensure)
            except EmbeddedError as reason:
                raise StorageUnavailable(str(reason)) from reason
