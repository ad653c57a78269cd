"""What belongs together, two by two, and the first of each group."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

Age = Callable[[str], tuple[datetime, str]]
"""By which of two keys the earlier is told."""


def firsts(pairs: Iterable[tuple[str, str]], age: Age) -> dict[str, str]:
    """Each key of `pairs` with the earliest of all that pairs tie to it, over whatever others; its own for that one."""
    parents: dict[str, str] = {}

    def root(key: str) -> str:
        while (above := parents.setdefault(key, key)) != key:
            key = above
        return key

    for one, other in pairs:
        first, second = sorted((root(one), root(other)), key=age)
        parents[second] = first
    return {key: root(key) for key in list(parents)}
