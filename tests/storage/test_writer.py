"""The queue of the writer: order, batches, and its end. The batches themselves: test_batch.py."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forumcrawl.items import Item
from forumcrawl.storage.changes import Verdict
from forumcrawl.storage.errors import StorageUnavailable
from forumcrawl.storage.writer import BatchWriter
from tests.items.samples import full_post


class Store:
    """Takes batches as a database would, and says how it was called."""

    def __init__(self, seconds: float = 0.0, failure: Exception | None = None) -> None:
        self.batches: list[list[int]] = []
        self.durable: list[int] = []
        self.seconds = seconds
        self.failure = failure

    async def __call__(self, items: Sequence[Item]) -> list[Verdict]:
        numbers = [int(item.key.rpartition("/")[2]) for item in items]
        self.batches.append(numbers)
        await asyncio.sleep(self.seconds)
        if self.failure:
            raise self.failure
        self.durable += numbers
        return ["new"] * len(items)


@settings(max_examples=25)
@given(bursts=st.lists(st.integers(1, 12), min_size=1, max_size=8), size=st.integers(1, 7))
def test_items_are_stored_in_the_order_they_came_and_a_verdict_means_durable(bursts: list[int], size: int) -> None:
    async def main() -> None:
        store = Store()
        writer = BatchWriter(store, size=size, wait=0.001)
        numbers = iter(range(sum(bursts)))

        async def one(number: int) -> None:
            await writer.submit(full_post(number))
            assert set(range(number + 1)) <= set(store.durable)

        waiting = []
        for burst in bursts:
            waiting += [asyncio.create_task(one(next(numbers))) for _ in range(burst)]
            await asyncio.sleep(0)
        await asyncio.gather(*waiting)
        await writer.close(5)
        assert [number for batch in store.batches for number in batch] == list(range(sum(bursts)))
        assert all(1 <= len(batch) <= size for batch in store.batches)

    asyncio.run(main())


def test_says_how_long_it_was_busy_also_while_it_is() -> None:
    async def main() -> None:
        store = Store(seconds=0.05)
        writer = BatchWriter(store, size=1, wait=0)
        assert writer.busy == 0
        stored = writer.submit(full_post(1))
        while not store.batches:
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert 0 < writer.busy < writer.busy
        await stored
        await asyncio.sleep(0)
        assert writer.busy >= 0.05
        assert writer.busy == writer.busy  # no more when it is idle
        await writer.close(5)

    asyncio.run(main())


def test_a_full_batch_leaves_at_once_and_an_item_alone_after_its_wait() -> None:
    async def main() -> None:
        store = Store()
        writer = BatchWriter(store, size=3, wait=0.3)
        now = asyncio.get_running_loop().time
        started = now()
        await asyncio.gather(*(writer.submit(full_post(number)) for number in range(3)))
        assert now() - started < 0.2
        started = now()
        await writer.submit(full_post(9))
        assert 0.25 < now() - started < 2
        await writer.close(5)

    asyncio.run(main())


def test_what_came_while_a_batch_was_written_waits_no_longer() -> None:
    async def main() -> None:
        store = Store(seconds=0.05)
        writer = BatchWriter(store, size=100, wait=0.2)
        first = writer.submit(full_post(1))
        await asyncio.sleep(0.22)
        second = [writer.submit(full_post(number)) for number in (2, 3)]
        await first
        started = asyncio.get_running_loop().time()
        await asyncio.gather(*second)
        assert asyncio.get_running_loop().time() - started < 0.15
        assert store.batches == [[1], [2, 3]]
        await writer.close(5)

    asyncio.run(main())


def test_closing_stores_what_waits_and_takes_nothing_more() -> None:
    async def main() -> None:
        store = Store()
        writer = BatchWriter(store, size=2, wait=60)
        waiting = [writer.submit(full_post(number)) for number in range(5)]
        await writer.close(5)
        assert await asyncio.gather(*waiting) == ["new"] * 5
        assert store.batches == [[0, 1], [2, 3], [4]]
        with pytest.raises(StorageUnavailable, match="closed"):
            await writer.submit(full_post(9))
        await writer.close(5)

    asyncio.run(main())


def test_closing_is_bounded_and_what_is_left_fails() -> None:
    async def main() -> None:
        writer = BatchWriter(Store(seconds=60), size=1, wait=0)
        waiting = [writer.submit(full_post(number)) for number in range(3)]
        started = asyncio.get_running_loop().time()
        await writer.close(0.2)
        assert asyncio.get_running_loop().time() - started < 2
        results = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(result) for result in results] == [StorageUnavailable] * 3

    asyncio.run(main())


@pytest.mark.parametrize("failure", [StorageUnavailable("away"), ZeroDivisionError("a fault of the program")])
def test_after_a_failure_all_that_waits_fails_at_once_and_one_is_told(failure: Exception) -> None:
    async def main() -> None:
        told: list[StorageUnavailable] = []
        writer = BatchWriter(Store(failure=failure), size=2, wait=0, on_failed=told.append)
        waiting = [writer.submit(full_post(number)) for number in range(5)]
        results = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(result) for result in results] == [StorageUnavailable] * 5
        assert len(set(map(id, results))) == 5
        with pytest.raises(StorageUnavailable, match=str(failure)):
            await writer.submit(full_post(9))
        assert [str(error) for error in told] == [str(results[0])]
        await writer.close(5)

    asyncio.run(main())


def test_who_no_longer_waits_does_not_stop_the_others() -> None:
    async def main() -> None:
        store = Store()
        writer = BatchWriter(store, size=3, wait=0.01)
        first, second = writer.submit(full_post(1)), writer.submit(full_post(2))
        first.cancel()
        assert await second == "new"
        assert store.durable == [1, 2]
        await writer.close(5)

    asyncio.run(main())
