"""`scrapy images`: whether the store of pictures holds what the archive says, and what to do about it."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.settings import BaseSettings

from forumcrawl.items import ImageFile
from forumcrawl.media.verdict import Inspection, Limits
from forumcrawl.media.worker import Inspectors
from forumcrawl.pipelines.images import image_limits, images_store
from forumcrawl.storage.archive import Archive
from forumcrawl.storage.errors import StorageUnavailable
from forumcrawl.storage.files.opening import open_store
from forumcrawl.storage.files.paths import thumbnail_path_of
from forumcrawl.storage.files.report import Record, Report
from forumcrawl.storage.files.store import FileStore, FilesUnavailable
from forumcrawl.storage.files.verify import verify


class Refusal(Exception):
    """It is not done; the message is one line that says why."""


@dataclass(frozen=True, slots=True)
class Mended:
    """What was done about what is missing."""

    due: int = 0
    """Pictures that the next crawl fetches again."""
    redrawn: int = 0
    """Thumbnails."""


class Command(ScrapyCommand):
    """Exit code 0 when all was sound, 1 when it was not or there is no database or store, 2 for wrong arguments."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "verify [--mend] [--json]"

    def short_desc(self) -> str:
        return "Compare the store of pictures with the archive; mend what differs"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        told = (
            "remove what is altered or nobody's, have the next crawl fetch what is missing; no crawl may run meanwhile"
        )
        parser.add_argument("--mend", action="store_true", help=told)
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        if args != ["verify"]:
            print(f"say scrapy images {self.syntax()}", file=sys.stderr)
            self.exitcode = 2
            return
        try:
            report, mended = asyncio.run(_verified(self.settings, mend=opts.mend))
        except (Refusal, StorageUnavailable, FilesUnavailable) as error:
            print(error, file=sys.stderr)
            self.exitcode = 1
            return
        print(_as_json(report, mended) if opts.json else "\n".join(_lines(report, mended, mend=opts.mend)))
        self.exitcode = 0 if report.sound else 1


async def _verified(settings: BaseSettings, *, mend: bool) -> tuple[Report, Mended]:
    from forumcrawl.storage.session import Storage  # here: every command of Scrapy loads this file

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


def _as_json(report: Report, mended: Mended) -> str:
    told = {**asdict(report), "sound": report.sound, "mended": asdict(mended)}
    return json.dumps(told | {"fetch": len(report.fetch), "redraw": len(report.redraw)}, ensure_ascii=False)


def _lines(report: Report, mended: Mended, *, mend: bool) -> Sequence[str]:
    lines = [f"{report.records:,} pictures recorded, {report.files:,} files in the store"]
    for name in ("missing", "altered", "orphaned"):
        finding = getattr(report, name)
        lines += [f"{name:<9}{finding.count:,}", *(f"  {path}" for path in finding.examples)]
        if (more := finding.count - len(finding.examples)) > 0:
            lines.append(f"  and {more:,} more")
    if mend:
        lines.append(
            f"removed {report.removed:,} files and {report.swept:,} half ones, drew {mended.redrawn:,} thumbnails; "
            f"the next crawl fetches {mended.due:,} pictures again"
        )
    return lines
