from __future__ import annotations

import asyncio
import os
import time
import tracemalloc
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forumcrawl.storage.files.opening import open_store
from forumcrawl.storage.files.paths import digest_of, thumbnail_path_of
from forumcrawl.storage.files.report import Record, Report
from forumcrawl.storage.files.store import FileStore
from forumcrawl.storage.files.verify import verify
from tests.storage.files import file, files
from tests.storage.files.conftest import Shop
from tests.storage.files.test_store import listed

THUMBNAIL = b"RIFF" + (12).to_bytes(4, "little") + b"WEBP" + b"12345678"


def record(path: str, data: bytes, **changes: Any) -> Record:
    sha256 = digest_of(path)
    plain = Record(key=f"http://x/{sha256}", sha256=sha256, path=path, bytes=len(data))
    return replace(plain, **changes)


async def told(records: Iterable[Record]) -> AsyncIterator[Record]:
    for each in records:
        yield each


async def check(store: FileStore, records: Iterable[Record], *, mend: bool = False, age: float = -60) -> Report:
    in_order = sorted(records, key=lambda each: each.sha256)
    return await verify(store, told(in_order), mend=mend, age=age)


async def fill(store: FileStore, kept: dict[str, bytes]) -> list[Record]:
    """Store files with a thumbnail each; their records."""
    records = []
    for path, data in kept.items():
        thumbnail = thumbnail_path_of(digest_of(path))
        await store.put(path, data)
        await store.put(thumbnail, THUMBNAIL)
        records.append(record(path, data, thumbnail=thumbnail))
    return records


def test_a_store_that_holds_what_is_recorded_is_sound(shop: Shop) -> None:
    async def main() -> None:
        async with shop.open() as store:
            records = await fill(store, files(12))
            twice = [*records, replace(records[3], key="http://y/")]
            report = await check(store, twice, mend=True)
            assert report == Report(records=13, files=24)
            assert report.sound

    asyncio.run(main())


def test_each_kind_of_trouble_is_found_and_mended(shop: Shop) -> None:
    async def main() -> None:
        async with shop.open() as store:
            records = sorted(await fill(store, files(9, 400_000)), key=lambda each: each.sha256)
            gone, other, short, drawn, half = records[0], records[2], records[4], records[6], records[8]
            assert drawn.thumbnail
            assert half.thumbnail
            nobodys = dict([file(50), file(51)])
            await store.delete(gone.path)
            await _swap(store, other.path, bytes(other.bytes))
            await _swap(store, short.path, b"short")
            await store.delete(drawn.thumbnail)
            await _swap(store, half.thumbnail, THUMBNAIL[:-1])
            for path, data in nobodys.items():
                await store.put(path, data)

            seen = await check(store, records)
            assert seen.missing.examples == [gone.path, drawn.thumbnail]
            assert seen.altered.examples == [other.path, short.path, half.thumbnail]
            assert sorted(seen.orphaned.examples) == sorted(nobodys)
            assert (seen.fetch, seen.redraw) == ([gone.key, other.key, short.key], [drawn.key, half.key])
            assert (seen.records, seen.files, seen.removed) == (9, 18, 0)
            assert len(await listed(store)) == 18

            mended = await check(store, records, mend=True)
            assert (mended.fetch, mended.redraw) == (seen.fetch, seen.redraw)
            assert mended.removed == 5
            left = await check(store, records)
            assert (left.missing.count, left.altered.count, left.orphaned.count) == (5, 0, 0)

            for path, data in files(9, 400_000).items():
                await store.put(path, data)
            for each in (drawn.thumbnail, half.thumbnail):
                await store.put(each, THUMBNAIL)
            assert (await check(store, records)).sound

    asyncio.run(main())


async def _swap(store: FileStore, path: str, data: bytes) -> None:
    await store.delete(path)
    await store.put(path, data)


def _in_folder(folder: Path, main: Any) -> None:
    async def opened() -> None:
        await main(await open_store(str(folder)))

    asyncio.run(opened())


def test_a_young_file_without_a_record_is_left_alone(tmp_path: Path) -> None:
    async def main(store: FileStore) -> None:
        (old, _), (young, _), (kept, data) = file(1), file(2), file(3)
        for path in (old, young, kept):
            await store.put(path, data)
        os.utime(tmp_path / old, (time.time() - 3700,) * 2)
        report = await check(store, [record(kept, data)], mend=True, age=3600)
        assert report.orphaned.examples == [old]
        assert set(await listed(store)) == {young, kept}

    _in_folder(tmp_path, main)


def test_half_files_are_swept_by_mending_alone(tmp_path: Path) -> None:
    async def main(store: FileStore) -> None:
        path, data = file(1)
        await store.put(path, data)
        half = (tmp_path / path).with_name(".tmp-1-abc")
        half.touch()
        assert (await check(store, [record(path, data)])).swept == 0
        assert half.exists()
        assert (await check(store, [record(path, data)], mend=True)).swept == 1
        assert not half.exists()

    _in_folder(tmp_path, main)


def test_no_record_at_all_removes_nothing(tmp_path: Path) -> None:
    async def main(store: FileStore) -> None:
        await fill(store, files(3))
        report = await check(store, [], mend=True)
        assert (report.orphaned.count, report.removed) == (6, 0)
        assert len(await listed(store)) == 6

    _in_folder(tmp_path, main)


def test_records_out_of_order_are_refused_before_an_orphan_is_removed(tmp_path: Path) -> None:
    async def main(store: FileStore) -> None:
        kept = files(20)
        records = sorted((record(*each) for each in kept.items()), key=lambda each: each.sha256, reverse=True)
        for path, data in kept.items():
            await store.put(path, data)
        with pytest.raises(ValueError, match="not in the order of their hashes"):
            await verify(store, told(records), mend=True, age=-60)
        assert await listed(store) == sorted(kept)

    _in_folder(tmp_path, main)


def test_a_record_with_a_wrong_size_costs_no_file_that_has_its_hash(tmp_path: Path) -> None:
    async def main(store: FileStore) -> None:
        path, data = file(1)
        await store.put(path, data)
        wrong = record(path, data, bytes=5, key="wrong")
        report = await check(store, [record(path, data), wrong], mend=True)
        assert (report.altered.examples, report.fetch, report.removed) == ([path], ["wrong"], 0)
        assert await store.get(path) == data

    _in_folder(tmp_path, main)


@pytest.mark.parametrize("strange", ["", "../x", "/etc/passwd", "another's"])
def test_a_record_that_names_no_file_of_its_own_is_missing_one_and_costs_no_other(tmp_path: Path, strange: str) -> None:
    async def main(store: FileStore) -> None:
        (path, data), (other, content) = file(1), file(2)
        await store.put(other, content)
        named = other if strange == "another's" else strange
        wrong = replace(record(path, data), path=named, thumbnail=named or None)
        report = await check(store, [wrong, record(other, content)], mend=True)
        assert (report.missing.examples, report.fetch) == ([named], [wrong.key])
        assert await listed(store) == [other]

    _in_folder(tmp_path, main)


def test_examples_are_few_and_counts_are_whole(tmp_path: Path) -> None:
    async def main(store: FileStore) -> None:
        report = await check(store, [record(*each) for each in files(40).items()])
        assert (report.missing.count, len(report.missing.examples), len(report.fetch)) == (40, 10, 40)

    _in_folder(tmp_path, main)


@settings(max_examples=25)
@given(stored=st.sets(st.integers(0, 30)), recorded=st.sets(st.integers(0, 30), min_size=1))
def test_missing_and_orphaned_are_the_differences_of_store_and_records(
    tmp_path_factory: pytest.TempPathFactory, stored: set[int], recorded: set[int]
) -> None:
    async def main(store: FileStore) -> None:
        for seed in stored:
            await store.put(*file(seed, 8))
        report = await check(store, [record(*file(seed, 8)) for seed in recorded], mend=True)
        assert (report.missing.count, report.orphaned.count) == (len(recorded - stored), len(stored - recorded))
        assert set(await listed(store)) == {file(seed, 8)[0] for seed in stored & recorded}

    _in_folder(tmp_path_factory.mktemp("files"), main)


class _Endless:
    """The listing and reading half of a store of many files, none of them in memory."""

    def __init__(self, data: dict[str, bytes]) -> None:
        self._data = data

    async def paths(self, after: str = "") -> AsyncIterator[str]:
        for path in self._data:
            if path > after:
                yield path

    async def get(self, path: str) -> bytes | None:
        return self._data[path] * 1

    async def age(self, path: str) -> float | None:
        return 1e9


def _peak(count: int) -> int:
    """Bytes that comparing so many files with every second one's record takes at most."""
    data = dict(sorted(files(count, 8).items()))
    recorded = (record(path, content) for path, content in list(data.items())[::2])

    async def main() -> None:
        store: Any = _Endless(data)
        tracemalloc.start()
        report = await verify(store, told(recorded), mend=False)
        assert (report.files, report.orphaned.count) == (count, count // 2)

    try:
        asyncio.run(main())
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_store() -> None:
    few, many = _peak(4_000), _peak(12_000)
    assert many - few < 50_000
