"""What belongs together, two by two, and the first of each group."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

Age = Callable[[str], tuple[datetime, str]]
"""By which of two keys the earlier is told."""
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def age_of(key: str, at: datetime | None) -> tuple[datetime, str]:
    """By what the earlier of two keys is told; what has no time is the latest."""
    return at or _NEVER, key


def ages(found: Mapping[str, Mapping[str, Any]], when: str) -> Age:
    """By the time that documents have in the field `when`."""
    return lambda key: age_of(key, found.get(key, {}).get(when))


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
