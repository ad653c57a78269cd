"""How fast a tree was read, from its server's log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.tree.process import Line


def largest_in_a_second(log: Iterable[Line]) -> int:
    """The most requests that came within any one second."""
    times = sorted(line.time for line in log)
    largest = first = 0
    for last, time in enumerate(times):
        while time - times[first] >= 1:
            first += 1
        largest = max(largest, last - first + 1)
    return largest


def mean(log: Iterable[Line]) -> float:
    """Requests a second from the first to the last."""
    return _mean(sorted(line.time for line in log))


def mean_of_pages(log: Iterable[Line], low: float = 0.0, high: float = 1.0) -> float:
    """Pages a second, between the moments at which these shares of all pages had been asked for."""
    first: dict[int, float] = {}
    for line in log:
        if line.page is not None:
            first.setdefault(line.page, line.time)
    times = sorted(first.values())
    return _mean(times[round(low * len(times)) : round(high * len(times))])


def _mean(times: Sequence[float]) -> float:
    return (len(times) - 1) / (times[-1] - times[0])
