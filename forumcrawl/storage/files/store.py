"""What every store of files can do, and what is said when it cannot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, ParamSpec, Protocol, TypeVar

from forumcrawl.storage.errors import StorageUnavailable
from forumcrawl.storage.patience import OnRetry, Patience, Trouble

P = ParamSpec("P")
T = TypeVar("T")


class FilesUnavailable(Exception):
    """The store cannot be used, and waiting longer will not help; the message is one line that says what to do."""


class FileStore(Protocol):
    """Files by path; a file is whole under its path or not there at all, also after a kill or a power cut.

    Every method waits out what may pass and raises FilesUnavailable after that; ValueError for a path that `paths`
    does not make.
    """

    async def put(self, path: str, data: bytes) -> bool:
        """Keep `data`, durable on return; True when the path held nothing of this size, so that it was written.

        A path names its bytes, so a file of the same size stays as it is. Of writers that come at the same time
        several may be told True.
        """
        ...

    async def get(self, path: str) -> bytes | None:
        """The bytes of a file; None where there is none."""
        ...

    async def size(self, path: str) -> int | None:
        """Bytes of a file; None where there is none."""
        ...

    async def age(self, path: str) -> float | None:
        """Seconds since a file was written; None where there is none."""
        ...

    def paths(self, after: str = "") -> AsyncIterator[str]:
        """Paths of the files behind `after` in the order of text; what is not the store's own is left out."""
        ...

    async def delete(self, path: str) -> None:
        """Remove a file; harmless where there is none."""
        ...

    async def sweep(self, age: float) -> int:
        """Remove what killed writers left more than `age` seconds ago; how many such pieces."""
        ...

    async def close(self) -> None:
        """Let go of what the store opened itself."""
        ...


class Effort:
    """Tries an operation of a store as `Patience` does; its error names the place and what to do there."""

    def __init__(
        self,
        place: str,
        remedy: str,
        errors: tuple[type[Exception], ...],
        passing: Callable[[Any], bool],
        seconds: float,
        on_retry: OnRetry | None = None,
    ) -> None:
        self._place = place
        self._remedy = remedy
        self._patience = Patience(seconds, on_retry, trouble=Trouble("it", errors, passing, FilesUnavailable))

    async def attempt(self, operation: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `operation` gives, which must be harmless to repeat. Raises FilesUnavailable."""
        try:
            return await self._patience.attempt(lambda: operation(*args, **kwargs))
        except (FilesUnavailable, StorageUnavailable) as error:
            said = f"cannot use the store of files in {self._place} ({error}): {self._remedy}"
            raise FilesUnavailable(said) from error.__cause__

    async def in_thread(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`attempt` for a function that blocks."""
        return await self.attempt(lambda: asyncio.to_thread(function, *args, **kwargs))
