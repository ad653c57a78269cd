"""What every kind of store promises."""

from __future__ import annotations

import asyncio
import time

import pytest

from forumcrawl.storage.files.paths import THUMBNAILS, digest_of, thumbnail_path_of
from forumcrawl.storage.files.store import FileStore
from tests.storage.files import file, files
from tests.storage.files.conftest import Shop


async def listed(store: FileStore, after: str = "") -> list[str]:
    return [path async for path in store.paths(after)]


class TestEveryStore:
    def test_gives_back_what_it_was_given_and_keeps_it_when_closed(self, shop: Shop) -> None:
        kept = files(3) | {file(99, 0)[0]: b""}

        async def main() -> None:
            async with shop.open() as store:
                assert [await store.put(path, data) for path, data in kept.items()] == [True] * 4
            async with shop.open() as store:
                for path, data in kept.items():
                    assert await store.get(path) == data
                    assert await store.size(path) == len(data)
                    assert -60 < (await store.age(path) or 0) < 60

        asyncio.run(main())

    def test_knows_nothing_of_an_unknown_path(self, shop: Shop) -> None:
        async def main() -> None:
            path, _ = file(1)
            async with shop.open() as store:
                assert (await store.get(path), await store.size(path), await store.age(path)) == (None, None, None)
                await store.delete(path)
                assert await listed(store) == []
                assert await store.sweep(0) == 0

        asyncio.run(main())

    def test_a_file_of_the_same_size_is_not_written_again_and_one_of_another_size_is(self, shop: Shop) -> None:
        async def main() -> None:
            path, data = file(1, 600_000)
            async with shop.open() as store:
                assert await store.put(path, data[:-1])
                assert await store.put(path, data)
                assert not await store.put(path, bytes(len(data)))
                assert await store.get(path) == data
                assert await store.put(path, data[:5])
                assert await store.get(path) == data[:5]

        asyncio.run(main())

    def test_twenty_puts_of_one_path_at_once_leave_one_whole_file(self, shop: Shop) -> None:
        async def main() -> None:
            path, data = file(1, 700_000)
            async with shop.open() as one, shop.open() as two:
                told = await asyncio.gather(*(store.put(path, data) for _ in range(10) for store in (one, two)))
                assert any(told)
                assert await one.get(path) == data
                assert await listed(two) == [path]
                assert await two.size(path) == len(data)
                assert not await two.put(path, data)
                assert await one.sweep(-1) == 0

        asyncio.run(main())

    def test_takes_a_file_of_five_megabytes_and_lets_the_loop_run_meanwhile(self, shop: Shop) -> None:
        async def main() -> None:
            path, data = file(1, 5 << 20)
            async with shop.open() as store:
                gaps: list[float] = []
                began = time.monotonic()
                ticking = asyncio.create_task(_tick(gaps))
                assert await store.put(path, data)
                assert await store.get(path) == data
                ticking.cancel()
                whole = time.monotonic() - began
                assert max(gaps, default=whole) < max(0.5, whole / 2), "a machine that stalls is no loop held up"

        asyncio.run(main())

    def test_lists_its_files_in_order_pictures_before_thumbnails(self, shop: Shop) -> None:
        async def main() -> None:
            pictures = files(30, 10)
            thumbnails = [thumbnail_path_of(digest_of(path)) for path in list(pictures)[:5]]
            expected = [*sorted(pictures), *sorted(thumbnails)]
            async with shop.open() as store:
                for path in [*thumbnails, *pictures]:
                    await store.put(path, b"x")
                assert await listed(store) == expected
                assert await listed(store, THUMBNAILS) == sorted(thumbnails)
                for place, path in enumerate(expected):
                    assert await listed(store, path) == expected[place + 1 :]

        asyncio.run(main())

    def test_forgets_what_is_deleted_and_takes_it_again(self, shop: Shop) -> None:
        async def main() -> None:
            (path, data), (other, _) = file(1, 600_000), file(2)
            async with shop.open() as store:
                await store.put(path, data)
                await store.put(other, b"other")
                await store.delete(path)
                assert await store.get(path) is None
                assert await listed(store) == [other]
                assert await store.put(path, data)
                assert await store.get(path) == data

        asyncio.run(main())

    @pytest.mark.parametrize("path", ["../x.jpg", "/etc/passwd", "", "ab/cd/x.jpg"])
    def test_takes_no_path_but_its_own(self, shop: Shop, path: str) -> None:
        async def main() -> None:
            async with shop.open() as store:
                for action in (store.put(path, b""), store.get(path), store.size(path), store.age(path)):
                    with pytest.raises(ValueError, match="not a path of the store"):
                        await action
                with pytest.raises(ValueError, match="not a path of the store"):
                    await store.delete(path)

        asyncio.run(main())


async def _tick(gaps: list[float]) -> None:
    """The time between steps of the event loop beyond the ten milliseconds asked for."""
    while True:
        started = time.monotonic()
        await asyncio.sleep(0.01)
        gaps.append(time.monotonic() - started - 0.01)
