"""Steps of an item's way that the tree's crawls put in: a slow one, and one that does nothing."""

from __future__ import annotations

import asyncio
from typing import Any

SECONDS = 0.5
"""How long the slow one holds an item."""


class SlowPipeline:
    """Each item takes its time before the next step."""

    async def process_item(self, item: Any) -> Any:
        await asyncio.sleep(SECONDS)
        return item


class NoPipeline:
    """The item goes nowhere."""

    def process_item(self, item: Any) -> Any:
        return item


class FailingPipeline:
    """Fails on an item that asks for it."""

    def process_item(self, item: Any) -> Any:
        if isinstance(item, dict):
            raise RuntimeError(item["fail"])
        return item
