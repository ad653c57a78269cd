"""Which threads of a list are read, and from which page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from forumcrawl.items import ThreadRead
from forumcrawl.pages.xenforo.rows import Row
from forumcrawl.spiders.arguments import ForumArguments

Choose: TypeAlias = Callable[[str, list[str], int], Awaitable[tuple[list[str], int]]]
"""Puts members into a named set that all workers share and that holds so many at the most; those that are in it now,
and how many it holds."""


@dataclass(slots=True)
class Visit:
    """A thread to read."""

    row: Row
    """Its list row."""
    page: int
    """The first page that can differ from what is durable."""
    read: ThreadRead | None
    """What is durable of it, None when all is to be read."""

    @property
    def known(self) -> dict[str, int]:
        """What the callback needs to know, as numbers: what the row said, and the last post that was read on the page
        to begin with (where it stood and its id)."""
        thread = self.row.thread
        known = {} if thread.replies is None else {"replies": thread.replies}
        if thread.last_post_at is not None:
            known["last_post"] = int(thread.last_post_at.timestamp())
        if self.read is not None and self.read.last is not None and self.page > 1:
            known |= {"position": self.read.last.posts, "last_id": self.read.last.last_id}
        return known


class Plan:
    """Decides for one crawl; remembers what it has chosen, since a thread may stand on several lists."""

    def __init__(self, arguments: ForumArguments) -> None:
        self._arguments = arguments
        self._chosen: set[int] = set()
        self._filled = False

    @property
    def in_order(self) -> bool:
        """Lists are read page by page, because the crawl may end before their end."""
        return self._arguments.since is not None or self._arguments.max_threads is not None

    @property
    def full(self) -> bool:
        """As many threads as were asked for are chosen."""
        limit = self._arguments.max_threads
        return self._filled or (limit is not None and len(self._chosen) >= limit)

    async def admitted(self, visits: list[Visit], choose: Choose) -> list[Visit]:
        """The visits that fit, where all workers of the job read so many threads together."""
        if (limit := self._arguments.max_threads) is None or not visits:
            return visits
        chosen, size = await choose("threads", [str(visit.row.thread.thread_id) for visit in visits], limit)
        self._filled = size >= limit
        return [visit for visit in visits if str(visit.row.thread.thread_id) in chosen]

    def wanted(self, board_id: int | None) -> bool:
        """Whether the threads of this board are read."""
        return not self._arguments.boards or board_id in self._arguments.boards

    def misses_boards(self, seen: set[int]) -> bool:
        """Whether a board that was asked for has not shown up yet."""
        return not self._arguments.boards <= seen

    def may_go_on(self, rows: list[Row]) -> bool:
        """Whether the pages behind these rows can hold a thread to read: lists are sorted by last post."""
        since = self._arguments.since
        if self.full:
            return False
        dated = [row.thread.last_post_at for row in rows if not row.thread.sticky and row.thread.last_post_at]
        return since is None or not dated or any(moment >= since for moment in dated)

    def visits(self, rows: list[Row], reads: dict[str, ThreadRead]) -> Iterator[Visit]:
        """The threads to read, each once a crawl; `reads` holds what is durable, by key."""
        for row in rows:
            thread = row.thread
            if thread.thread_id in self._chosen or self.full or self._is_old(row):
                continue
            read = None if self._arguments.full else reads.get(thread.key)
            page: int | None = 1
            if read is not None:
                page = read.resume_page(thread.replies, thread.last_post_at, rounded=row.rounded)
            if page is not None:
                self._chosen.add(thread.thread_id)
                yield Visit(row, page, read)

    def decisions(self, rows: int, visits: list[Visit]) -> dict[str, int]:
        """How many of so many rows are read, read on from where they were left, or skipped."""
        resumed = sum(visit.page > 1 for visit in visits)
        return {"read": len(visits) - resumed, "resumed": resumed, "skipped": rows - len(visits)}

    def _is_old(self, row: Row) -> bool:
        since, moment = self._arguments.since, row.thread.last_post_at
        return since is not None and moment is not None and moment < since
