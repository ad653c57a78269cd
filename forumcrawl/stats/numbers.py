"""A crawl at one moment, and as text."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sized
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from scrapy.crawler import Crawler

from forumcrawl.items import Board, Member, Post, Thread
from forumcrawl.stats.names import ITEMS, OUTCOMES, PAGES, RETRIES, by_name, counted

_SHOWN = [kind.collection for kind in (Board, Thread, Post, Member)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """A crawl at one moment."""

    at: float
    """Moment (monotonic seconds)."""
    pages: int
    new: Mapping[str, int]
    """Items that were not in the archive, by collection."""
    known: Mapping[str, int]
    """The others, by what became of them: changed, unchanged, rejected."""
    failures: Mapping[str, int]
    """Requests that yielded no content, by outcome."""
    retries: int
    queued: int
    """Requests that wait in the scheduler."""
    in_flight: int
    """Requests that wait for their response."""

    @classmethod
    def of(cls, crawler: Crawler) -> Numbers:
        """The numbers of a crawl whose spider is open."""
        stats, engine = crawler.stats.get_stats(), crawler.engine
        items = counted(ITEMS, stats)
        return cls(
            at=time.monotonic(),
            pages=sum(by_name(PAGES, stats).values()),
            new={name: items[name, "new"] for name in _SHOWN if (name, "new") in items},
            known=_known(items),
            failures=by_name(OUTCOMES, stats),
            retries=sum(by_name(RETRIES, stats).values()),
            queued=len(engine.scheduler) if isinstance(engine.scheduler, Sized) else 0,
            in_flight=len(engine.downloader.active),
        )


def listed(counts: Mapping[str, Any], form: str = "{} {:,}") -> str:
    """Counts by name in one line."""
    return ", ".join(form.format(name, count) for name, count in counts.items()) or "none"


def span(seconds: float) -> str:
    """A duration as in `1:02:03`."""
    return str(timedelta(seconds=round(seconds)))


def told(now: Numbers, then: Numbers, elapsed: float) -> dict[str, str]:
    """The numbers of `now` as texts by name, with rates since `then`; `elapsed`: seconds since the start."""
    seconds = now.at - then.at
    items, before = (sum((*numbers.new.values(), *numbers.known.values())) for numbers in (now, then))
    known = "".join(f", {count:,} {verdict}" for verdict, count in now.known.items())
    return {
        "pages": f"{now.pages:,} ({_per_second(now.pages, then.pages, seconds)})",
        "items": f"{listed(now.new)} new{known} ({_per_second(items, before, seconds)})",
        "queue": f"{now.queued:,}, in flight {now.in_flight}",
        "failures": listed(now.failures),
        "retries": f"{now.retries:,}",
        "elapsed": span(elapsed),
    }


def _known(items: Mapping[tuple[str, ...], int]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for (name, verdict), count in items.items():
        if name in _SHOWN and verdict != "new":
            sums[verdict] = sums.get(verdict, 0) + count
    return sums


def _per_second(count: int, before: int, seconds: float) -> str:
    return f"{(count - before) / max(seconds, 0.001):,.1f}/s"
