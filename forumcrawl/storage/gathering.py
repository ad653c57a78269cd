"""Questions that several pages have at about the same time, asked as one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence

from forumcrawl.storage.mongo import Document

Ask = Callable[[Sequence[str]], Awaitable[list[Document]]]

_WAIT = 0.02  # seconds in which further questions may come


class Gathering:
    """Documents by `_id`. `ask` gives those among some `_id`s; each question costs it more than a document does."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._keys: dict[str, None] = {}
        self._asking: asyncio.Task[dict[str, Document]] | None = None

    async def of(self, keys: Iterable[str]) -> list[Document]:
        """The documents with these `_id`s; those who ask share them. Raises what `ask` raises."""
        wanted = dict.fromkeys(keys)
        if not wanted:
            return []
        self._keys |= wanted
        if self._asking is None:
            self._asking = asyncio.create_task(self._soon(), name="gathered question")
        found = await asyncio.shield(self._asking)  # one who asks may be cancelled, the others wait on
        return [found[key] for key in wanted if key in found]

    async def _soon(self) -> dict[str, Document]:
        await asyncio.sleep(_WAIT)
        keys, self._keys, self._asking = list(self._keys), {}, None
        return {document["_id"]: document for document in await self._ask(keys)}
