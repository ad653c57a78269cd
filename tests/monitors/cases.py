"""Runs as monitors judge them, made up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from forumcrawl.monitors.case import Case
from forumcrawl.monitors.expectations import expectations
from forumcrawl.stats.runs import RunView, WorkerView
from forumcrawl.stats.settling import totals
from tests.items.samples import NOON

HEALTHY: dict[str, Any] = {
    "pages/thread": 300,
    "threads/read": 100,
    "items/posts/new": 2900,
    "items/posts/rejected": 2,
    "items/threads/new": 100,
    "objects/posts": 2900,
    "objects/posts.author": 2900,
    "objects/threads": 100,
    **{f"filled/posts/{field}": 2890 for field in ("text", "created_at", "number")},
    "filled/posts.author/name": 2880,
    "filled/threads/title": 100,
    "filled/threads/created_at": 90,
    "requests/forum.example": 500,
    "status/forum.example/200": 460,
    "status/forum.example/403": 15,
    "status/forum.example/404": 10,
    "status/forum.example/429": 5,
    "status/forum.example/503": 10,
    "no_response/forum.example/TimeoutError": 3,
    "gate_verdicts/open/forum.example": 480,
    "source_warnings/news.example": 1,
    "storage/batches": 100,
    "storage/seconds": 20.0,
    "storage/retries": 1,
    "disk/free": 50_000_000_000,
    "queue/waiting": 40,
    "queue/dead": 0,
}
"""The stats of a run in which all is as it should be."""


def worker(name: str, *, alive: bool = True, gone: bool = False, reason: str | None = None) -> WorkerView:
    return WorkerView(name=name, run_id=name, alive=alive, gone=gone, heard_at=NOON, reason=reason)


def view(**changed: Any) -> RunView:
    """A run that goes on with two workers."""
    known = RunView(
        run="20260303T120000-abcdef",
        job="job",
        spider="forum",
        arguments={"forum": "forum.example"},
        state="running",
        reason=None,
        started_at=NOON,
        heard_at=NOON,
        ended_at=None,
        seconds=60.0,
        workers=[worker("one"), worker("two")],
        totals=totals(HEALTHY),
        stats=HEALTHY,
    )
    run = replace(known, **changed)
    return replace(run, totals=totals(run.stats))


def finished(**changed: Any) -> RunView:
    """A run that ended because nothing was left."""
    told = {"state": "ended", "reason": "finished", "ended_at": NOON, "workers": [worker("one", reason="finished")]}
    return view(**{**told, **changed})


def case(run: RunView, **more: Any) -> Case:
    return Case(run=run, limits=expectations("forum.example"), **more)
