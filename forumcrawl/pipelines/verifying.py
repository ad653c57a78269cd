"""Whether the store of pictures holds what the archive says, and mending what it does not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

from scrapy.settings import BaseSettings

from forumcrawl.items import ImageFile
from forumcrawl.media.verdict import Inspection, Limits
from forumcrawl.media.worker import Inspectors
from forumcrawl.pipelines.images import image_limits, images_store
from forumcrawl.storage.archive import Archive
from forumcrawl.storage.files.opening import open_store
from forumcrawl.storage.files.paths import thumbnail_path_of
from forumcrawl.storage.files.report import Record, Report
from forumcrawl.storage.files.store import FileStore
from forumcrawl.storage.files.verify import verify
from forumcrawl.storage.session import Storage


class Refusal(Exception):
    """It is not done; the message is one line that says why."""


@dataclass(frozen=True, slots=True)
class Mended:
    """What was done about what is missing."""

    due: int = 0
    """Pictures that the next crawl fetches again."""
    redrawn: int = 0
    """Thumbnails."""


async def verified(settings: BaseSettings, *, mend: bool) -> tuple[Report, Mended]:
    """What the store and the archive differ in, and with `mend` what was done about it.

    Raises Refusal, StorageUnavailable and FilesUnavailable.
    """
    if not settings["IMAGES_STORE"]:
        raise Refusal("there is no store of pictures: IMAGES_STORE is empty")
    async with AsyncExitStack() as opened:
        storage = await Storage.open(settings)
        opened.push_async_callback(storage.close)
        store = await open_store(images_store(settings), database=storage.database, on_retry=storage.mend)
        opened.push_async_callback(store.close)
        report = await verify(store, _records(storage.archive), mend=mend)
        if not mend:
            return report, Mended()
        if report.records and not report.files:
            raise Refusal(f"none of {report.records:,} pictures is in the store, so nothing is mended: is it another?")
        return report, await _mended(storage.archive, store, report, image_limits(settings))


async def _records(archive: Archive) -> AsyncIterator[Record]:
    async for image in archive.images_stored():
        path, size = image.path or "", image.bytes or 0
        yield Record(key=image.key, sha256=image.sha256 or "", path=path, bytes=size, thumbnail=image.thumbnail or None)


async def _mended(archive: Archive, store: FileStore, report: Report, limits: Limits) -> Mended:
    async with Inspectors(limits) as inspectors:
        lost = [key for key in report.redraw if not await _redrawn(archive, store, inspectors, key)]
    due = [*report.fetch, *lost]
    await archive.fetch_again(due, datetime.now(UTC))
    return Mended(due=len(due), redrawn=len(report.redraw) - len(lost))


async def _redrawn(archive: Archive, store: FileStore, inspectors: Inspectors, key: str) -> bool:
    """Whether the thumbnail of a picture that is whole is in the store again."""
    image = (await archive.images([key])).get(key) or ImageFile(site="")
    if image.path is None or image.sha256 is None or image.thumbnail != thumbnail_path_of(image.sha256):
        return False
    data = await store.get(image.path)
    found = None if data is None else await inspectors.inspect(data)
    if not isinstance(found, Inspection) or found.thumbnail is None:
        return False
    await store.put(image.thumbnail, found.thumbnail)
    return True
