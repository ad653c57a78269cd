"""Runs as an operator sees them, those that go on and those that are over: read here, shown elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Set
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Literal, Self, TypeAlias

from scrapy.settings import BaseSettings

from forumcrawl.frontier.live import Live, LiveRun
from forumcrawl.items.run import Run, RunPoint
from forumcrawl.stats.errors import ErrorView, merged_groups
from forumcrawl.stats.settling import CRASHED, record_of, settle
from forumcrawl.storage.redis import RedisSession
from forumcrawl.storage.runs import RunStore

State: TypeAlias = Literal["running", "ended", "crashed"]
_ALONE = 25.0  # seconds of silence after which a run that shares no job has crashed
_LOST = 2.5  # intervals between points after which a run that Redis does not know has
_LATELY = timedelta(hours=1)
_LATEST = 5  # ended runs that are shown beside those that go on


class NoRun(Exception):
    """There is no such run; the message is one line that says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerView:
    """A worker of a run."""

    name: str
    run_id: str
    alive: bool
    gone: bool
    """Its process ran on this machine and has ended."""
    heard_at: datetime
    reason: str | None
    """How it ended; None while it works, and for one that was killed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """A run; the names of the fields are those of `scrapy status --json`."""

    run: str
    job: str | None
    spider: str
    arguments: Mapping[str, str]
    state: State
    reason: str | None
    started_at: datetime
    heard_at: datetime
    ended_at: datetime | None
    seconds: float
    """How long it took, or has gone on for."""
    workers: list[WorkerView]
    totals: Mapping[str, int]
    stats: Mapping[str, Any] = field(default_factory=dict)


class Runs:
    """`async with Runs(settings) as runs:`; raises StorageUnavailable or RedisUnavailable with one line."""

    def __init__(self, settings: BaseSettings) -> None:
        self._settings = settings
        self._opened = AsyncExitStack()
        self._live: Live | None = None
        self.store: RunStore
        """The records."""

    async def __aenter__(self) -> Self:
        self.store = await RunStore.open(self._settings)
        self._opened.push_async_callback(self.store.close)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._opened.aclose()

    async def current(self) -> list[RunView]:
        """Runs that go on, and those that ended lately; a run whose workers are all dead is thereby ended."""
        live = await self.live()
        going = {run.run: await self._settled(live, run) for run in await live.runs()}
        since = datetime.now(UTC) - _LATELY
        known = await self.store.runs(_LATEST, stats=True, since=since)
        known += await self.store.runs(_LATEST, stats=True, unended=True)
        others = {run.run: await self._buried(run) for run in known if run.run not in going}
        return sorted([*going.values(), *others.values()], key=lambda view: (view.state != "running", view.run))

    async def latest(self, most: int) -> list[RunView]:
        """The latest runs without their stats, the latest first."""
        runs = await self.store.runs(most)
        going = await self._going(runs)
        return [going.get(run.run) or self._view(run) for run in runs]

    async def one(self, name: str) -> RunView:
        """The run of this id, that in which a worker had it, the latest of a job, or with `last` of all.

        Raises NoRun where there is none.
        """
        if name == "last":
            name = next((run.run for run in await self.store.runs(1)), name)
        found = await self.store.run(name)
        if found is None:
            raise NoRun(f"there is no run {name!r}: scrapy runs lists them")
        return (await self._going([found])).get(found.run) or self._view(found)

    async def points(self, run: str) -> list[RunPoint]:
        """The history of a run."""
        return await self.store.points(run)

    async def errors(self, run: str) -> list[ErrorView]:
        """The errors of a run in groups, the largest first."""
        return merged_groups(await self.store.errors([run]))

    async def live(self) -> Live:
        """The runs in Redis."""
        if self._live is None:
            session = await RedisSession.open(self._settings)
            self._opened.push_async_callback(session.close)
            self._live = Live(session.client, self._settings.getfloat("FRONTIER_LEASE"))
        return self._live

    async def _going(self, runs: list[Run]) -> dict[str, RunView]:
        """Those of the runs that are not over, as they are now; Redis is asked only where there is one."""
        if not any(run.ended_at is None and run.job for run in runs):
            return {}
        live, wanted = await self.live(), {run.run for run in runs if run.ended_at is None}
        return {run.run: await self._settled(live, run) for run in await live.runs() if run.run in wanted}

    async def _settled(self, live: Live, run: LiveRun) -> RunView:
        record = record_of(run, live.lease)
        if record.ended_at:
            record = await settle(live, self.store, run)
        alive = {worker.name for worker in run.workers if worker.alive(live.lease)}
        return view_of(record, alive, {worker.name for worker in run.workers if worker.gone})

    async def _buried(self, run: Run) -> RunView:
        """Of a run that is not live; that it crashed is recorded now."""
        ended, view = run.ended_at, self._view(run)
        if view.ended_at != ended:
            await self.store.save(run)
        return view

    def _view(self, run: Run) -> RunView:
        """Of a run that is not live: where it has not ended either, it did when nobody could record it."""
        if run.ended_at:
            return view_of(run)
        patience = _LOST * self._settings.getfloat("STATS_POINT_INTERVAL") if run.job else _ALONE
        if (datetime.now(UTC) - run.heard_at).total_seconds() < patience:
            return view_of(run, {worker.name for worker in run.workers if worker.reason is None})
        run.ended_at, run.reason = run.heard_at, CRASHED
        return view_of(run)


def view_of(run: Run, alive: Set[str] = frozenset(), gone: Set[str] = frozenset()) -> RunView:
    """A run of which these workers are alive, and of these the processes are gone."""
    state: State = "running" if run.ended_at is None else "crashed" if run.reason == CRASHED else "ended"
    workers = [
        WorkerView(
            name=worker.name,
            run_id=worker.run_id,
            alive=worker.name in alive and state == "running",
            gone=worker.name in gone,
            heard_at=worker.heard_at,
            reason=worker.reason,
        )
        for worker in run.workers
    ]
    return RunView(
        run=run.run,
        job=run.job,
        spider=run.spider,
        arguments=run.arguments,
        state=state,
        reason=run.reason,
        started_at=run.started_at,
        heard_at=run.heard_at,
        ended_at=run.ended_at,
        seconds=round(((run.ended_at or datetime.now(UTC)) - run.started_at).total_seconds(), 3),
        workers=workers,
        totals=run.totals,
        stats=run.stats,
    )
