"""Posts: who wrote them, what is in them, what hangs on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING

from tests.replica import seed_thread
from tests.replica.body import Node
from tests.replica.chance import POST, dice, mix
from tests.replica.compose import Composer
from tests.replica.features import compose
from tests.replica.people import REPORTER, Person, visitor
from tests.replica.threads import ThreadInfo

if TYPE_CHECKING:
    from tests.replica.world import World

POSTS_AT_MOST = 1000
"""No thread has as many posts, so post ids are thread index times this plus the post's number."""
_FILES = ("photo one.jpg", "plan & notes.pdf", "تقرير.docx", "IMG_0012.PNG")


@dataclass(frozen=True, slots=True)
class FileInfo:
    """An attached file."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class PostInfo:
    """A post, without its time (`Moment.written_at`)."""

    id: int
    thread: ThreadInfo
    number: int
    author: Person
    body: Sequence[Node]
    files: tuple[FileInfo, ...] = ()
    edited_after: int | None = None
    """Seconds from writing to the last edit."""
    liked_by: tuple[str, ...] = ()
    others: int = 0


class Writer:
    """Writes any post of the world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.member = lru_cache(maxsize=8192)(world.member)

    def post_id(self, thread: ThreadInfo, number: int) -> int:
        """Post id of a post's place."""
        return (thread.index + 1) * POSTS_AT_MOST + number

    def author(self, thread: ThreadInfo, number: int) -> Person:
        """Who wrote a post: a few members write most, some posts are by guests or deleted members."""
        if thread.index == self.world.threads_model.seed_index:
            return self.member(REPORTER)
        draw = mix(self.world.seed, POST, self.post_id(thread, number))
        if draw % 100 < 6:
            return visitor(self.world.language, self.world.lang.words["guest"], draw % 1000)
        share = (draw >> 16) % 10_000 / 10_000
        return self.member(1 + int(self.world.members * share * share))

    def write(self, thread: ThreadInfo, number: int) -> PostInfo:
        """Post `number` of a thread."""
        post_id = self.post_id(thread, number)
        author = self.author(thread, number)
        if thread.index == self.world.threads_model.seed_index:
            seed_body = self._quoting(thread, number) or seed_thread.body(self.world.version)
            if self.world.hanging:
                seed_body = self.world.hanging.instead(seed_body)
            return PostInfo(post_id, thread, number, author, seed_body)
        chance = dice(self.world.seed, POST, post_id)
        body = self._quoting(thread, number) or compose(Composer(self, thread, number, chance))
        names, others = self._likes(chance)
        return PostInfo(
            id=post_id,
            thread=thread,
            number=number,
            author=author,
            body=[*self._hung(thread, number), *body],
            files=self._files(post_id, chance),
            edited_after=chance.randrange(60, 90000) if chance.random() < 0.1 else None,
            liked_by=names,
            others=others,
        )

    def _quoting(self, thread: ThreadInfo, number: int) -> Sequence[Node]:
        """The body of a post that has to do with an article, nothing for a post of the usual sort."""
        quotation = self.world.quoting.at(thread.index, number) if self.world.quoting else None
        return quotation.body if quotation else ()

    def _hung(self, thread: ThreadInfo, number: int) -> Sequence[Node]:
        """The pictures that a post begins with."""
        return self.world.hanging.above(thread.index, number) if self.world.hanging else ()

    def _likes(self, chance: Random) -> tuple[tuple[str, ...], int]:
        if chance.random() > 0.3:
            return (), 0
        many = chance.choice((1, 1, 2, 3, 3))
        start = chance.randrange(1, self.world.members)
        names = tuple(self.member((start + 5 * k) % self.world.members + 1).name for k in range(many))
        return names, chance.choice((0, 1, 2, 35, 1204)) if many == 3 else 0

    def _files(self, post_id: int, chance: Random) -> tuple[FileInfo, ...]:
        if chance.random() > 0.06:
            return ()
        return tuple(FileInfo(post_id * 10 + k, name) for k, name in enumerate(chance.sample(_FILES, 2)))
