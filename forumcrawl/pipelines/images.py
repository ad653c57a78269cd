"""Pictures into the store, under the hash of their file."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem, NotConfigured

from forumcrawl.items.media import FetchedPicture
from forumcrawl.media.verdict import Limits
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
    """Turns a `FetchedPicture` into an `ImageFile` that says where the file is; all else passes as it is.

    The file is in the store before its record is: a crawl that dies between them fetches it again. The pipeline opens
    `crawler.inspectors`, where the spider has files looked into.
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

    def open_spider(self) -> None:
        self._crawler.inspectors = self._inspectors  # type: ignore[attr-defined]

    async def close_spider(self) -> None:
        await self._inspectors.close()
        if self._store:
            await self._store.close()

    async def process_item(self, item: Any) -> Any:
        """The item; a fetched picture as the record of its file, once that is in the store."""
        if not isinstance(item, FetchedPicture):
            return item
        image, digest = item.image, item.image.sha256 or ""
        image.path, image.thumbnail = path_of(digest, item.extension), None
        try:
            store = await self._opened()
            await store.put(image.path, item.body)
            if item.thumbnail is not None:
                image.thumbnail = thumbnail_path_of(digest)
                await store.put(image.thumbnail, item.thumbnail)
        except FilesUnavailable as error:
            self._fail(error)
            raise DropItem(str(error), log_level="DEBUG") from None
        image.outcome = "stored"
        if self._crawler.stats:
            self._crawler.stats.inc_value(IMAGES.format(outcome=image.outcome))
        return image

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
