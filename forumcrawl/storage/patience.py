"""How long a server that is away is waited for."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from pymongo.errors import PyMongoError

from forumcrawl.storage.errors import StorageUnavailable, one_line, transient

T = TypeVar("T")
OnRetry: TypeAlias = Callable[[Any], Awaitable[None]]

_FIRST, _LONGEST = 0.1, 5.0  # seconds between two tries, doubling


@dataclass(frozen=True, slots=True)
class Trouble:
    """What may go wrong with a kind of server."""

    server: str
    """In messages."""
    errors: tuple[type[Exception], ...]
    """What its client raises."""
    passing: Callable[[Any], bool]
    """Whether such an error may pass."""
    unavailable: type[Exception]
    """What is raised where it does not."""


DATABASE = Trouble("the database", (PyMongoError,), transient, StorageUnavailable)


class Patience:
    """Tries an operation again until it works or `seconds` have passed without success.

    `on_retry` is awaited before each further try; it may mend what is broken, and an error of the kind
    `trouble.unavailable` that it raises ends the waiting. `longest`: seconds between two tries.
    """

    def __init__(
        self,
        seconds: float,
        on_retry: OnRetry | None = None,
        *,
        trouble: Trouble = DATABASE,
        longest: float = _LONGEST,
    ) -> None:
        self.seconds = seconds
        self._on_retry = on_retry
        self._trouble = trouble
        self._longest = longest

    async def attempt(self, operation: Callable[[], Awaitable[T]]) -> T:
        """What `operation` gives. It must be harmless to repeat: a try that failed may have been done in part.

        Raises what the trouble names when it fails for good, at once for an error that will not pass.
        """
        deadline = time.monotonic() + self.seconds
        pause = _FIRST
        while True:
            try:
                return await operation()
            except self._trouble.errors as error:
                left = deadline - time.monotonic()
                if not self._trouble.passing(error):
                    raise self._trouble.unavailable(f"{self._trouble.server} refuses: {one_line(error)}") from error
                if left <= 0:
                    told = f"no success in {self.seconds:g} s: {one_line(error)}"
                    raise self._trouble.unavailable(told) from error
                if self._on_retry:
                    await self._on_retry(error)
            await asyncio.sleep(min(pause, left) * random.uniform(0.5, 1.0))
            pause = min(2 * pause, self._longest)
