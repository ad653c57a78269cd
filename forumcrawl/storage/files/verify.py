"""A store of files against its records: what is missing, altered or nobody's.

Both come in the order of hashes and are walked side by side, so memory holds a few files at a time however many there
are. Orphans that are to be removed wait in a temporary file; only the keys of records in trouble are gathered.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from tempfile import SpooledTemporaryFile

from forumcrawl.storage.files.paths import THUMBNAILS, digest_of, is_path
from forumcrawl.storage.files.report import Record, Report
from forumcrawl.storage.files.store import FileStore
from forumcrawl.storage.files.walk import Shelf, by_hash, pictures

AGE = 3600.0
"""Seconds after which a file without a record is nobody's: a record follows its file within moments."""
_AT_ONCE = 4  # pictures read at the same time
_IN_MEMORY = 1 << 16  # bytes of the list of orphans
_ALTERED = -1  # in place of a size


async def verify(store: FileStore, records: AsyncIterator[Record], *, mend: bool, age: float = AGE) -> Report:
    """Compare `store` with `records`, which come in ascending order of `sha256`; every recorded file is read.

    `mend` removes files whose bytes are not those of their name, and orphaned files and half files older than `age`
    seconds. Orphans go last, when all records were seen, and stay when there was none: that is the wrong database
    rather than a crawl without pictures. No crawl should write to the store meanwhile.
    Raises ValueError for records out of order, FilesUnavailable when the store stays away.
    """
    with SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="ascii") as orphans:
        return await _Verifier(store, mend, age, orphans).run(records)


class _Verifier:
    def __init__(self, store: FileStore, mend: bool, age: float, orphans: SpooledTemporaryFile[str]) -> None:
        self._store = store
        self._mend = mend
        self._age = age
        self._orphans = orphans
        self._shelves = (Shelf(pictures(store)), Shelf(store.paths(after=THUMBNAILS)))
        self._report = Report()

    async def run(self, records: AsyncIterator[Record]) -> Report:
        groups: list[list[Record]] = []
        async for group in by_hash(records):
            groups.append(group)
            if len(groups) == _AT_ONCE:
                await self._compare(groups)
                groups = []
        await self._compare(groups)
        await self._pass(None, set())
        self._report.files = sum(shelf.taken for shelf in self._shelves)
        if self._mend:
            await self._clear()
        return self._report

    async def _compare(self, groups: Sequence[list[Record]]) -> None:
        for group in groups:
            await self._pass(group[0].sha256, {path for record in group for path in (record.path, record.thumbnail)})
        for group, sizes in zip(groups, await asyncio.gather(*map(self._sizes, groups)), strict=True):
            await self._account(group, sizes)

    async def _pass(self, digest: str | None, recorded: set[str | None]) -> None:
        """Go past the files up to this hash, and note those that are nobody's."""
        for shelf in self._shelves:
            async for path in shelf.upto(digest):
                if path not in recorded and (await self._store.age(path) or 0) > self._age:
                    self._report.orphaned.add(path)
                    self._orphans.write(f"{path}\n")

    async def _sizes(self, group: list[Record]) -> dict[str, int | None]:
        """Sizes of the files that records of one hash name: None where a file is missing."""
        sizes: dict[str, int | None] = {}
        for record in group:
            if record.path not in sizes:
                sizes[record.path] = await self._picture(record)
            if record.thumbnail and record.thumbnail not in sizes:
                sizes[record.thumbnail] = await self._thumbnail(record.thumbnail, record)
        return sizes

    async def _picture(self, record: Record) -> int | None:
        data = await self._file(record.path, record, thumbnail=False)
        if data is None:
            return None
        return len(data) if await asyncio.to_thread(_sha256, data) == record.sha256 else _ALTERED

    async def _thumbnail(self, path: str, record: Record) -> int | None:
        data = await self._file(path, record, thumbnail=True)
        if data is None:
            return None
        return len(data) if _is_whole_webp(data) else _ALTERED

    async def _file(self, path: str, record: Record, *, thumbnail: bool) -> bytes | None:
        """The file of a path; None also for one that cannot be this record's, whose file must not suffer for it."""
        fits = is_path(path) and digest_of(path) == record.sha256 and path.startswith(THUMBNAILS) == thumbnail
        return await self._store.get(path) if fits else None

    async def _account(self, group: list[Record], sizes: dict[str, int | None]) -> None:
        self._report.records += len(group)
        for path, size in sizes.items():
            told: set[int | None] = {record.bytes for record in group if record.path == path} or {size}
            if size is None:
                self._report.missing.add(path)
            elif size == _ALTERED or told != {size}:
                self._report.altered.add(path)
            if size == _ALTERED and self._mend:
                await self._remove(path)
        for record in group:
            if sizes[record.path] != record.bytes:
                self._report.fetch.append(record.key)
            elif record.thumbnail and sizes[record.thumbnail] in (None, _ALTERED):
                self._report.redraw.append(record.key)

    async def _clear(self) -> None:
        """Remove what is nobody's."""
        self._report.swept = await self._store.sweep(self._age)
        self._orphans.seek(0)
        for line in self._orphans if self._report.records else ():
            await self._remove(line.rstrip("\n"))

    async def _remove(self, path: str) -> None:
        await self._store.delete(path)
        self._report.removed += 1


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _is_whole_webp(data: bytes) -> bool:
    """Whether WebP bytes are as many as they say themselves; nobody records how large a thumbnail is."""
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP" and int.from_bytes(data[4:8], "little") + 8 == len(data)
