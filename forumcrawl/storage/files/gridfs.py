"""Files in GridFS buckets of the crawl's database; `_id` and file name of a file are its path, so there is one of each.

The layout is the driver's own (BUCKET.files, BUCKET.chunks), and its tools read it. It is written here because the
driver refuses a file of which a killed writer left chunks, and gives no way to write them again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

from bson import Int64, ObjectId
from pymongo import DeleteMany, ReplaceOne
from pymongo.errors import BulkWriteError, DuplicateKeyError, PyMongoError

from forumcrawl.storage.errors import DUPLICATE_KEY, transient
from forumcrawl.storage.files.paths import checked, is_path
from forumcrawl.storage.files.store import Effort
from forumcrawl.storage.mongo import Database, Document
from forumcrawl.storage.patience import OnRetry

_CHUNK = 255 * 1024  # bytes; what the drivers take
_IN_ORDER = [("files_id", 1), ("n", 1)]
_PAGE = 1_000
_LOOKED_UP = 20  # `_id`s asked for at once


class GridFS:
    """A FileStore in a bucket; the database stays its owner's, who closes it."""

    def __init__(self, database: Database, bucket: str, seconds: float, on_retry: OnRetry | None = None) -> None:
        self._files = database[f"{bucket}.files"]
        self._chunks = database[f"{bucket}.chunks"]
        place, remedy = f"the bucket {bucket!r} of MongoDB", "see that the database can be written to"
        self._effort = Effort(place, remedy, (PyMongoError,), _passing, seconds, on_retry)

    async def prepare(self) -> None:
        """Create the index of chunks that GridFS asks for. Raises FilesUnavailable."""
        await self._effort.attempt(self._chunks.create_index, _IN_ORDER, unique=True)

    async def put(self, path: str, data: bytes) -> bool:
        checked(path)
        return await self._effort.attempt(self._put, path, data)

    async def get(self, path: str) -> bytes | None:
        checked(path)
        return await self._effort.attempt(self._get, path)

    async def size(self, path: str) -> int | None:
        found = await self._file(path)
        return None if found is None else int(found["length"])

    async def age(self, path: str) -> float | None:
        found = await self._file(path)
        return None if found is None else _since(found["uploadDate"])

    async def paths(self, after: str = "") -> AsyncIterator[str]:
        while found := await self._effort.attempt(self._page, after):
            for path in filter(is_path, found):
                yield path
            after = found[-1]

    async def delete(self, path: str) -> None:
        checked(path)
        await self._effort.attempt(self._delete, path)

    async def sweep(self, age: float) -> int:
        """Chunks of files that were never finished; counted as one for each file."""
        swept, last = 0, ""
        while begun := await self._effort.attempt(self._begun, last):
            swept += await self._effort.attempt(self._drop_unfinished, begun, age)
            last = begun[-1]
        return swept

    async def close(self) -> None:
        """Nothing is held open."""

    async def _put(self, path: str, data: bytes) -> bool:
        found = await self._files.find_one({"_id": path})
        if found is not None:
            if found["length"] == len(data):
                return False
            await self._delete(path)
        # Chunks first: a file without its entry is not there, and the next writer of the path writes over them.
        await self._chunks.bulk_write(_chunk_writes(path, data))
        entry = {"_id": path, "filename": path, "length": Int64(len(data)), "chunkSize": _CHUNK}
        try:
            await self._files.insert_one({**entry, "uploadDate": datetime.now(UTC)})
        except DuplicateKeyError:
            return False
        return True

    async def _get(self, path: str) -> bytes | None:
        if await self._files.find_one({"_id": path}, {"_id": 1}) is None:
            return None
        chunks = self._chunks.find({"files_id": path}, {"_id": 0, "data": 1}).sort(_IN_ORDER)
        return b"".join([chunk["data"] async for chunk in chunks])

    async def _file(self, path: str) -> Document | None:
        checked(path)
        return await self._effort.attempt(self._files.find_one, {"_id": path})

    async def _page(self, after: str) -> list[str]:
        query = self._files.find({"_id": {"$gt": after}}, {"_id": 1}).sort("_id", 1).limit(_PAGE)
        return [entry["_id"] async for entry in query]

    async def _delete(self, path: str) -> None:
        await self._files.delete_one({"_id": path})
        await self._chunks.delete_many({"files_id": path})

    async def _begun(self, last: str) -> list[str]:
        """The next paths of which the first chunk is there."""
        query = self._chunks.find({"files_id": {"$gt": last}, "n": 0}, {"_id": 0, "files_id": 1})
        return [chunk["files_id"] async for chunk in query.sort(_IN_ORDER).limit(_LOOKED_UP)]

    async def _drop_unfinished(self, begun: list[str], age: float) -> int:
        whole = {entry["_id"] async for entry in self._files.find({"_id": {"$in": begun}}, {"_id": 1})}
        swept = 0
        for path in begun:
            if path not in whole and await self._untouched(path, age):
                await self._chunks.delete_many({"files_id": path})
                swept += 1
        return swept

    async def _untouched(self, path: str, age: float) -> bool:
        chunk = await self._chunks.find_one({"files_id": path, "n": 0}, {"_id": 1})
        return chunk is not None and isinstance(chunk["_id"], ObjectId) and _since(chunk["_id"].generation_time) > age


def _chunk_writes(path: str, data: bytes) -> list[ReplaceOne[Document] | DeleteMany]:
    """What makes the chunks of a file those of `data`, whatever is there."""
    pieces = [data[start : start + _CHUNK] for start in range(0, len(data), _CHUNK)]
    keys: list[Document] = [{"files_id": path, "n": n} for n in range(len(pieces))]
    writes = [ReplaceOne(key, {**key, "data": piece}, upsert=True) for key, piece in zip(keys, pieces, strict=True)]
    return [*writes, DeleteMany({"files_id": path, "n": {"$gte": len(pieces)}})]


def _passing(error: PyMongoError) -> bool:
    if isinstance(error, BulkWriteError):  # two writers of one chunk at once: the second finds it there
        lost = [entry["code"] == DUPLICATE_KEY for entry in error.details.get("writeErrors", [])]
        if lost and all(lost):
            return True
    return transient(error)


def _since(moment: datetime) -> float:
    return (datetime.now(UTC) - moment).total_seconds()
