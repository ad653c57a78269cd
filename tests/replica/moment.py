"""The world at one tick: what a visitor would see. Rendering and truth both read it here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, lru_cache

from tests.replica.growth import Growth
from tests.replica.nodes import NodeInfo
from tests.replica.people import Person
from tests.replica.posts import POSTS_AT_MOST, PostInfo, Writer
from tests.replica.threads import MOVED, UNREADABLE, ThreadInfo
from tests.replica.world import World


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a board's thread list."""

    page: int
    pages: int
    sticky: list[ThreadInfo]
    threads: list[ThreadInfo]


class Moment:
    """The world at `tick`."""

    def __init__(self, world: World, tick: int) -> None:
        self.world = world
        self.tick = tick
        self.growth = Growth(world.threads_model, tick, world.grow_posts)
        self.writer = Writer(world)
        self.thread = lru_cache(maxsize=4096)(self._thread)
        self.post = lru_cache(maxsize=1024)(self._post)
        self._placed = lru_cache(maxsize=64)(self._excluded)

    # Threads ------------------------------------------------------------------------------------------------
    def _thread(self, index: int) -> ThreadInfo:
        return self.world.threads_model[index]

    @property
    def total(self) -> int:
        """How many threads there are."""
        return self.world.threads + len(self.growth.new)

    def find(self, thread_id: int) -> ThreadInfo | None:
        """The thread of an id, read or not; None where there is none."""
        index = self.world.threads_model.index_of(thread_id)
        return self.thread(index) if index is not None and index < self.total else None

    def readable(self, thread: ThreadInfo) -> bool:
        """Whether its own page can be read."""
        return thread.index not in UNREADABLE

    def posts(self, thread: ThreadInfo) -> int:
        """How many posts it has now."""
        return self.world.threads_model.posts(thread.index) + len(self.growth.replies_to(thread.index))

    def pages(self, thread: ThreadInfo) -> int:
        """How many pages it has now."""
        return -(-self.posts(thread) // self.world.posts_per_page)

    def page_of(self, number: int) -> int:
        """The page post `number` stands on."""
        return (number - 1) // self.world.posts_per_page + 1

    def written_at(self, thread: ThreadInfo, number: int) -> datetime:
        """When post `number` was written."""
        early = self.world.threads_model.posts(thread.index)
        if number > early:
            return self.growth.replies_to(thread.index)[number - early - 1]
        last = self.growth.new.get(thread.index)
        start = thread.created if last is None else last - timedelta(seconds=(early - 1) * thread.gap)
        return start + timedelta(seconds=int((number - 1) * thread.gap))

    def last_post_at(self, thread: ThreadInfo) -> datetime:
        """When its last post was written."""
        return self.written_at(thread, self.posts(thread))

    def views(self, thread: ThreadInfo) -> int:
        """Views now."""
        return thread.views + self.tick * (1 + thread.index % 7)

    # Posts and members --------------------------------------------------------------------------------------
    def _post(self, index: int, number: int) -> PostInfo:
        return self.writer.write(self.thread(index), number)

    def find_post(self, post_id: int) -> tuple[ThreadInfo, int] | None:
        """The thread a post stands in and its number there, None where there is no such post."""
        index, number = post_id // POSTS_AT_MOST - 1, post_id % POSTS_AT_MOST
        if not 0 <= index < self.total or not 1 <= number <= self.posts(self.thread(index)):
            return None
        return self.thread(index), number

    def starter(self, thread: ThreadInfo) -> Person:
        """Who started a thread."""
        return self.writer.author(thread, 1)

    # Boards -------------------------------------------------------------------------------------------------
    @cached_property
    def counts(self) -> dict[int, tuple[int, int]]:
        """Node id to (threads, posts) shown for it, boards below it included."""
        own = self.world.counts_at_start
        found: dict[int, tuple[int, int]] = {}

        def add(node: NodeInfo) -> tuple[int, int]:
            fresh = [i for i in self.growth.moved_up.get(node.id, ()) if i in self.growth.new]
            threads, posts = own.get(node.id, (0, 0))
            threads += len(fresh)
            posts += sum(self.world.threads_model.posts(i) for i in fresh)
            posts += sum(len(self.growth.replies_to(i)) for i in self.growth.moved_up.get(node.id, ()))
            for child in node.children:
                more = add(child)
                threads, posts = threads + more[0], posts + more[1]
            found[node.id] = threads, posts
            return threads, posts

        for category in self.world.tree:
            add(category)
        return found

    def _excluded(self, board: int) -> tuple[list[int], list[int]]:
        """Threads of a board out of their arithmetic place: those on top, and positions to skip."""
        model = self.world.threads_model
        sticky = set(model.sticky(board))
        top = [i for i in self.growth.moved_up.get(board, ()) if i not in sticky]
        count = model.count_of(board)
        gone = {*sticky, *(i for i in top if i < model.count)}
        return top, sorted(count - 1 - model.position_of(i) for i in gone)

    def length(self, board: int) -> int:
        """How many threads the list of a board holds, the sticky ones aside."""
        top, skipped = self._placed(board)
        return self.world.threads_model.count_of(board) - len(skipped) + len(top)

    def listing(self, board: int, page: int) -> Listing:
        """A page of a board's list; pages beyond the last are empty."""
        model = self.world.threads_model
        top, skipped = self._placed(board)
        size, length = self.world.threads_per_page, self.length(board)
        rows = [
            top[k] if k < len(top) else self._at(board, k - len(top), skipped)
            for k in range((page - 1) * size, min(page * size, length))
        ]
        sticky = [self.thread(i) for i in model.sticky(board)] if page == 1 else []
        return Listing(page, max(1, -(-length // size)), sticky, [self.thread(i) for i in rows])

    def _at(self, board: int, place: int, skipped: list[int]) -> int:
        """Index of the thread at `place` from the youngest, the skipped places not counted."""
        for gap in skipped:
            if gap > place:
                break
            place += 1
        model = self.world.threads_model
        return model.at(board, model.count_of(board) - 1 - place)

    def target(self) -> ThreadInfo:
        """The thread the moved one is now."""
        return self.thread(MOVED - 1)
