"""Threads: everything about thread index i follows from the seed and i, so 100,000 of them take no room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property

from tests.replica import seed_thread
from tests.replica.chance import THREAD, dice, mix
from tests.replica.nodes import ARTICLES, NEWS, PATTERN, QUESTIONS, SLOTS
from tests.replica.words import PREFIXES, TAGS, WORDS

FIRST = datetime(2015, 1, 1, tzinfo=UTC)
NOW = datetime(2024, 12, 5, 12, tzinfo=UTC)
"""The world's history; ticks come after it, an hour each."""
MISSING, MOVED, OUTSIDE = 1, 3, 5
"""Indexes of the threads that are listed and cannot be read: gone, moved, redirected to another host."""
UNREADABLE = frozenset((MISSING, MOVED, OUTSIDE))
_ID_START, _ID_STEP = 1000, 3


@dataclass(frozen=True, slots=True)
class Ballot:
    """A poll."""

    question: str
    options: tuple[tuple[str, int], ...]
    voters: int


@dataclass(frozen=True, slots=True)
class ThreadInfo:
    """A thread, without what grows."""

    index: int
    id: int
    title: str
    board: int
    kind: str
    prefixes: tuple[str, ...]
    tags: tuple[str, ...]
    sticky: bool
    locked: bool
    views: int
    ballot: Ballot | None
    solution: int | None
    """Number of the post that answers the question."""
    created: datetime
    gap: float
    """Seconds from post to post."""
    hides_permalinks: bool
    moved_to: int | None = None


@dataclass(frozen=True)
class Threads:
    """All threads of a world of `count` threads at tick 0."""

    seed: int
    count: int
    version: str
    language: str
    titles: Mapping[int, str] = field(default_factory=dict, compare=False)
    """Index to title, of threads that do not have a title of their own making."""

    def id_of(self, index: int) -> int:
        """Thread id of an index: rising, with gaps."""
        return _ID_START + _ID_STEP * index + mix(self.seed, THREAD, ~index) % _ID_STEP

    def index_of(self, thread_id: int) -> int | None:
        """Index of a thread id, None where no thread has it (threads of later ticks included)."""
        index = (thread_id - _ID_START) // _ID_STEP
        return index if index >= 0 and self.id_of(index) == thread_id else None

    @cached_property
    def seed_index(self) -> int:
        """Index of the seed thread: the youngest of its board, so it stands on the first list page."""
        return max(i for i in range(max(0, self.count - len(PATTERN)), self.count) if board_of(i) == NEWS)

    def posts(self, index: int) -> int:
        """How many posts it has at tick 0: about 10 on average, some with several pages."""
        if index == self.seed_index:
            return 1
        draw = mix(self.seed, THREAD, index)
        kind, size = draw % 100, draw >> 8
        if kind < 50:
            return 1 + size % 5
        if kind < 85:
            return 6 + size % 10
        return 16 + size % 25 if kind < 97 else 41 + size % 80

    def last_post(self, index: int) -> datetime:
        """When its last post was written: rises with the index, which makes list order arithmetic."""
        step = (NOW - FIRST).total_seconds() / (self.count + 1)
        return FIRST + timedelta(seconds=int((index + 1) * step))

    def sticky(self, board: int) -> tuple[int, ...]:
        """Indexes pinned in a board: its oldest that can be read, and one more where there are many."""
        return self._sticky.get(board, ())

    @cached_property
    def _sticky(self) -> dict[int, tuple[int, ...]]:
        found = {}
        for board in SLOTS:
            oldest = [self.at(board, p) for p in range(min(25, self.count_of(board)))]
            mine = [i for i in oldest if i not in UNREADABLE and i != self.seed_index]
            found[board] = tuple(mine[: 2 if len(mine) > 20 else 1]) if len(mine) > 3 else ()
        return found

    def count_of(self, board: int) -> int:
        """How many threads stand in a board at tick 0."""
        rounds, rest = divmod(self.count, len(PATTERN))
        return rounds * len(SLOTS.get(board, ())) + PATTERN[:rest].count(board)

    def at(self, board: int, position: int) -> int:
        """Index of a board's thread by position, 0 the oldest."""
        rounds, slot = divmod(position, len(SLOTS[board]))
        return rounds * len(PATTERN) + SLOTS[board][slot]

    def position_of(self, index: int) -> int:
        """Position of a thread in its board: the other way round."""
        rounds, slot = divmod(index, len(PATTERN))
        slots = SLOTS[PATTERN[slot]]
        return rounds * len(slots) + slots.index(slot)

    def __getitem__(self, index: int) -> ThreadInfo:
        chance = dice(self.seed, THREAD, index)
        is_seed = index == self.seed_index
        posts = self.posts(index)
        board = board_of(index)
        kind = self._kind(board, index, chance.random())
        gap = float(chance.randrange(60, 40000))
        own_title = self._title(chance.sample(WORDS[self.language], 5), index)
        return ThreadInfo(
            index=index,
            id=self.id_of(index),
            title=seed_thread.TITLE if is_seed else self.titles.get(index, own_title),
            board=board,
            kind=kind,
            prefixes=(seed_thread.PREFIX,) if is_seed else self._prefixes(chance.random()),
            tags=() if is_seed or chance.random() < 0.7 else tuple(chance.sample(TAGS, chance.choice((1, 2, 3)))),
            sticky=index in self.sticky(board),
            locked=not is_seed and chance.random() < 0.08,
            views=9140 if is_seed else int(10 ** chance.uniform(0.7, 6.4)),
            ballot=self._ballot(chance.randrange(1 << 30)) if kind == "poll" else None,
            solution=2 + index % (posts - 1) if kind == "question" and posts > 1 and index % 3 else None,
            created=self.last_post(index) - timedelta(seconds=(posts - 1) * gap),
            gap=gap,
            hides_permalinks=self.version >= "2.2" and index % 11 == 4 and not is_seed,
            moved_to=self.id_of(MOVED - 1) if index == MOVED else None,
        )

    def _kind(self, board: int, index: int, draw: float) -> str:
        if index == self.seed_index or index in UNREADABLE:
            return "discussion"
        if self.version >= "2.2" and board in (QUESTIONS, ARTICLES):
            return "question" if board == QUESTIONS else "article"
        return "poll" if draw < 0.07 or index == 8 else "discussion"

    def _title(self, words: list[str], index: int) -> str:
        extra = (" & <b>", "", " “?!”", "", "", " &amp;", "")[index % 7]
        return f"{' '.join(words).capitalize()}{extra}"

    def _prefixes(self, draw: float) -> tuple[str, ...]:
        choice = PREFIXES[self.language]
        if draw < 0.25:
            return (choice[int(draw * 1000) % len(choice)],)
        return tuple(choice[:2]) if draw < 0.29 else ()

    def _ballot(self, number: int) -> Ballot:
        words = WORDS[self.language]
        options = tuple((f"{words[(number + k * 7) % len(words)]} {k}", number // 7**k % 1500) for k in (1, 2, 3))
        return Ballot(f"{words[number % len(words)]} / {words[number % 11]}?", options, sum(v for _, v in options))


def board_of(index: int) -> int:
    """The board a thread stands in."""
    return PATTERN[index % len(PATTERN)]
