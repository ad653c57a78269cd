"""Ending tasks for certain."""

from __future__ import annotations

import asyncio
from typing import Any

_AGAIN = 0.5  # seconds after which a task that goes on is told again


async def ended(task: asyncio.Task[Any]) -> None:
    """Cancel a task and wait for its end: again and again, since a client of a server may take it for a lost connection
    and go on."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=_AGAIN)
