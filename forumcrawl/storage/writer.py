"""The writer of a process: items go in one by one and are stored in batches, in the order they came."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import TypeAlias

from forumcrawl.items import Item
from forumcrawl.storage.changes import Verdict
from forumcrawl.storage.errors import StorageUnavailable
from forumcrawl.tasks import ended

logger = logging.getLogger(__name__)

Store: TypeAlias = Callable[[Sequence[Item]], Awaitable[list[Verdict]]]
_Waiting: TypeAlias = tuple[Item, "asyncio.Future[Verdict]"]


class BatchWriter:
    """Collects items and hands them to `store`, a batch at a time, first come first stored.

    A batch is `size` items, or what came within `wait` seconds of its first; what came while the last one was
    written waits no longer. A batch is durable before the next is begun. Create it inside a running event loop.
    The number of waiting items is bounded by those who wait: a page's items are awaited before it counts as done.
    """

    def __init__(
        self,
        store: Store,
        *,
        size: int = 500,
        wait: float = 0.2,
        on_failed: Callable[[StorageUnavailable], None] | None = None,
    ) -> None:
        self._store = store
        self._size = size
        self._wait = wait
        self._on_failed = on_failed
        self._waiting: deque[_Waiting] = deque()
        self._some = asyncio.Event()
        self._full = asyncio.Event()
        self._closing = False
        self._failure: str | None = None
        self._spent = 0.0
        self._began: float | None = None
        self._task = asyncio.get_running_loop().create_task(self._run(), name="storage writer")

    def submit(self, item: Item) -> asyncio.Future[Verdict]:
        """Put `item` at the end of the queue. The future gives its verdict once it is durable.

        It raises StorageUnavailable when the database stayed away, or the writer was closed, before that.
        """
        future: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()
        if self._failure is not None or self._closing:
            future.set_exception(StorageUnavailable(self._failure or "the writer is closed"))
            return future
        self._waiting.append((item, future))
        self._some.set()
        if len(self._waiting) >= self._size:
            self._full.set()
        return future

    @property
    def busy(self) -> float:
        """Seconds that were spent storing, so far."""
        return self._spent + (0.0 if self._began is None else time.monotonic() - self._began)

    async def close(self, timeout: float) -> None:
        """Store what waits, for at most `timeout` seconds, then end; what is left fails. Closing twice is harmless."""
        self._closing = True
        self._some.set()
        self._full.set()
        done, _ = await asyncio.wait({self._task}, timeout=timeout)
        if not done:
            await ended(self._task)

    async def _run(self) -> None:
        batch: list[_Waiting] = []
        idle = True
        try:
            while batch := await self._next(idle):
                self._began = time.monotonic()
                verdicts = await self._store([item for item, _ in batch])
                self._spent, self._began = self.busy, None
                for (_, future), verdict in zip(batch, verdicts, strict=True):
                    if not future.done():
                        future.set_result(verdict)
                idle = not self._waiting
        except StorageUnavailable as error:
            self._fail(batch, str(error))
        except asyncio.CancelledError:
            self._refuse(batch, "the writer was closed before this was stored")
            raise
        except Exception as error:
            # A fault of this program: ending the crawl keeps the order, going on would leave a gap.
            logger.exception("The storage writer failed")
            self._fail(batch, f"the storage writer failed: {type(error).__name__}: {error}")

    async def _next(self, idle: bool) -> list[_Waiting]:
        """The next batch, after waiting for it where none was kept waiting; empty when closed and nothing is left."""
        if idle and not self._closing:
            if not self._waiting:
                self._some.clear()
                self._full.clear()
            await self._some.wait()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._wait):
                    await self._full.wait()
        return [self._waiting.popleft() for _ in range(min(self._size, len(self._waiting)))]

    def _fail(self, batch: list[_Waiting], reason: str) -> None:
        self._refuse(batch, reason)
        if self._on_failed:
            self._on_failed(StorageUnavailable(reason))

    def _refuse(self, batch: list[_Waiting], reason: str) -> None:
        self._failure = reason
        for _, future in (*batch, *self._waiting):
            if not future.done():
                # One error each: a shared one would gather the traceback of everyone who waits.
                future.set_exception(StorageUnavailable(reason))
        self._waiting.clear()
