"""Records and stored paths in the order of their hashes, walked side by side."""

from __future__ import annotations

from collections.abc import AsyncIterator

from forumcrawl.storage.files.paths import THUMBNAILS, digest_of
from forumcrawl.storage.files.report import Record
from forumcrawl.storage.files.store import FileStore


async def by_hash(records: AsyncIterator[Record]) -> AsyncIterator[list[Record]]:
    """The records of each hash together. Raises ValueError where a hash is smaller than the one before."""
    group: list[Record] = []
    async for record in records:
        if group and record.sha256 != group[0].sha256:
            if record.sha256 < group[0].sha256:
                raise ValueError(f"records are not in the order of their hashes: {record.key!r} comes too late")
            yield group
            group = []
        group.append(record)
    if group:
        yield group


async def pictures(store: FileStore) -> AsyncIterator[str]:
    """The paths of a store without those of thumbnails, in the order of their hashes."""
    async for path in store.paths():
        if path.startswith(THUMBNAILS):
            return
        yield path


class Shelf:
    """Paths in the order of their hashes, taken a piece at a time."""

    def __init__(self, paths: AsyncIterator[str]) -> None:
        self.taken = 0
        self._paths = paths
        self._next: str | None = None

    async def upto(self, digest: str | None) -> AsyncIterator[str]:
        """The paths not yet taken with a hash up to `digest`; None takes all."""
        while (path := await self._peek()) is not None and (digest is None or digest_of(path) <= digest):
            self._next = None
            self.taken += 1
            yield path

    async def _peek(self) -> str | None:
        if self._next is None:
            self._next = await anext(self._paths, None)
        return self._next
