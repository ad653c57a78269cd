"""Jobs as an operator sees them: read in a few round trips, changed in nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from redis.asyncio import Redis

from forumcrawl.frontier.bands import Band
from forumcrawl.frontier.neighbours import is_gone
from forumcrawl.frontier.pace import Pace
from forumcrawl.frontier.scripts import Argument, run
from forumcrawl.frontier.streams import job_key
from forumcrawl.frontier.views import HostStatus, JobStatus, Letter, Oldest, Start, WorkerStatus
from forumcrawl.frontier.wire import url_of

COUNTS = ("pushed", "filtered", "delivered", "redelivered", "acknowledged", "dead", "dropped")
_HOSTS = 100  # hosts a script looks at: it keeps the server from everybody else
_CALLS = 5  # such scripts a round trip


async def statuses(client: Redis, pace: Pace, jobs: Mapping[str, Mapping[str, Any]]) -> list[JobStatus]:
    """The status of some of the jobs in the register (id -> entry). Raises redis-py's errors."""
    if not jobs:
        return []
    seen = await run(client, *(("look", job_key(job), []) for job in jobs))
    hosts = await _hosts(client, pace, {job: look[8] for job, look in zip(jobs, seen, strict=True)}, seen[0][0])
    return [
        _job(job, entry, look, hosts[job], pace.lease) for (job, entry), look in zip(jobs.items(), seen, strict=True)
    ]


async def _hosts(client: Redis, pace: Pace, known: Mapping[str, list[bytes]], now: int) -> dict[str, list[HostStatus]]:
    bounds = [*(band.scores[0] for band in Band), max(Band).scores[1]]
    first: list[Argument] = [1000 * pace.delay, pace.concurrency, len(Band), *bounds]
    parts = [(job, names[at : at + _HOSTS]) for job, names in known.items() for at in range(0, len(names), _HOSTS)]
    found: dict[str, list[HostStatus]] = {job: [] for job in known}
    for at in range(0, len(parts), _CALLS):
        some = parts[at : at + _CALLS]
        told = await run(client, *(("look_hosts", job_key(job), [*first, *names]) for job, names in some))
        for (job, names), states in zip(some, told, strict=True):
            found[job] += [_host(name.decode(), state, now) for name, state in zip(names, states, strict=True)]
    for each in found.values():
        each.sort(key=lambda host: (-host.waiting, -host.in_flight, host.host))
    return found


def _host(name: str, state: list[Any], now: int) -> HostStatus:
    waiting, in_flight, delivered, gap, turn, held, parked, paused, bands = state
    return HostStatus(
        host=name,
        waiting=waiting,
        bands={band.label: count for band, count in zip(Band, bands, strict=True) if count},
        in_flight=in_flight,
        delivered=delivered,
        pace=round(float(gap) / 1000, 3),
        next_in=max(0, turn - now) / 1000 if waiting and not paused else None,
        paused=bool(paused),
        held_until=_time(held) if held > now else None,
        parked_until=_time(parked) if parked > now else None,
    )


def _job(job: str, entry: Mapping[str, Any], look: list[Any], hosts: list[HostStatus], lease: float) -> JobStatus:
    now, counts, paused, heartbeats, about, pending, oldest, dead, _ = look
    counted = {**entry.get("counts", {}), **{name.decode(): int(count) for name, count in _pairs(counts).items()}}
    held = {worker.decode(): int(count) for worker, count in pending}
    return JobStatus(
        id=job,
        state=entry["state"],
        paused=bool(paused),
        spider=entry["spider"],
        scope=json.loads(entry["scope"]),
        began=entry["began"],
        ended=entry.get("ended"),
        reason=entry.get("reason"),
        counts={name: counted.get(name, 0) for name in COUNTS},
        waiting=counted.get("waiting", 0),
        hosts=hosts,
        workers=_workers(_pairs(heartbeats), _pairs(about), held, now, lease),
        in_flight=sum(held.values()),
        oldest=Oldest(seconds=_age(oldest[0], now), url=url_of(oldest[1])) if oldest else None,
        dead=[_letter(id.decode(), text) for id, text in sorted(_pairs(dead).items())],
    )


def _workers(
    heartbeats: dict[bytes, bytes], about: dict[bytes, bytes], held: dict[str, int], now: int, lease: float
) -> list[WorkerStatus]:
    workers = []
    for name in sorted({*heartbeats, *(each.encode() for each in held)}):
        heard, told = float(heartbeats.get(name, 0)), json.loads(about.get(name, b"{}"))
        since = max(0.0, now - heard) / 1000 if heard else None
        workers.append(
            WorkerStatus(
                name=name.decode(),
                alive=since is not None and since < lease and not is_gone(told),
                seconds_since=None if since is None else round(since, 3),
                in_flight=held.get(name.decode(), 0),
                node_job=told.get("node_job"),
                version=told.get("version"),
            )
        )
    return workers


def _letter(id: str, text: bytes) -> Letter:
    letter = json.loads(text.decode("utf-8", "replace"))
    starts = [start.rpartition("@") for start in letter["history"].split(";") if start]
    return Letter(
        id=id,
        url=url_of(letter["request"].encode()),
        host=letter["host"],
        reason=letter["reason"],
        history=[Start(worker=worker, at=_time(int(at))) for worker, _, at in starts],
    )


def _pairs(flat: list[bytes]) -> dict[bytes, bytes]:
    return dict(zip(flat[::2], flat[1::2], strict=True))


def _age(delivery: bytes, now: int) -> float:
    """Seconds since a delivery was made: its id begins with the moment."""
    return max(0, now - int(delivery.partition(b"-")[0])) / 1000


def _time(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds")
