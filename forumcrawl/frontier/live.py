"""Stats of runs that go on, in Redis: each worker tells its own every few seconds, anybody reads them all."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from forumcrawl.frontier.neighbours import is_gone
from forumcrawl.frontier.scripts import Argument, text
from forumcrawl.frontier.scripts import run as call
from forumcrawl.frontier.streams import PREFIX, job_key
from forumcrawl.storage.errors import one_line
from forumcrawl.storage.redis_client import RedisUnavailable

RUNS = f"{PREFIX}:{{runs}}"
"""What all keys of live runs begin with."""
_KEPT_MS = 3_600_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveWorker:
    """A worker as it told of itself last."""

    name: str
    run_id: str
    began_at: datetime
    heard_at: datetime
    seconds_since: float
    """Since it told last, by the server's clock."""
    reason: str | None
    """How it ended; None while it has not said so."""
    gone: bool
    """Its process ran on this machine and has ended."""
    stats: Mapping[str, Any]

    def alive(self, lease: float) -> bool:
        """Whether it works, as far as one can tell."""
        return self.reason is None and not self.gone and self.seconds_since < lease


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveRun:
    """A run that goes on, or whose end nobody has stored yet."""

    run: str
    job: str
    spider: str
    arguments: Mapping[str, str]
    started_at: datetime
    dead: int
    """Dead letters of its job."""
    heard_ms: int = 0
    """When a worker was heard of last, by the server's clock."""
    workers: list[LiveWorker]


class Live:
    """The live runs in one Redis. All methods raise RedisUnavailable, and may be repeated without harm."""

    def __init__(self, client: Redis, lease: float) -> None:
        self._client = client
        self.lease = lease
        """Seconds of silence after which a worker is dead."""

    async def join(self, job: str, new: str, about: Mapping[str, Any], worker: str) -> tuple[str, dict[str, Any]]:
        """The run that a worker of `job` takes part in, and what it is about: `new` and `about` where it begins one."""
        arguments: list[Argument] = [job, new, json.dumps(about), worker, 1000 * self.lease]
        with _answering():
            run, told = (await call(self._client, ("live_join", RUNS, arguments)))[0]
        return text(run), json.loads(told)

    async def tell(
        self, run: str, about: Mapping[str, Any], worker: str, told: str, *, ended: bool = False, record: float = 0
    ) -> bool:
        """What a worker has to say of itself, as JSON: run_id, began_at, where, reason and stats.

        Whether this worker is the one of all that is to record the run now, which is due every `record` seconds.
        """
        arguments: list[Argument] = [run, json.dumps(about), worker, told, int(ended), round(900 * record)]
        with _answering():
            return bool((await call(self._client, ("live_tell", RUNS, arguments)))[0])

    async def watch(self, seconds: float) -> None:
        """Say that somebody looks at all runs, for so long: workers need not look themselves."""
        with _answering():
            await self._client.set(f"{RUNS}:watched", 1, px=round(1000 * seconds))

    async def is_watched(self) -> bool:
        """Whether somebody looks at all runs."""
        with _answering():
            return bool(await self._client.exists(f"{RUNS}:watched"))

    async def take_look(self, run: str, seconds: float) -> bool:
        """Whether no worker looked at a run for so many seconds; then it is the caller who does now."""
        with _answering():
            return bool(await self._client.set(f"{RUNS}:looked:{run}", 1, nx=True, px=round(900 * seconds)))

    async def settle(self, run: LiveRun) -> bool:
        """Its end is stored: it is live no more, unless a worker was heard of since `run` was read."""
        arguments: list[Argument] = [run.run, _KEPT_MS, run.heard_ms]
        with _answering():
            return bool((await call(self._client, ("live_settle", RUNS, arguments)))[0])

    async def runs(self) -> list[LiveRun]:
        """All live runs, the latest first."""
        with _answering():
            abouts = await self._client.hgetall(f"{RUNS}:live")
        return [await self.run(text(name), json.loads(abouts[name])) for name in sorted(abouts, reverse=True)]

    async def again(self, run: LiveRun) -> LiveRun:
        """A run that was read before, as it is now."""
        return await self.run(run.run, about(run.job, run.spider, run.arguments, run.started_at))

    async def run(self, run: str, about: Mapping[str, Any]) -> LiveRun:
        """A run that `join` gave."""
        pipe = self._client.pipeline(transaction=False)
        pipe.time()
        pipe.hgetall(f"{RUNS}:of:{run}")
        pipe.hgetall(f"{RUNS}:heard:{run}")
        pipe.hlen(f"{job_key(about['job'])}:dead")
        with _answering():
            (seconds, micros), told, heard, dead = await pipe.execute()
        now = seconds + micros / 1e6
        workers = [
            _worker(text(name), json.loads(entry), now, float(heard.get(name, 0))) for name, entry in told.items()
        ]
        return LiveRun(
            run=run,
            job=about["job"],
            spider=about["spider"],
            arguments=about["arguments"],
            started_at=datetime.fromisoformat(about["started_at"]),
            dead=dead,
            heard_ms=max((int(at) for at in heard.values()), default=0),
            workers=sorted(workers, key=lambda worker: (worker.began_at, worker.name)),
        )


def about(job: str, spider: str, arguments: Mapping[str, str], started_at: datetime) -> dict[str, Any]:
    """What a run is about, as `join` and `run` are told of it and as JSON holds it."""
    return {"job": job, "spider": spider, "arguments": dict(arguments), "started_at": started_at.isoformat()}


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except (RedisError, OSError) as error:
        raise RedisUnavailable(f"Redis failed: {one_line(error)}") from error


def _worker(name: str, entry: Mapping[str, Any], now: float, heard_ms: float) -> LiveWorker:
    moment = datetime.fromtimestamp(now, UTC)
    at = datetime.fromisoformat(entry["at"]) if not heard_ms else datetime.fromtimestamp(heard_ms / 1000, UTC)
    since = max(timedelta(), moment - at).total_seconds()
    return LiveWorker(
        name=name,
        run_id=entry["run_id"],
        began_at=datetime.fromisoformat(entry["began_at"]),
        heard_at=at,
        seconds_since=round(since, 3),
        reason=entry["reason"],
        gone=is_gone(entry["where"]),
        stats=entry["stats"],
    )
