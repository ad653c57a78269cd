"""Flat stats in the form in which people and programs ask for them: by type, by host, by field."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from forumcrawl.stats.latency import percentile
from forumcrawl.stats.names import (
    BYTES,
    DEAD,
    ERRORS,
    FILLED,
    FRONTIER,
    IMAGES,
    IN_FLIGHT,
    ITEMS,
    LATENCY,
    NO_RESPONSE,
    OBJECTS,
    OUTCOMES,
    PAGES,
    REQUESTS,
    RETRIES,
    SOURCES,
    STATUS,
    THREADS,
    TIME,
    WAITING,
    Stat,
    by_name,
    counted,
)

Digest = dict[str, Any]
_PLAIN = {
    "pages": PAGES,
    "outcomes": OUTCOMES,
    "retries": RETRIES,
    "threads": THREADS,
    "sources": SOURCES,
    "images": IMAGES,
    "errors": ERRORS,
    "time": TIME,
}
_SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}


def digest(stats: Mapping[str, Any]) -> Digest:
    """What the stats of a run say, ready for JSON; the names are those of `scrapy status --json`."""
    return {
        **{name: by_name(template, stats) for name, template in _PLAIN.items()},
        "items": _nested(ITEMS, stats),
        "responses": _nested(STATUS, stats),
        "no_response": _nested(NO_RESPONSE, stats),
        "queue": _queue(stats),
        "hosts": _hosts(stats),
        "coverage": coverage(stats),
    }


def coverage(stats: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """By part (`posts`, `posts.quotes`), the share of them whose field says something; not the fields of share 0."""
    seen = {part: count for (part,), count in counted(OBJECTS, stats).items()}
    shares: dict[str, dict[str, float]] = defaultdict(dict)
    for (part, field), count in sorted(counted(FILLED, stats).items()):
        if seen.get(part):
            shares[part][field] = round(count / seen[part], 4)
    return dict(shares)


def latencies(stats: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """By host, how many responses came within each limit; see `stats.latency`."""
    return _nested(LATENCY, stats)


def _nested(template: Stat, stats: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """Counts of a stat with two labels, the first of which has most first."""
    found = counted(template, stats)
    counts: dict[str, dict[str, int]] = {name: {} for name in by_name(template, stats)}
    for (first, second), count in sorted(found.items()):
        counts[first][second] = count
    return counts


def _queue(stats: Mapping[str, Any]) -> dict[str, int]:
    frontier = by_name(FRONTIER, stats)
    now = {"waiting": WAITING, "in_flight": IN_FLIGHT, "dead": DEAD}
    return {
        **{name: int(stats.get(stat, 0)) for name, stat in now.items()},
        "redelivered": frontier.get("redelivered", 0),
    }


def _hosts(stats: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    found, sizes = latencies(stats), by_name(BYTES, stats)
    return {
        host: {
            "requests": requests,
            "bytes": sizes.get(host, 0),
            **{name: percentile(found.get(host, {}), share) for name, share in _SHARES.items()},
        }
        for host, requests in by_name(REQUESTS, stats).items()
    }
