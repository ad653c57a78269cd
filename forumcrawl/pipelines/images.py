"""Bytes of pictures into files: looked into off the event loop, stored under their hash."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem, NotConfigured

from forumcrawl.items.media import FetchedPicture, ImageFile
from forumcrawl.media.dhash import bands
from forumcrawl.media.verdict import Inspection, Limits, Refusal
from forumcrawl.media.worker import Inspectors
from forumcrawl.signals import seal
from forumcrawl.stats.names import IMAGES
from forumcrawl.storage.files.opening import open_store
from forumcrawl.storage.files.paths import path_of, thumbnail_path_of
from forumcrawl.storage.files.store import FileStore, FilesUnavailable

logger = logging.getLogger(__name__)
UNAVAILABLE = "images_unavailable"
"""Why a crawl ended whose store of pictures stayed away."""


class ImagesPipeline:
    """Turns a `FetchedPicture` into an `ImageFile` with what the file is; all else passes as it is.

    The file is in the store before its record is: a crawl that dies between them fetches it again.
    """

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._uri = images_store(settings)
        self._inspectors = Inspectors(image_limits(settings))
        self._store: FileStore | None = None
        self._opening = asyncio.Lock()
        self._ending: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ImagesPipeline:
        if not crawler.settings["IMAGES_STORE"]:
            raise NotConfigured
        return cls(crawler)

    async def close_spider(self) -> None:
        await self._inspectors.close()
        if self._store:
            await self._store.close()

    async def process_item(self, item: Any) -> Any:
        """The item; a fetched picture as the record of what became of it."""
        if not isinstance(item, FetchedPicture):
            return item
        image, found = item.image, await self._inspectors.inspect(item.body)
        if isinstance(found, Refusal):
            image.outcome, image.reason = found.outcome, found.reason
        else:
            await self._keep(image, found, item.body)
        if self._crawler.stats:
            self._crawler.stats.inc_value(IMAGES.format(outcome=image.outcome))
        return image

    async def _keep(self, image: ImageFile, found: Inspection, body: bytes) -> None:
        image.path, image.thumbnail = path_of(found.sha256, found.extension), None
        try:
            store = await self._opened()
            await store.put(image.path, body)
            if found.thumbnail is not None:
                image.thumbnail = thumbnail_path_of(found.sha256)
                await store.put(image.thumbnail, found.thumbnail)
        except FilesUnavailable as error:
            self._fail(error)
            raise DropItem(str(error), log_level="DEBUG") from None
        image.outcome, image.sha256, image.format, image.bytes = "stored", found.sha256, found.format, found.bytes
        image.width, image.height, image.frames = found.width, found.height, found.frames
        image.dhash = found.dhash
        image.dhash_keys = None if found.dhash is None else bands(found.dhash)

    async def _opened(self) -> FileStore:
        async with self._opening:  # the first pictures come at the same time
            if self._store is None:
                storage: Any = self._crawler.storage  # type: ignore[attr-defined]
                self._store = await open_store(self._uri, database=storage.database, on_retry=storage.mend)
        return self._store

    def _fail(self, error: FilesUnavailable) -> None:
        if self._ending is None:
            logger.error("Ending the crawl, pictures can no longer be stored: %s", error)
            self._crawler.signals.send_catch_log(seal)
            ending = self._crawler.engine.close_spider_async(reason=UNAVAILABLE)
            self._ending = asyncio.get_running_loop().create_task(ending)


def images_store(settings: Any) -> str:
    """Where pictures are kept: IMAGES_STORE, "auto" being a folder beside the embedded servers."""
    given = str(settings["IMAGES_STORE"])
    return str(Path(settings["FORUMCRAWL_HOME"]) / "images") if given == "auto" else given


def image_limits(settings: Any) -> Limits:
    """What a picture may be at most: IMAGES_MAX_PIXELS, IMAGES_MAX_FRAMES."""
    return Limits(pixels=settings.getint("IMAGES_MAX_PIXELS"), frames=settings.getint("IMAGES_MAX_FRAMES"))
