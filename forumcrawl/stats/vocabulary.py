"""All stats there are: which one a name is of."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from forumcrawl.stats import names
from forumcrawl.stats.names import Stat, pattern
from forumcrawl.stats.scrapy_names import SCRAPY

OURS: tuple[Stat, ...] = tuple(value for value in vars(names).values() if isinstance(value, Stat))
"""What forumcrawl counts itself, in the order of their declaration."""
ALL: tuple[Stat, ...] = (*OURS, *SCRAPY)
_PLAIN = {str(stat): stat for stat in ALL if not stat.labels}


@lru_cache(maxsize=20_000)
def declared(name: str) -> Stat | None:
    """The stat that a name such as `pages/thread` is of; None for one that nobody declared."""
    return _PLAIN.get(name) or next((stat for stat in _starting(name) if pattern(stat).fullmatch(name)), None)


@lru_cache(maxsize=20_000)
def labels_of(name: str) -> dict[str, str]:
    """What the labels of a declared name are, by label."""
    stat = declared(name)
    found = pattern(stat).fullmatch(name) if stat else None
    return dict(zip(stat.labels, found.groups(), strict=True)) if stat and found else {}


def undeclared(stats: Iterable[str]) -> list[str]:
    """Of some names those that nobody declared, in order."""
    return sorted(name for name in stats if declared(name) is None)


def _starting(name: str) -> list[Stat]:
    return [stat for stat in ALL if stat.labels and name.startswith(stat.partition("{")[0])]
