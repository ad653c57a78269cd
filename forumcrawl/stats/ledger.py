"""What a worker has to say of itself, where others find it: live in Redis, for good in the database."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from scrapy.settings import BaseSettings

from forumcrawl.frontier.live import Live, LiveRun, LiveWorker, about
from forumcrawl.frontier.neighbours import new_name, whereabouts
from forumcrawl.items.run import ErrorGroup
from forumcrawl.stats.settling import point_of, record_of, settle
from forumcrawl.storage.redis import RedisSession
from forumcrawl.storage.runs import RunStore

_ALONE = 10.0  # seconds between two records of a run that nobody can see live


class Ledger:
    """One worker's entry in its run. Each method raises RedisUnavailable or StorageUnavailable, and is tried again.

    `job` is empty for a worker that shares none: its run is then told by the database alone.
    """

    def __init__(
        self, settings: BaseSettings, run_id: str, job: str, spider: str, arguments: Mapping[str, str]
    ) -> None:
        self.run = run_id
        """The run that this worker takes part in; its own id until it has joined another's."""
        self._settings = settings
        self._run_id = run_id
        self.job = job
        """What it shares with other workers."""
        self._began = _now()
        self._about = about(job, spider, arguments, self._began)
        self._name = new_name()
        self._where = whereabouts()
        self._interval = settings.getfloat("STATS_POINT_INTERVAL")
        self._point_due = self._record_due = 0.0
        self._session: RedisSession | None = None
        self._live: Live | None = None
        self._store: RunStore | None = None

    async def tell(self, stats: Mapping[str, Any], errors: list[ErrorGroup]) -> None:
        """Say how it goes; once in a while a point of the run's history."""
        store, now = await self._opened(), time.monotonic()
        if self._live is None:
            await self._record_alone(store, stats, now)
        elif await self._tell(self._live, stats, None, record=self._interval if now >= self._point_due else 0):
            record = record_of(await self._live.run(self.run, self._about), self._live.lease)
            await store.save(record, point_of(record, _now()))
            self._point_due = now + self._interval
        await store.save(*self._of_this_run(errors))

    async def end(self, stats: Mapping[str, Any], errors: list[ErrorGroup], reason: str) -> None:
        """Say good-bye. The last worker of a run thereby ends it."""
        store = await self._opened()
        await store.save(*self._of_this_run(errors))
        if self._live:
            await self._tell(self._live, stats, reason)
            record = await settle(self._live, store, await self._live.run(self.run, self._about))
        else:
            record = record_of(self._alone(stats, reason), _ALONE)
            await store.save(record)
        await store.save(point_of(record, _now()))

    async def close(self) -> None:
        """Let go of clients and servers."""
        for opened in (self._store, self._session):
            if opened:
                await opened.close()

    async def _opened(self) -> RunStore:
        if self.job and self._live is None:
            self._session = self._session or await RedisSession.open(self._settings)
            live = Live(self._session.client, self._settings.getfloat("FRONTIER_LEASE"))
            self.run, self._about = await live.join(self.job, self._run_id, self._about, self._name)
            self._live = live
        if self._store is None:
            self._store = await RunStore.open(self._settings)
        return self._store

    async def _record_alone(self, store: RunStore, stats: Mapping[str, Any], now: float) -> None:
        """More often than others: these records are the only sign of life."""
        record = record_of(self._alone(stats, None), _ALONE)
        if now >= self._point_due:
            await store.save(record, point_of(record, _now()))
            self._point_due = now + self._interval
        elif now >= self._record_due:
            await store.save(record)
        else:
            return
        self._record_due = now + _ALONE

    async def _tell(self, live: Live, stats: Mapping[str, Any], reason: str | None, *, record: float = 0) -> bool:
        moments = {"began_at": self._began.isoformat(), "at": _now().isoformat()}
        told = {"run_id": self._run_id, **moments, "where": self._where, "reason": reason, "stats": stats}
        ended = reason is not None
        return await live.tell(self.run, self._about, self._name, json.dumps(told), ended=ended, record=record)

    def _alone(self, stats: Mapping[str, Any], reason: str | None) -> LiveRun:
        """This worker's run, of which it is the only one."""
        worker = LiveWorker(
            name=self._name,
            run_id=self._run_id,
            began_at=self._began,
            heard_at=_now(),
            seconds_since=0.0,
            reason=reason,
            gone=False,
            stats=stats,
        )
        return LiveRun(
            run=self.run,
            job="",
            spider=self._about["spider"],
            arguments=dict(self._about["arguments"]),
            started_at=self._began,
            dead=0,
            workers=[worker],
        )

    def _of_this_run(self, errors: list[ErrorGroup]) -> list[ErrorGroup]:
        for group in errors:
            group.run = self.run
        return errors


def _now() -> datetime:
    """To the millisecond, as MongoDB keeps it."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
