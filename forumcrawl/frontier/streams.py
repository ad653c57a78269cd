"""The frontier of one job in Redis: each method is one round trip, and each step in it is atomic."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from redis.asyncio import Redis

from forumcrawl.frontier.pace import Pace, Told
from forumcrawl.frontier.scripts import Argument, run, text

PREFIX = "forumcrawl"
ANY = 1 << 20
"""So many that there is no limit."""
JOBS = f"{PREFIX}:{{jobs}}"
"""The register of all jobs."""
CHUNK = 500
"""Requests queued in one step at the most: a script keeps the server from everybody else."""


def job_key(job: str) -> str:
    """What all keys of a job begin with; the braces keep them in one slot of a cluster."""
    return f"{PREFIX}:{{{job}}}"


@dataclass(frozen=True, slots=True)
class Push:
    """A request to queue."""

    fingerprint: bytes
    """What makes it the same as another; empty for one that is queued in any case."""
    host: str
    score: int
    """Place in its host's queue, the lowest first; see `bands.score`."""
    request: bytes
    """As JSON."""


@dataclass(frozen=True, slots=True)
class Burial:
    """What becomes a dead letter: a delivery, or (`id` empty) a request that could not be queued."""

    id: bytes
    host: str
    request: bytes
    reason: str


@dataclass(frozen=True, slots=True)
class Queued:
    """What became of requests to a host."""

    host: str
    new: int
    before: int
    """How many had been queued before, and were dropped."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A request that is this worker's until it is acknowledged."""

    id: bytes
    host: str
    request: bytes
    wait: float
    """Seconds until its turn."""
    gap: float
    """Seconds between two requests to its host."""
    starts: int
    """How often it was started before."""
    again: bool
    """Another worker held it before."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What the frontier says to a worker."""

    alive: bool
    """False: it was silent for too long and what it held is given to others."""
    number: int = 0
    """Which of the worker's turns this is, by the server's count; 0 where there is nothing left to do."""
    waiting: int = 0
    """Requests in the queues of all hosts."""
    in_flight: int = 0
    """Deliveries of all workers that are not acknowledged."""
    due_in: float | None = None
    """Seconds to the next turn of any host that has something waiting."""
    deliveries: Sequence[Delivery] = field(default_factory=tuple)
    order: str = ""
    """What an operator told the worker to do: "stop" or "kill"."""


class JobOver(Exception):
    """The server knows nothing of this job (any more)."""


class Streams:
    """The frontier of one job. All methods raise redis-py's errors; all but `turn` may be repeated without harm."""

    def __init__(self, client: Redis, job: str, pace: Pace) -> None:
        self.client = client
        self.job = job
        self.key = job_key(job)
        self.pace = pace
        self.queued: list[Queued] = []
        """What became of requests; to be taken by whom it concerns."""

    async def settle(
        self, pushes: Sequence[Push] = (), done: Iterable[tuple[bytes, str]] = (), buried: Iterable[Burial] = ()
    ) -> int:
        """Queue requests, then acknowledge the deliveries (id, host) that led to them; how many requests were new.
        By host that is told in `queued`.

        Raises JobOver, and nothing is done, where the server knows nothing of the job (any more).
        """
        fresh = 0
        parts = [pushes[start : start + CHUNK] for start in range(0, len(pushes), CHUNK)] or [()]
        for part in parts:
            last = part is parts[-1]
            arguments = _settled(part, done if last else (), buried if last else ())
            told = (await run(self.client, ("settle", self.key, arguments)))[0]
            if told == [-1]:
                raise JobOver(self.job)
            for host, new, before in zip(told[::3], told[1::3], told[2::3], strict=True):
                fresh += new
                self.queued.append(Queued(text(host), new, before))
        return fresh

    async def turn(
        self,
        worker: str,
        want: int,
        *,
        begun: Iterable[bytes] = (),
        told: Mapping[str, Told] | None = None,
        join: int = 0,
        light_gap: float = 0.0,
        light_room: int = ANY,
    ) -> Turn:
        """A heartbeat that says which deliveries were begun and what hosts did, and brings up to `want` deliveries.

        `light_gap` is the least gap (s) between requests to a host of which only source articles or pictures wait,
        `light_room` how many such deliveries there may be.
        `join` is 1 for a new worker, 2 for one that comes back after the server was away.
        """
        settings = json.dumps(
            {**self.pace.in_ms(), "want": want, "light_gap": 1000 * light_gap, "light_room": light_room}
        )
        hosts = json.dumps({host: each.in_ms() for host, each in (told or {}).items()})
        alive, turn, waiting, in_flight, due_in, given, order = (
            await run(self.client, ("turn", self.key, [worker, settings, join, hosts, *begun]))
        )[0]
        deliveries = [
            Delivery(id, host.decode(), request, wait / 1000, gap / 1000, starts, bool(again))
            for id, host, request, wait, gap, starts, again in given
        ]
        due = None if due_in < 0 else due_in / 1000
        return Turn(bool(alive), turn, waiting, in_flight, due, deliveries, order.decode())

    async def reserve(self, host: str) -> float:
        """Take a turn of a host for a request that is not queued; the seconds to wait for it."""
        arguments: list[Argument] = [host, 1000 * self.pace.delay, self.pace.concurrency]
        return float((await run(self.client, ("reserve", self.key, arguments)))[0]) / 1000

    async def keep(self, worker: str, held: Iterable[bytes]) -> set[bytes]:
        """Say all that a worker holds: what it does not know of goes to others; returns what is its own no more."""
        return set((await run(self.client, ("leave", self.key, [worker, "keep", *held])))[0])

    async def leave(self, worker: str) -> None:
        """A worker is gone: what it holds goes to others at once."""
        await run(self.client, ("leave", self.key, [worker, "gone"]))

    async def introduce(self, worker: str, about: Mapping[str, object]) -> None:
        """Say where a worker runs."""
        await self.client.hset(f"{self.key}:about", worker, json.dumps(about))

    async def workers(self) -> dict[str, dict[str, object]]:
        """Where each worker runs that is not known to be gone for good."""
        entries = await self.client.hgetall(f"{self.key}:about")
        return {text(name): json.loads(about) for name, about in entries.items()}

    async def choose(self, name: str, members: Iterable[str], limit: int = 0) -> tuple[list[str], int]:
        """Put members into a set that all workers share and that holds `limit` at the most (0: any number); those
        that are in it now, and how many it holds."""
        chosen, size = (await run(self.client, ("choose", self.key, [name, limit, *members])))[0]
        return [member.decode() for member in chosen], size

    async def finish(self) -> dict[str, int]:
        """Free the memory of a job with nothing waiting and nothing in flight; its counts, nothing when it is not."""
        counts = (await run(self.client, ("finish", self.key, [])))[0]
        return {name.decode(): int(value) for name, value in zip(counts[::2], counts[1::2], strict=True)}


def _settled(pushes: Sequence[Push], done: Iterable[tuple[bytes, str]], buried: Iterable[Burial]) -> list[Argument]:
    arguments: list[Argument] = [len(pushes)]
    for push in pushes:
        arguments += (push.fingerprint, push.host, push.score, push.request)
    acknowledged = [part for pair in done for part in pair]
    arguments += (len(acknowledged) // 2, *acknowledged)
    for each in buried:
        arguments += (each.id, each.host, each.request, each.reason)
    return arguments
