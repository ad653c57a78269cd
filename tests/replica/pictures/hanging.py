"""Which post shows which address of the gallery: each address stands in the first post of one thread, at least."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from tests.replica.body import Break, Node, Picture
from tests.replica.pictures.gallery import Exhibit, Gallery
from tests.replica.seed_thread import alt_of
from tests.replica.threads import UNREADABLE, Threads


class Hanging:
    """The gallery's pictures in the posts of a forum."""

    def __init__(self, gallery: Gallery, threads: Threads) -> None:
        self._gallery = gallery
        self._version = threads.version
        indexes = [i for i in range(threads.count) if i not in UNREADABLE and i != threads.seed_index]
        self._walls = {index: gallery.exhibits[turn :: len(indexes)] for turn, index in enumerate(indexes)}

    def above(self, index: int, number: int) -> list[Node]:
        """What post `number` of a thread begins with."""
        hung = self._walls.get(index, []) if number == 1 else []
        return [node for each in hung for node in (self._picture(each, each.shown), Break())]

    def any(self, chance: Random, form: str) -> Picture:
        """A picture that its host has, shown in a form."""
        return self._picture(chance.choice(self._gallery.alive), form)

    def instead(self, body: Sequence[Node]) -> list[Node]:
        """A body with pictures of the gallery in place of those that stand in it."""
        turns = iter(self._gallery.alive)
        return [self._picture(next(turns), node.form) if isinstance(node, Picture) else node for node in body]

    def _picture(self, exhibit: Exhibit, form: str) -> Picture:
        return Picture(exhibit.url, form, alt_of(exhibit.url, self._version))
