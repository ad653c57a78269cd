from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from forumcrawl.frontier.live import Live, LiveRun, LiveWorker
from forumcrawl.items.run import Run
from forumcrawl.stats.settling import settle
from forumcrawl.storage.runs import RunStore

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def worker(name: str, reason: str | None) -> LiveWorker:
    at = BEGAN + timedelta(seconds=9 if reason else 5)
    told = {"name": name, "run_id": name, "began_at": BEGAN, "heard_at": at, "seconds_since": 0.0}
    return LiveWorker(**told, reason=reason, gone=False, stats={})  # type: ignore[arg-type]


def run_of(*workers: LiveWorker) -> LiveRun:
    return LiveRun(run="run", job="job", spider="forum", arguments={}, started_at=BEGAN, dead=0, workers=list(workers))


def test_an_older_look_does_not_stay_over_the_end_of_another_worker() -> None:
    look = run_of(worker("a", "finished"), worker("b", None))
    whole = replace(look, workers=[worker("a", "finished"), worker("b", "finished")])
    saved: list[Run] = []

    class Redis:
        lease = 30.0

        async def run(self, *_: Any) -> LiveRun:
            return whole  # b has ended meanwhile, and was faster with its record

        async def settle(self, _: LiveRun) -> bool:
            return True

    class Store:
        async def save(self, record: Run) -> None:
            saved.append(record)

    asyncio.run(settle(cast(Live, Redis()), cast(RunStore, Store()), look))
    assert [each.reason for each in saved[-1].workers or ()] == ["finished", "finished"]
    assert len(saved) == 2
