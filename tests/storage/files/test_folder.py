from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from forumcrawl.storage.files.opening import open_store
from forumcrawl.storage.files.paths import digest_of, is_path
from forumcrawl.storage.files.store import FileStore, FilesUnavailable
from tests.storage import ROOT, until
from tests.storage.files import file
from tests.storage.files.test_store import listed

_WRITER = """
import asyncio, sys
from forumcrawl.storage.files.opening import open_store
from tests.storage.files import file

async def main():
    store = await open_store(sys.argv[1])
    print("ready", flush=True)
    for start in range(0, 100_000, 50):  # it is killed long before
        kept = [file(seed, 300_000) for seed in range(start, start + 50)]
        await asyncio.gather(*(store.put(path, data) for path, data in kept))

asyncio.run(main())
"""


def _halves(root: Path) -> list[Path]:
    return list(root.rglob(".tmp-*"))


def _named(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file() and is_path(path.relative_to(root).as_posix())]


def _run(root: Path, work: Callable[[FileStore], Any], **options: Any) -> Any:
    async def main() -> Any:
        return await work(await open_store(str(root), **options))

    return asyncio.run(main())


def test_every_named_file_of_a_writer_that_was_killed_is_whole(tmp_path: Path) -> None:
    root = tmp_path / "files"
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(root)], cwd=ROOT, stdout=subprocess.PIPE, text=True, env={**os.environ}
    )
    assert writer.stdout
    assert writer.stdout.readline() == "ready\n"
    until(lambda: len(_named(root)) >= 40)
    writer.send_signal(signal.SIGKILL)
    assert writer.wait() == -signal.SIGKILL
    writer.stdout.close()
    found = _named(root)
    assert len(found) >= 40
    for path in found:
        assert hashlib.sha256(path.read_bytes()).hexdigest() == digest_of(path.name)
    left = len(_halves(root))
    assert _run(root, lambda store: store.sweep(-1)) == left
    assert _halves(root) == []
    assert _named(root) == found


def test_a_half_file_is_swept_when_it_is_old_and_not_before(tmp_path: Path) -> None:
    path, data = file(1)

    async def work(store: FileStore) -> None:
        await store.put(path, data)
        half = (tmp_path / path).with_name(".tmp-1-abc")
        half.write_bytes(b"half")
        assert await store.sweep(3600) == 0
        os.utime(half, (time.time() - 3700,) * 2)
        assert await listed(store) == [path]
        assert await store.sweep(3600) == 1
        assert not half.exists()
        assert await store.get(path) == data

    _run(tmp_path, work)


def test_a_write_that_fails_leaves_neither_name_nor_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, data = file(1)

    def refuse(fd: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(FilesUnavailable, match=r"cannot use the store of files in the folder .*Input/output error"):
        _run(tmp_path, lambda store: store.put(path, data))
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == []


def test_the_bytes_are_on_the_disk_before_the_name_and_the_name_before_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, data = file(1)
    done: list[str] = []
    fsync, replace = os.fsync, os.replace

    def noting_fsync(fd: int) -> None:
        done.append(os.readlink(f"/proc/self/fd/{fd}").removeprefix(f"{tmp_path}"))
        fsync(fd)

    def noting_replace(source: Path, target: Path) -> None:
        done.append("replace")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", noting_fsync)
    monkeypatch.setattr(os, "replace", noting_replace)
    _run(tmp_path, lambda store: store.put(path, data))
    first, second = path.split("/")[:2]
    *made, half, named, last = done
    assert made == ["", f"/{first}"]
    assert half.startswith(f"/{first}/{second}/.tmp-{os.getpid()}-")
    assert (named, last) == ("replace", f"/{first}/{second}")


def test_a_full_disk_is_waited_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, data = file(1)
    fsync, refusals = os.fsync, [errno.ENOSPC, errno.ENOSPC]

    def full(fd: int) -> None:
        if refusals:
            code = refusals.pop()
            raise OSError(code, os.strerror(code))
        fsync(fd)

    monkeypatch.setattr(os, "fsync", full)
    assert _run(tmp_path, lambda store: store.put(path, data))
    assert (tmp_path / path).read_bytes() == data
    assert _halves(tmp_path) == []


def test_a_disk_that_stays_full_is_said_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(fd: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FilesUnavailable, match=r"no success in 0\.3 s: OSError: .*No space left.*with room") as caught:
        _run(tmp_path, lambda store: store.put(*file(1)), seconds=0.3)
    assert "\n" not in str(caught.value)


def test_what_is_not_the_stores_own_is_neither_listed_nor_touched(tmp_path: Path) -> None:
    path, data = file(1)
    alien = [tmp_path / "README", tmp_path / "00", tmp_path / path[:3] / "zz" / "x.jpg", tmp_path / path[:6] / "x.jpg"]

    async def work(store: FileStore) -> None:
        await store.put(path, data)
        for each in alien:
            each.parent.mkdir(exist_ok=True)
            each.write_bytes(b"alien")
        assert await listed(store) == [path]
        assert await store.sweep(-1) == 0
        assert all(each.exists() for each in alien)

    _run(tmp_path, work)


def test_the_loop_runs_while_the_disk_is_slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fsync = os.fsync

    def slow(fd: int) -> None:
        time.sleep(0.3)
        fsync(fd)

    monkeypatch.setattr(os, "fsync", slow)

    async def work(store: FileStore) -> int:
        putting, ticks = asyncio.create_task(store.put(*file(1))), 0
        while not putting.done():
            await asyncio.sleep(0.01)
            ticks += 1
        return ticks

    assert _run(tmp_path, work) > 30
