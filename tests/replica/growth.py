"""What ticks add to a world that grows: each tick a new thread, and a new last post in some others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from tests.replica.chance import BUMP, dice
from tests.replica.threads import NOW, UNREADABLE, Threads, board_of

_MOST = 25


@dataclass(frozen=True)
class Growth:
    """The changes of ticks 1 to `tick`; nothing at all where `grows` is False."""

    threads: Threads
    tick: int
    grows: bool

    @cached_property
    def replies(self) -> dict[int, tuple[datetime, ...]]:
        """Thread index to the times of its new posts."""
        found: dict[int, tuple[datetime, ...]] = {}
        for tick in range(1, self.tick + 1 if self.grows else 1):
            hour = NOW + timedelta(hours=tick)
            for turn, index in enumerate(self._chosen(tick)):
                found[index] = (*found.get(index, ()), hour + timedelta(minutes=turn))
        return found

    def _chosen(self, tick: int) -> list[int]:
        """Threads that get a reply at a tick; locked ones do not."""
        many = min(_MOST, max(1, self.threads.count // 20))
        chance = dice(self.threads.seed, BUMP, tick)
        drawn = chance.sample(range(self.threads.count), min(self.threads.count, many * 3))
        fit = [i for i in drawn if i not in UNREADABLE and i != self.threads.seed_index]
        return [i for i in fit if not self.threads[i].locked][:many]

    @cached_property
    def new(self) -> dict[int, datetime]:
        """Index to time of the threads that were not there at tick 0."""
        ticks = range(1, self.tick + 1 if self.grows else 1)
        return {self.threads.count + t - 1: NOW + timedelta(hours=t, minutes=45) for t in ticks}

    @cached_property
    def moved_up(self) -> dict[int, list[int]]:
        """Board to its changed threads, the last changed first."""
        times = {index: times[-1] for index, times in self.replies.items()} | self.new
        boards: dict[int, list[int]] = {}
        for index in sorted(times, key=lambda i: times[i], reverse=True):
            boards.setdefault(board_of(index), []).append(index)
        return boards

    def replies_to(self, index: int) -> tuple[datetime, ...]:
        """Times of the posts ticks added to a thread."""
        return self.replies.get(index, ())
