"""An event loop in a thread of its own: what waits there is not held up by pages that are read, and holds up none."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

from forumcrawl.tasks import ended

T = TypeVar("T")
P = ParamSpec("P")


class Apart:
    """Runs coroutines for the event loop that it is made in, in another one. `close` it at the end."""

    def __init__(self, name: str) -> None:
        self._here = asyncio.get_running_loop()
        self._there = asyncio.new_event_loop()
        # A daemon: a process that crashes does not wait for it.
        self._thread = threading.Thread(target=self._there.run_forever, name=name, daemon=True)
        self._thread.start()

    async def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """What `coroutine` gives or raises, there; cancelling this cancels it."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(coroutine, self._there))

    def told(self, callback: Callable[P, object] | None) -> Callable[P, None] | None:
        """`callback` for use there: it is called here, before what `run` gives arrives."""
        if callback is None:
            return None

        def tell(*arguments: P.args, **named: P.kwargs) -> None:
            self._here.call_soon_threadsafe(lambda: callback(*arguments, **named))

        return tell

    async def close(self) -> None:
        """End the thread; what still runs there is cancelled. Closing twice is harmless."""
        if self._there.is_closed():
            return
        await self.run(_cancel_others())
        self._there.call_soon_threadsafe(self._there.stop)
        await asyncio.to_thread(self._thread.join)
        self._there.close()


async def _cancel_others() -> None:
    await asyncio.gather(*(ended(task) for task in asyncio.all_tasks() - {asyncio.current_task()}))
