"""What several workers counted, as the stats of all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from numbers import Real
from typing import Any

from forumcrawl.stats.names import Kind
from forumcrawl.stats.vocabulary import declared


def summed(workers: Iterable[tuple[Mapping[str, Any], bool]]) -> dict[str, Any]:
    """The stats of workers, each with whether it lives, the one that was heard of last at the end.

    How a stat adds up is said by its kind; names that nobody declared are left out.
    """
    total: dict[str, Any] = {}
    for stats, alive in workers:
        for name, value in stats.items():
            stat = declared(name)
            if stat is None or (stat.kind == "level" and not alive):
                continue
            total[name] = _both(stat.kind, total[name], value) if name in total else value
    return total


def _both(kind: Kind, one: Any, other: Any) -> Any:
    if kind in ("shared", "fact") or not (isinstance(one, Real) and isinstance(other, Real)):
        return other
    if kind == "peak":
        return max(one, other)
    if kind == "least":
        return min(one, other)
    return one + other
