"""A host is left alone by all workers of the job while one request opens its gate, or while it refuses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from scrapy import Request
from scrapy.crawler import Crawler

from forumcrawl.frontier.scheduler import frontier_of

HOLD = 0.6
"""Seconds for which a host is held, again and again: as long as it goes on being held once its gate is open."""


def can_be_given_back(crawler: Crawler, request: Request) -> bool:
    """Whether the request may wait in the frontier instead of in a slot of the downloader."""
    frontier = frontier_of(crawler)
    return frontier is not None and frontier.lease_of(request) is not None


def hold(crawler: Crawler, host: str) -> None:
    """No turn of the host for a moment."""
    if (frontier := frontier_of(crawler)) is not None:
        told = frontier.worker.tell(host)
        told.hold = max(told.hold, HOLD)


def park(crawler: Crawler, host: str) -> None:
    """No turn of the host for a while, which grows each time until a page comes."""
    if (frontier := frontier_of(crawler)) is not None:
        frontier.worker.tell(host).park = True


@asynccontextmanager
async def held(crawler: Crawler, host: str) -> AsyncIterator[None]:
    """No turn of the host while the block lasts."""
    task = asyncio.get_running_loop().create_task(_keep_holding(crawler, host))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _keep_holding(crawler: Crawler, host: str) -> None:
    while True:
        hold(crawler, host)
        await asyncio.sleep(HOLD / 2)
