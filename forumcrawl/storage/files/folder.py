"""Files in a folder. A file gets its name only when it is on the disk, so a name never stands for half a file."""

from __future__ import annotations

import errno
import os
import re
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

from forumcrawl.storage.files.paths import THUMBNAILS, checked, is_path
from forumcrawl.storage.files.store import Effort

_HALF = ".tmp-"
"""What the name of a file that is being written begins with; the writer's process id follows."""
_LEVEL = re.compile(r"[0-9a-f]{2}")
_PASSING = frozenset(
    {errno.EAGAIN, errno.EBUSY, errno.EINTR, errno.EMFILE, errno.ENFILE, errno.ESTALE, errno.ETIMEDOUT}
    | {errno.ENOSPC, errno.EDQUOT}  # an operator may make room
)


class Folder:
    """A FileStore in a folder, which several processes may use at once."""

    def __init__(self, root: Path, seconds: float) -> None:
        self._root = root
        remedy = "make it a folder with room that this user may write to, or name another"
        self._effort = Effort(f"the folder {root}", remedy, (OSError,), _passing, seconds)

    async def prepare(self) -> None:
        """See that files can be written. Raises FilesUnavailable."""
        await self._effort.in_thread(_try_out, self._root)

    async def put(self, path: str, data: bytes) -> bool:
        target = self._root / checked(path)
        return await self._effort.in_thread(_write, self._root, target, data)

    async def get(self, path: str) -> bytes | None:
        target = self._root / checked(path)
        return await self._effort.in_thread(_read, target)

    async def size(self, path: str) -> int | None:
        found = await self._stat(path)
        return None if found is None else found.st_size

    async def age(self, path: str) -> float | None:
        found = await self._stat(path)
        return None if found is None else time.time() - found.st_mtime

    async def paths(self, after: str = "") -> AsyncIterator[str]:
        async for folder in self._folders(after):
            for name in await self._names(folder):
                if folder + name > after and is_path(folder + name):
                    yield folder + name

    async def delete(self, path: str) -> None:
        target = self._root / checked(path)
        await self._effort.in_thread(target.unlink, missing_ok=True)

    async def sweep(self, age: float) -> int:
        swept = 0
        async for folder in self._folders():
            for name in await self._names(folder):
                if name.startswith(_HALF):
                    half = self._root / folder / name
                    swept += await self._effort.in_thread(_drop, half, age)
        return swept

    async def close(self) -> None:
        """Nothing is held open."""

    async def _stat(self, path: str) -> os.stat_result | None:
        target = self._root / checked(path)
        return await self._effort.in_thread(_stat, target)

    async def _folders(self, after: str = "") -> AsyncIterator[str]:
        """The folders of files, in order, from that of `after` on."""
        for top in ("", THUMBNAILS):
            async for first in self._below(top, after):
                async for second in self._below(first, after):
                    yield second

    async def _below(self, folder: str, after: str) -> AsyncIterator[str]:
        for name in await self._names(folder):
            below = f"{folder}{name}/"
            if _LEVEL.fullmatch(name) and below >= after[: len(below)]:
                yield below

    async def _names(self, folder: str) -> list[str]:
        return await self._effort.in_thread(_names, self._root / folder)


def _passing(error: OSError) -> bool:
    return error.errno in _PASSING


def _try_out(root: Path) -> None:
    root.mkdir(parents=True, exist_ok=True)
    if not os.access(root, os.R_OK | os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(root))


def _half_name() -> str:
    return f"{_HALF}{os.getpid()}-{uuid.uuid4().hex}"


def _write(root: Path, target: Path, data: bytes) -> bool:
    found = _stat(target)
    new = found is None or found.st_size != len(data)
    if new:
        _make(root, target.parent)
        _replace(target, data)
    _sync(target.parent)  # also of a file found: who wrote it may not have come so far
    return new


def _replace(target: Path, data: bytes) -> None:
    half = target.with_name(_half_name())
    try:
        with open(half, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(half, target)
    except BaseException:
        half.unlink(missing_ok=True)
        raise


def _make(root: Path, folder: Path) -> None:
    """Make a folder below `root` with those above it, each durable."""
    if folder != root and not folder.is_dir():
        _make(root, folder.parent)
        folder.mkdir(exist_ok=True)
        _sync(folder.parent)


def _sync(folder: Path) -> None:
    entry = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(entry)
    finally:
        os.close(entry)


def _read(target: Path) -> bytes | None:
    with suppress(FileNotFoundError):
        return target.read_bytes()
    return None


def _stat(target: Path) -> os.stat_result | None:
    with suppress(FileNotFoundError):
        return target.stat()
    return None


def _names(folder: Path) -> list[str]:
    with suppress(FileNotFoundError, NotADirectoryError):
        return sorted(os.listdir(folder))
    return []


def _drop(half: Path, age: float) -> bool:
    """Remove a half file that is older than `age` seconds; whether it was."""
    found = _stat(half)
    old = found is not None and time.time() - found.st_mtime > age
    if old:
        half.unlink(missing_ok=True)
    return old
