"""Processes that inspect: the loop stays free, nothing ends it, and no process is left."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from forumcrawl.media import child, worker
from forumcrawl.media.inspect import inspect
from forumcrawl.media.verdict import Inspection, Limits, Refusal
from forumcrawl.media.worker import Inspectors
from tests.media import drawn

_PNG = drawn.file(drawn.picture(1), "PNG")
_SLOW = 0.001
"""Seconds in which no picture is inspected."""


async def longest_pause(work: Awaitable[object]) -> float:
    """The longest that the loop did nothing else while it waited for `work`, in seconds."""
    task = asyncio.ensure_future(work)
    longest, last = 0.0, time.perf_counter()
    while not task.done():
        await asyncio.sleep(0.001)
        longest, last = max(longest, time.perf_counter() - last), time.perf_counter()
    await task
    return longest


def with_inspectors(use: Callable[[Inspectors], Awaitable[None]], **options: float) -> None:
    async def run() -> None:
        async with Inspectors(Limits(), **options) as inspectors:  # type: ignore[arg-type]
            await use(inspectors)

    asyncio.run(run())


def children() -> list[int]:
    """Processes of this one that inspect pictures."""
    listed = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    return [int(each) for each in listed if child.__name__.encode() in Path(f"/proc/{each}/cmdline").read_bytes()]


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_the_loop_is_free_while_a_picture_of_12_megapixels_is_inspected(form: str) -> None:
    data = drawn.file(
        drawn.picture(1, 400, 300).resize((4000, 3000)), form, **({"method": 0} if form == "WEBP" else {})
    )

    async def use(inspectors: Inspectors) -> None:
        await inspectors.inspect(_PNG)  # its start is not what is measured
        assert await longest_pause(inspectors.inspect(data)) < 0.1

    with_inspectors(use)


def test_a_process_says_what_is_said_without_one() -> None:
    async def use(inspectors: Inspectors) -> None:
        for data in (_PNG, b"", b"<html>", drawn.svg(""), drawn.file(drawn.picture(2), "AVIF")):
            assert await inspectors.inspect(data) == inspect(data)

    with_inspectors(use)


def test_many_pictures_at_once_have_as_many_processes_as_are_allowed() -> None:
    async def use(inspectors: Inspectors) -> None:
        files = [drawn.file(drawn.picture(seed, 60, 40), "PNG") for seed in range(20)]
        found = await asyncio.gather(*map(inspectors.inspect, files))
        assert found == [inspect(data) for data in files]
        assert len(children()) == 2

    with_inspectors(use, processes=2)
    assert children() == []


def test_a_picture_that_takes_too_long_is_too_large_and_the_next_is_inspected() -> None:
    async def use(inspectors: Inspectors) -> None:
        found = await inspectors.inspect(_PNG)
        assert isinstance(found, Refusal)
        assert found.outcome == "too_large"
        inspectors._seconds = worker.SECONDS
        assert isinstance(await inspectors.inspect(_PNG), Inspection)

    with_inspectors(use, seconds=_SLOW)


def test_a_picture_that_needs_too_much_memory_is_too_large() -> None:
    data = drawn.file(Image.new("RGBA", (6000, 6000)), "PNG")

    async def use(inspectors: Inspectors) -> None:
        found = await inspectors.inspect(data)
        assert isinstance(found, Refusal)
        assert found.outcome == "too_large"
        assert isinstance(await inspectors.inspect(_PNG), Inspection)

    with_inspectors(use, memory=150_000_000)


def test_a_process_that_was_killed_is_replaced() -> None:
    async def use(inspectors: Inspectors) -> None:
        await inspectors.inspect(_PNG)
        (process,) = children()
        os.kill(process, signal.SIGKILL)
        assert isinstance(await inspectors.inspect(_PNG), Inspection | Refusal)  # it may be asked before it is missed
        assert isinstance(await inspectors.inspect(_PNG), Inspection)

    with_inspectors(use)


def test_a_wait_that_is_cancelled_leaves_no_half_answer_behind() -> None:
    async def use(inspectors: Inspectors) -> None:
        await inspectors.inspect(_PNG)
        task = asyncio.create_task(inspectors.inspect(drawn.file(drawn.picture(1, 2000, 1500), "PNG")))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await inspectors.inspect(_PNG) == inspect(_PNG)

    with_inspectors(use)
    assert children() == []


def test_closing_during_an_inspection_blames_no_picture() -> None:
    async def use(inspectors: Inspectors) -> None:
        await inspectors.inspect(_PNG)
        task = asyncio.create_task(inspectors.inspect(drawn.file(drawn.picture(1, 3000, 2000), "PNG")))
        await asyncio.sleep(0.01)
        await inspectors.close()
        with pytest.raises(RuntimeError, match="closed"):
            await task
        with pytest.raises(RuntimeError, match="closed"):
            await inspectors.inspect(_PNG)

    with_inspectors(use)
    assert children() == []


@given(st.builds(Refusal, st.just("broken"), st.text()) | st.just(inspect(_PNG)) | st.just(inspect(drawn.svg(""))))
def test_an_answer_is_read_as_it_was_written(found: Inspection | Refusal) -> None:
    assert child.read_answer(child.write_answer(found)) == found
