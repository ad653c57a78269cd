"""When a run is over, and why, from what its workers told last."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any, cast

import pytest

from forumcrawl.frontier.live import Live, LiveRun, LiveWorker
from forumcrawl.items.run import Run
from forumcrawl.stats.settling import point_of, record_of, settle
from forumcrawl.storage.runs import RunStore
from tests.items.samples import NOON


def worker(name: str, *, heard: int, reason: str | None = None, silent: bool = False, gone: bool = False) -> LiveWorker:
    """A worker heard of so many seconds after noon."""
    return LiveWorker(
        name=name,
        run_id=name,
        began_at=NOON,
        heard_at=NOON + timedelta(seconds=heard),
        seconds_since=99 if silent else 1,
        reason=reason,
        gone=gone,
        stats={"pages/thread": 10, "downloading": 3, "status/h.example/200": 12},
    )


def run(*workers: LiveWorker) -> LiveRun:
    return LiveRun(run="r", job="j", spider="forum", arguments={}, started_at=NOON, dead=2, workers=list(workers))


@pytest.mark.parametrize(
    ("workers", "reason", "ended"),
    [
        ([worker("a", heard=5)], None, None),
        ([worker("a", heard=5, reason="shutdown"), worker("b", heard=4)], None, None),
        ([worker("a", heard=5, silent=True)], "crashed", 5),
        ([worker("a", heard=5, gone=True)], "crashed", 5),
        ([worker("a", heard=5, reason="shutdown"), worker("b", heard=7, silent=True)], "crashed", 7),
        ([worker("a", heard=5, silent=True), worker("b", heard=7, reason="shutdown")], "shutdown", 7),
        ([worker("a", heard=5, reason="finished"), worker("b", heard=7)], "finished", 7),
        ([worker("a", heard=5, reason="finished"), worker("b", heard=7, silent=True)], "finished", 7),
        ([], None, None),
    ],
)
def test_a_run_ends_with_its_last_worker(workers: list[LiveWorker], reason: str | None, ended: int | None) -> None:
    record = record_of(run(*workers), lease=15)
    assert record.reason == reason
    assert record.ended_at == (None if ended is None else NOON + timedelta(seconds=ended))


def test_the_record_holds_the_sum_of_all_workers_and_the_dead_letters_of_the_job() -> None:
    record = record_of(run(worker("a", heard=1), worker("b", heard=2, silent=True)), lease=15)
    assert record.stats == {"pages/thread": 20, "downloading": 3, "status/h.example/200": 24, "queue/dead": 2}
    assert (record.totals["pages"], record.totals["responses"], record.totals["dead"]) == (20, 24, 2)


def test_a_point_leaves_out_what_tells_hosts_apart() -> None:
    record = record_of(run(worker("a", heard=1)), lease=15)
    assert point_of(record, NOON).stats == {"pages/thread": 10, "downloading": 3, "queue/dead": 2}


def test_an_older_look_does_not_stay_over_the_end_of_another_worker() -> None:
    look = run(worker("a", heard=5, reason="finished"), worker("b", heard=4))
    whole = run(worker("a", heard=5, reason="finished"), worker("b", heard=6, reason="finished"))
    saved: list[Run] = []

    class Redis:
        lease = 15.0

        async def again(self, _: Any) -> LiveRun:
            return whole  # b has ended meanwhile, and was faster with its record

        async def settle(self, _: Any) -> bool:
            return True

    class Store:
        async def save(self, record: Run) -> None:
            saved.append(record)

    asyncio.run(settle(cast(Live, Redis()), cast(RunStore, Store()), look))
    assert [each.reason for each in saved[-1].workers or ()] == ["finished", "finished"]
    assert len(saved) == 2
