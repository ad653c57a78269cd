"""Two runs side by side: what rose and what fell by more than chance, the largest differences first."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from forumcrawl.stats.digest import latencies
from forumcrawl.stats.errors import ErrorView
from forumcrawl.stats.latency import percentile
from forumcrawl.stats.names import FILLED, ITEMS, OBJECTS, STATUS, counted

What: TypeAlias = Literal["items", "rejected", "coverage", "status", "latency", "error"]
_SURE = 4.0  # standard deviations that a difference is beyond chance, of the many shares that are compared
_SURE_COUNT = 3.3  # of the few counts
_COUNT = 0.1  # of a count that must be gained or lost
_SHARE = 0.05  # of a field's coverage
_ANSWERS = 0.01  # of a host's responses
_SLOWER = 1.5  # times
_ENOUGH = 20  # responses of which a latency is told
_LARGEST = 5.0  # what something new counts for


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Something that rose or fell."""

    what: What
    where: tuple[str, ...]
    """Type; type and field; host and status; host; kind, place and host."""
    before: float
    after: float
    size: float
    """How large it is beside the others; they are ordered by it."""
    text: str
    """It in a line."""


def compare(
    before: Mapping[str, Any], after: Mapping[str, Any], errors: tuple[list[ErrorView], list[ErrorView]] = ([], [])
) -> list[Difference]:
    """The differences between the stats of two runs, and between their errors, that chance does not explain."""
    found = [
        *_items(before, after),
        *_coverage(before, after),
        *_statuses(before, after),
        *_latency(before, after),
        *_errors(*errors),
    ]
    return sorted(found, key=lambda each: (-each.size, each.what, each.where))


def _items(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    """How many of a type were seen, and how many of them were rejected."""
    counts = [_by_type(stats) for stats in (before, after)]
    for kind in sorted({name for each in counts for name in each}):
        (seen, bad), (seen_after, bad_after) = (each.get(kind, (0, 0)) for each in counts)
        if _counts_differ(seen, seen_after):
            told = f"{kind}: {_changed(seen, seen_after)}"
            yield _difference("items", (kind,), seen, seen_after, _ratio(seen, seen_after), told)
        if _shares_differ(bad, seen + bad, bad_after, seen_after + bad_after, _ANSWERS):
            told = f"{kind}: {_changed(bad, bad_after)} rejected"
            yield _difference("rejected", (kind,), bad, bad_after, _ratio(bad, bad_after), told)


def _by_type(stats: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    """Items by type: those that were fine, those that were rejected. Near duplicates are counted among the others."""
    sums: dict[str, tuple[int, int]] = {}
    for (kind, verdict), count in counted(ITEMS, stats).items():
        fine, bad = sums.get(kind, (0, 0))
        if verdict != "duplicate":
            sums[kind] = (fine, bad + count) if verdict == "rejected" else (fine + count, bad)
    return sums


def _coverage(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    seen, seen_after = ({part: n for (part,), n in counted(OBJECTS, each).items()} for each in (before, after))
    filled, filled_after = counted(FILLED, before), counted(FILLED, after)
    for part, field in sorted({*filled, *filled_after}):
        n, m = seen.get(part, 0), seen_after.get(part, 0)
        k, j = filled.get((part, field), 0), filled_after.get((part, field), 0)
        if _shares_differ(k, n, j, m, _SHARE):
            told = f"{part}.{field}: filled in {100 * k / n:.1f} % → {100 * j / m:.1f} %"
            yield _difference("coverage", (part, field), k / n, j / m, 2 * _angle(k / n, j / m), told)


def _statuses(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    """The share of each status but 200, whose share is what the others leave."""
    counts, counts_after = counted(STATUS, before), counted(STATUS, after)
    sums, sums_after = _by_host(counts), _by_host(counts_after)
    for host, status in sorted({*counts, *counts_after}):
        n, m = sums.get(host, 0), sums_after.get(host, 0)
        k, j = counts.get((host, status), 0), counts_after.get((host, status), 0)
        if status != "200" and _shares_differ(k, n, j, m, _ANSWERS):
            told = (
                f"{host}: status {status} in {100 * k / n:.1f} % → {100 * j / m:.1f} % of its answers ({k:,} → {j:,})"
            )
            yield _difference("status", (host, status), k / n, j / m, 2 * _angle(k / n, j / m), told)


def _by_host(counts: Mapping[tuple[str, ...], int]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for (host, _), count in counts.items():
        sums[host] = sums.get(host, 0) + count
    return sums


def _latency(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    """The median latency of hosts that both runs asked, where the whole distribution moved with it."""
    known, known_after = latencies(before), latencies(after)
    for host in sorted(known.keys() & known_after.keys()):
        one, other = known[host], known_after[host]
        n, m = sum(one.values()), sum(other.values())
        if min(n, m) < _ENOUGH or _apart(one, other) < _SURE / 2 * math.sqrt((n + m) / (n * m)):
            continue
        median, median_after = percentile(one, 0.5) or 0.001, percentile(other, 0.5) or 0.001
        factor = median_after / median
        if max(factor, 1 / factor) >= _SLOWER:
            told = f"{host}: median latency {median:.2f} s → {median_after:.2f} s"
            yield _difference("latency", (host,), median, median_after, abs(math.log(factor)), told)


def _apart(one: Mapping[str, int], other: Mapping[str, int]) -> float:
    """The largest difference of two distributions (Kolmogorov and Smirnov's statistic)."""
    limits = sorted({*one, *other}, key=float)
    n, m = sum(one.values()), sum(other.values())
    largest = below = below_after = 0.0
    for limit in limits:
        below, below_after = below + one.get(limit, 0) / n, below_after + other.get(limit, 0) / m
        largest = max(largest, abs(below - below_after))
    return largest


def _errors(before: Iterable[ErrorView], after: Iterable[ErrorView]) -> Iterator[Difference]:
    """Groups of errors that only one of the runs has."""
    known, known_after = ({(each.kind, each.place, each.host): each for each in errors} for errors in (before, after))
    for where in sorted(known.keys() - known_after.keys()):
        yield _error(known[where], "no longer an error", gone=True)
    for where in sorted(known_after.keys() - known.keys()):
        yield _error(known_after[where], "new error", gone=False)


def _error(error: ErrorView, said: str, *, gone: bool) -> Difference:
    where = (error.kind, error.place, error.host)
    told = f"{said}: {' '.join(filter(None, where))} ({error.count:,}): {error.message}"
    counts = (error.count, 0) if gone else (0, error.count)
    return _difference("error", where, *counts, min(_LARGEST, math.log1p(error.count)), told)


# --- what is more than chance ------------------------------------------------------------------------------------


def _counts_differ(before: int, after: int) -> bool:
    """Whether two counts differ by more than a tenth, and by more than counts do by chance (Poisson)."""
    gained = abs(after - before)
    return gained > _COUNT * max(before, after) and gained > _SURE_COUNT * math.sqrt(before + after)


def _shares_differ(k: int, n: int, j: int, m: int, least: float) -> bool:
    """Whether two shares, k of n and j of m, differ by at least so much, and by more than shares do by chance."""
    if not n or not m or abs(j / m - k / n) < least:
        return False
    both = (k + j) / (n + m)
    return abs(j / m - k / n) > _SURE * math.sqrt(both * (1 - both) * (1 / n + 1 / m))


def _angle(before: float, after: float) -> float:
    """The size of the difference of two shares (Cohen's h)."""
    return abs(2 * math.asin(math.sqrt(min(1.0, before))) - 2 * math.asin(math.sqrt(min(1.0, after))))


def _ratio(before: int, after: int) -> float:
    return _LARGEST if not before or not after else min(_LARGEST, abs(math.log(after / before)))


def _changed(before: int, after: int) -> str:
    by = f" ({100 * (after - before) / before:+.0f} %)" if before else ""
    return f"{before:,} → {after:,}{by}"


def _difference(what: What, where: tuple[str, ...], before: float, after: float, size: float, text: str) -> Difference:
    return Difference(
        what=what, where=where, before=round(before, 4), after=round(after, 4), size=round(size, 4), text=text
    )
