"""How long a database that is away is waited for."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from typing import TypeAlias, TypeVar

from pymongo.errors import PyMongoError

from forumcrawl.storage.errors import StorageUnavailable, one_line, transient

T = TypeVar("T")
OnRetry: TypeAlias = Callable[[PyMongoError], Awaitable[None]]

_FIRST, _LONGEST = 0.1, 5.0  # seconds between two tries, doubling


class Patience:
    """Tries a database operation again until it works or `seconds` have passed without success.

    `on_retry` is awaited before each further try; it may mend what is broken, and a StorageUnavailable it raises
    ends the waiting.
    """

    def __init__(self, seconds: float, on_retry: OnRetry | None = None) -> None:
        self.seconds = seconds
        self._on_retry = on_retry

    async def attempt(self, operation: Callable[[], Awaitable[T]]) -> T:
        """What `operation` gives. It must be harmless to repeat: a try that failed may have been done in part.

        Raises StorageUnavailable when it fails for good, at once for an error that will not pass.
        """
        deadline = time.monotonic() + self.seconds
        pause = _FIRST
        while True:
            try:
                return await operation()
            except PyMongoError as error:
                left = deadline - time.monotonic()
                if not transient(error):
                    raise StorageUnavailable(f"the database refuses: {one_line(error)}") from error
                if left <= 0:
                    raise StorageUnavailable(f"no success in {self.seconds:g} s: {one_line(error)}") from error
                if self._on_retry:
                    await self._on_retry(error)
            await asyncio.sleep(min(pause, left) * random.uniform(0.5, 1.0))
            pause = min(2 * pause, _LONGEST)
