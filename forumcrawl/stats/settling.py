"""From what workers told last to the record of their run, and when a run is over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from forumcrawl.frontier.live import Live, LiveRun, LiveWorker
from forumcrawl.items.run import Run, RunPoint, RunWorker
from forumcrawl.stats.adding import summed
from forumcrawl.stats.names import (
    DEAD,
    ERRORS,
    FILLED,
    ITEMS,
    LATENCY,
    LATENCY_SUM,
    OBJECTS,
    OUTCOMES,
    PAGES,
    RETRIES,
    STATUS,
    UNREAD,
    by_name,
    counted,
)
from forumcrawl.stats.vocabulary import OURS, declared
from forumcrawl.storage.runs import RunStore

FINISHED = "finished"
CRASHED = "crashed"
"""Why a run ended all of whose workers fell silent without a word."""
_DETAIL = frozenset({OBJECTS, FILLED, UNREAD, LATENCY, LATENCY_SUM})
_AGAIN = 5  # looks after a record was written
_VERDICTS = ("new", "changed", "unchanged", "duplicate", "rejected")


def record_of(live: LiveRun, lease: float) -> Run:
    """The record of a run as it is now; it has ended where it is finished or no worker is alive."""
    heard = sorted(live.workers, key=lambda worker: worker.heard_at)
    stats = summed((worker.stats, worker.alive(lease)) for worker in heard) | {DEAD: live.dead}
    run = Run(
        run=live.run,
        job=live.job or None,
        spider=live.spider,
        arguments=dict(live.arguments),
        started_at=live.started_at,
        heard_at=max((worker.heard_at for worker in heard), default=live.started_at),
        workers=[_worker(worker) for worker in live.workers],
        totals=totals(stats),
        stats=stats,
    )
    run.reason = _reason(heard, lease)
    run.ended_at = run.heard_at if run.reason else None
    return run


def totals(stats: Mapping[str, Any]) -> dict[str, int]:
    """The numbers that a list of runs shows."""
    items = counted(ITEMS, stats)
    verdicts = {verdict: sum(count for (_, each), count in items.items() if each == verdict) for verdict in _VERDICTS}
    named = {"pages": PAGES, "responses": STATUS, "failures": OUTCOMES, "retries": RETRIES, "errors": ERRORS}
    sums = {name: sum(by_name(template, stats).values()) for name, template in named.items()}
    return {**sums, **verdicts, "dead": int(stats.get(DEAD, 0))}


def point_of(run: Run, at: datetime) -> RunPoint:
    """A run's stats at a moment, without those that tell hosts and fields apart."""
    kept = {name: value for name, value in run.stats.items() if _belongs_to_a_point(name, value)}
    return RunPoint(run=run.run, at=at, stats=kept)


async def settle(live: Live, store: RunStore, run: LiveRun) -> Run:
    """Store the record of a run as it is now, and where it has ended take it from the live ones."""
    record = record_of(run, live.lease)
    await store.save(record)
    for _ in range(_AGAIN):  # another worker may have ended, and recorded that, while an older look was on its way
        later = await live.again(run)
        told = record_of(later, live.lease)
        if not told.workers or told.workers == record.workers:
            break
        run, record = later, told
        await store.save(record)
    if record.ended_at:
        await live.settle(run)
    return record


def _reason(heard: list[LiveWorker], lease: float) -> str | None:
    """Why a run ended; None while it goes on. A worker that finished says that no other has anything left to do."""
    reasons = [worker.reason for worker in heard]
    if FINISHED in reasons:
        return FINISHED
    if not heard or any(worker.alive(lease) for worker in heard):
        return None
    return reasons[-1] or CRASHED


def _worker(worker: LiveWorker) -> RunWorker:
    return RunWorker(
        name=worker.name,
        run_id=worker.run_id,
        began_at=worker.began_at,
        heard_at=worker.heard_at,
        reason=worker.reason,
    )


def _belongs_to_a_point(name: str, value: Any) -> bool:
    stat = declared(name)
    told = stat in OURS and stat not in _DETAIL and "host" not in stat.labels if stat else False
    return told and isinstance(value, int | float)
