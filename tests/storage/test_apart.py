"""An event loop in a thread of its own: it goes on while the other one is busy, and ends when told."""

from __future__ import annotations

import asyncio
import threading

import pytest

from forumcrawl.storage.apart import Apart


def test_goes_on_while_this_loop_is_busy() -> None:
    async def main() -> None:
        apart, went_on = Apart("test"), threading.Event()

        async def step() -> str:
            await asyncio.sleep(0)
            went_on.set()
            return threading.current_thread().name

        asked = asyncio.ensure_future(apart.run(step()))
        await asyncio.sleep(0)  # it is begun
        assert went_on.wait(5)
        assert await asked == "test"
        await apart.close()

    asyncio.run(main())


def test_what_fails_there_is_raised_here() -> None:
    async def main() -> None:
        apart = Apart("test")

        async def fail() -> None:
            raise ValueError("there")

        with pytest.raises(ValueError, match="there"):
            await apart.run(fail())
        await apart.close()

    asyncio.run(main())


def test_a_callback_is_called_here_and_before_the_result() -> None:
    async def main() -> None:
        apart, told = Apart("test"), list[tuple[str, str]]()
        tell = apart.told(lambda word: told.append((word, threading.current_thread().name)))
        assert tell is not None
        assert apart.told(None) is None

        async def work() -> None:
            tell("one")
            tell("two")

        await apart.run(work())
        here = threading.current_thread().name
        assert told == [("one", here), ("two", here)]
        await apart.close()

    asyncio.run(main())


def test_a_cancelled_wait_ends_what_is_waited_for() -> None:
    async def main() -> None:
        apart, ends = Apart("test"), threading.Event()

        async def wait() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                ends.set()

        asked = asyncio.ensure_future(apart.run(wait()))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asked, 0.05)
        assert await asyncio.to_thread(ends.wait, 5)
        await apart.close()

    asyncio.run(main())


def test_the_end_cancels_what_still_runs_and_ends_the_thread() -> None:
    async def main() -> None:
        apart = Apart("test-end")
        left = asyncio.ensure_future(apart.run(asyncio.Event().wait()))
        await asyncio.sleep(0)
        await apart.close()
        await apart.close()
        with pytest.raises(asyncio.CancelledError):
            await left
        assert "test-end" not in [thread.name for thread in threading.enumerate()]

    asyncio.run(main())


def test_the_end_ends_what_takes_a_cancel_for_something_else() -> None:
    async def main() -> None:
        apart, begun = Apart("test-stubborn"), threading.Event()

        async def stubborn() -> None:
            begun.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:  # as of a client that takes it for a lost connection
                await asyncio.Event().wait()

        left = asyncio.ensure_future(apart.run(stubborn()))
        await asyncio.sleep(0)
        assert begun.wait(5)
        async with asyncio.timeout(10):
            await apart.close()
        with pytest.raises(asyncio.CancelledError):
            await left

    asyncio.run(main())
