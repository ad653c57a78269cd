"""The forum as a whole: a world at its present tick, and an answer to any address."""

from __future__ import annotations

from collections import OrderedDict

from tests.replica.answers import Answer
from tests.replica.routes import Routes
from tests.replica.world import World

_CACHE_BYTES = 24 * 1024 * 1024
_ENTRY_BYTES = 512
"""Room an entry takes beside its body."""


class Site:
    """Answers requests for one world at its present tick."""

    def __init__(self, world: World, tick: int = 0) -> None:
        self.world = world
        self.set_tick(tick)

    def set_tick(self, tick: int) -> None:
        """Let time pass; pages made before are forgotten."""
        self.tick = tick
        self.routes = Routes(self.world.at(tick))
        self._cache: OrderedDict[str, Answer] = OrderedDict()
        self._cached = 0

    def answer(self, path: str, query: str) -> Answer:
        """The answer to a request; pages are kept while there is room."""
        key = f"{path}?{query}"
        known = self._cache.get(key)
        if known is not None:
            self._cache.move_to_end(key)
            return known
        answer = self.routes.answer(path, query)
        self._cache[key] = answer
        self._cached += len(answer.body) + _ENTRY_BYTES
        while self._cached > _CACHE_BYTES:
            self._cached -= len(self._cache.popitem(last=False)[1].body) + _ENTRY_BYTES
        return answer
