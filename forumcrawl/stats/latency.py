"""Latencies as counts by limit, so that what several workers saw adds up, and percentiles of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping

LIMITS = tuple(round(10 * 2 ** (step / 2)) for step in range(26))
"""Milliseconds: from 10 ms to a minute, each limit the square root of two larger than the one before."""
BEYOND = "inf"
"""The name of what took longer than all of them."""


def limit_of(seconds: float) -> str:
    """The smallest limit that a latency is within, as the stat `latency/{host}/{le}` names it."""
    place = bisect_left(LIMITS, 1000 * seconds)
    return str(LIMITS[place]) if place < len(LIMITS) else BEYOND


def percentile(counts: Mapping[str, int], share: float) -> float | None:
    """Seconds within which `share` of the responses came, by counts of each limit; None where there are none.

    Between two limits it is interpolated; beyond the last it is the last.
    """
    total = sum(counts.values())
    wanted, below = share * total, 0
    lower = 0
    for limit in LIMITS:
        count = counts.get(str(limit), 0)
        if count and below + count >= wanted:
            return round((lower + (limit - lower) * (wanted - below) / count) / 1000, 4)
        below, lower = below + count, limit
    return LIMITS[-1] / 1000 if total else None
