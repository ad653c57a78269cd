"""A task that takes a cancel for something else ends all the same."""

from __future__ import annotations

import asyncio

from forumcrawl.tasks import ended


def test_a_task_that_swallows_the_first_cancel_is_told_again() -> None:
    async def stubborn() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:  # as of a client that takes it for a lost connection
            await asyncio.sleep(60)

    async def main() -> None:
        task = asyncio.create_task(stubborn())
        await asyncio.sleep(0)
        async with asyncio.timeout(10):
            await ended(task)
            await ended(task)
        assert task.cancelled()

    asyncio.run(main())
