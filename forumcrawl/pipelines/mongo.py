"""The last step: an item goes on only when it is durable."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

from pymongo.errors import PyMongoError
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from forumcrawl.items import Item, Rejected
from forumcrawl.signals import seal
from forumcrawl.stats.hosts import Hosts
from forumcrawl.stats.names import HOST_ITEMS, ITEMS, STORAGE_BATCHES, STORAGE_RETRIES, STORAGE_WAIT, TIME
from forumcrawl.storage.errors import UNAVAILABLE, StorageUnavailable, one_line
from forumcrawl.storage.session import Storage

logger = logging.getLogger(__name__)

_RANK = ("rejected", "new", "changed", "unchanged")
_STORE = TIME.format(step="store")
_REMEMBERED = 200_000  # documents; beyond that a part counts as a document


class NotStored(DropItem):
    """The item is not durable and never will be in this crawl, which is ending."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, log_level="DEBUG")  # one line for all of them was logged when the writer gave up


class MongoPipeline:
    """Stores items. It opens the crawl's storage as `crawler.storage`, where the spider finds `archive`."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._storage: Storage | None = None
        self._closing: asyncio.Task[None] | None = None
        self._verdicts: dict[tuple[str, str], str] = {}
        self._hosts = Hosts.of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> MongoPipeline:
        return cls(crawler)

    async def open_spider(self) -> None:
        """Raises StorageUnavailable, one line that says what to do, when there is no database to start with."""
        self._storage = await Storage.open(
            self._crawler.settings,
            on_retry=self._retried,
            on_failed=self._failed,
            on_write=self._wrote,
            on_found=self._count,
        )
        self._crawler.storage = self._storage  # type: ignore[attr-defined]
        logger.info("Storing in %s at %s", self._storage.database.name, self._storage.address)

    async def close_spider(self) -> None:
        if self._storage:
            await self._storage.close()

    async def process_item(self, item: Any) -> Any:
        """The item, once it is durable; drops it (`NotStored`) when the database stayed away."""
        if not isinstance(item, Item):
            return item
        assert self._storage, "open_spider comes first"
        began = time.monotonic()
        try:
            verdict = await self._storage.writer.submit(item)
        except StorageUnavailable as error:
            raise NotStored(str(error)) from None
        self._count(item, verdict)
        self._crawler.stats.inc_value(_STORE, time.monotonic() - began, start=0.0)  # type: ignore[arg-type]
        return item

    def _count(self, item: Item, verdict: str) -> None:
        """Counts a document once a crawl, by the most that befell it: several pages tell parts of a thread."""
        if verdict == "duplicate" or not item.partial:
            self._add(item, verdict, 1)
            return
        key = (item.collection, item.key)
        before = self._verdicts.get(key)
        if before is not None and _RANK.index(before) <= _RANK.index(verdict):
            return
        if before is not None:
            self._add(item, before, -1)
        self._add(item, verdict, 1)
        if before is not None or len(self._verdicts) < _REMEMBERED:
            self._verdicts[key] = verdict

    def _add(self, item: Item, verdict: str, count: int) -> None:
        kind = item.type if isinstance(item, Rejected) else item.collection
        by_host = HOST_ITEMS.format(type=kind, verdict=verdict, host=self._hosts.name(item.place))
        for name in (ITEMS.format(type=kind, verdict=verdict), by_host):
            self._crawler.stats.inc_value(name, count)

    def _retried(self, error: PyMongoError) -> None:
        self._crawler.stats.inc_value(STORAGE_RETRIES)
        logger.warning("The database is away, trying again: %s", one_line(error))

    def _wrote(self, operations: int, seconds: float) -> None:
        self._crawler.stats.inc_value(STORAGE_BATCHES)
        self._crawler.stats.inc_value(STORAGE_WAIT, seconds, start=0.0)  # type: ignore[arg-type]

    def _failed(self, error: StorageUnavailable) -> None:
        logger.error("Ending the crawl, nothing more can be stored: %s", error)
        self._crawler.signals.send_catch_log(seal)
        ending = self._crawler.engine.close_spider_async(reason=UNAVAILABLE)
        self._closing = asyncio.get_running_loop().create_task(ending)
