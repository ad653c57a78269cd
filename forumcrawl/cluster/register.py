"""Which worker was given to which node: kept in Redis, so that any machine can stop, watch or mend a job.

forumcrawl:cluster:jobs        zset   job -> when it was started (ms)
forumcrawl:cluster:job:JOB     hash   "order" -> how its workers are started; worker's id -> where it is (JSON)
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from redis.asyncio import Redis

from forumcrawl.frontier.scripts import text
from forumcrawl.frontier.streams import PREFIX

_JOBS = f"{PREFIX}:cluster:jobs"
_KEPT = 100  # jobs that are remembered


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How the workers of a job are started."""

    spider: str
    arguments: dict[str, str]
    settings: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A worker that a node was asked to run."""

    node: str
    version: str
    at: float
    """When, in seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A job of the cluster."""

    order: Order
    workers: dict[str, Placed]


def _key(job: str) -> str:
    return f"{PREFIX}:cluster:job:{job}"


async def enter(client: Redis, job: str, order: Order) -> None:
    """Remember a job; the oldest are forgotten."""
    await client.hset(_key(job), "order", json.dumps(asdict(order)))
    await client.zadd(_JOBS, {job: time.time() * 1000})
    for old in await _range(client, -_KEPT - 1):
        await client.unlink(_key(old))
        await client.zrem(_JOBS, old)


async def place(client: Redis, job: str, workers: Mapping[str, Placed]) -> None:
    """Remember workers, before their nodes are asked: none is ever unknown."""
    if workers:
        await client.hset(_key(job), mapping={id: json.dumps(asdict(placed)) for id, placed in workers.items()})


async def drop(client: Redis, job: str, worker: str) -> bool:
    """Forget a worker; whether it was known."""
    return bool(await client.hdel(_key(job), worker))


async def entries(client: Redis) -> dict[str, Entry]:
    """All jobs that are remembered, the oldest first."""
    jobs = await _range(client, -1)
    pipe = client.pipeline(transaction=False)
    for job in jobs:
        pipe.hgetall(_key(job))
    told = zip(jobs, await pipe.execute() if jobs else [], strict=True)
    return {job: _entry(fields) for job, fields in told if b"order" in fields}


async def _range(client: Redis, last: int) -> list[str]:
    found: Any = await client.zrange(_JOBS, 0, last)  # typed for scores too
    return [text(job) for job in found]


def _entry(fields: Mapping[bytes, bytes]) -> Entry:
    order = Order(**json.loads(fields[b"order"]))
    workers = {id.decode(): Placed(**json.loads(told)) for id, told in fields.items() if id != b"order"}
    return Entry(order, workers)
