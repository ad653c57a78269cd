"""A job's frontier in a real Valkey, spoken to without an event loop, and a look at what the server holds of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

from redis import Redis

from forumcrawl.frontier.pace import Pace, Told
from forumcrawl.frontier.streams import Delivery, Push, Streams, Turn
from forumcrawl.storage.redis import connect

T = TypeVar("T")


class OpenJob:
    """One job; `streams` is what is tested, all else reads past it. Close it at the end."""

    def __init__(self, url: str, name: str, pace: Pace) -> None:
        self.redis: Any = Redis.from_url(url, socket_timeout=10)
        self.streams = Streams(connect(url), name, pace)
        self._runner = asyncio.Runner()

    def close(self) -> None:
        self.do(self.streams.client.aclose())
        self._runner.close()
        self.redis.close()

    def do(self, step: Coroutine[Any, Any, T]) -> T:
        """What a coroutine gives."""
        return self._runner.run(step)

    def join(self, *workers: str) -> None:
        """Workers that take part from now on."""
        for worker in workers:
            self.do(self.streams.turn(worker, 0, join=1))

    def turn(self, worker: str, want: int = 0, told: dict[str, Told] | None = None, **more: Any) -> Turn:
        return self.do(self.streams.turn(worker, want, told=told, **more))

    def given(self, worker: str, want: int = 1, told: dict[str, Told] | None = None, **more: Any) -> list[Delivery]:
        """What a turn brings to a worker that is alive."""
        turn = self.turn(worker, want, told, **more)
        assert turn.alive
        return list(turn.deliveries)

    def push(self, *pushes: Push) -> int:
        return self.do(self.streams.settle(pushes))

    def acknowledge(self, *deliveries: Delivery) -> None:
        self.do(self.streams.settle((), [(each.id, each.host) for each in deliveries]))

    def silence(self, worker: str) -> float:
        """As if a worker had not been heard of for ten leases; its heartbeat (ms) from now on."""
        seconds, micros = self.redis.time()
        heartbeat = float(round(seconds * 1000 + micros / 1000 - 10_000 * self.streams.pace.lease))
        self.redis.zadd(self.key("workers"), {worker: heartbeat}, xx=True)
        assert self.redis.zscore(self.key("workers"), worker) == heartbeat
        return heartbeat

    # --- what the server holds ---------------------------------------------------------------------------------

    def key(self, name: str) -> str:
        return f"{self.streams.key}:{name}"

    def keys(self) -> set[str]:
        """The names of all keys of the job."""
        start = len(self.streams.key) + 1
        found: Iterable[bytes] = self.redis.scan_iter(match=self.key("*"), count=1000)
        return {key.decode()[start:] for key in found}

    def counts(self) -> dict[str, int]:
        return {name.decode(): int(value) for name, value in self.redis.hgetall(self.key("counts")).items()}

    def host(self, host: str) -> dict[str, float]:
        """The numbers that are kept of a host."""
        return {name.decode(): float(value) for name, value in self.redis.hgetall(self.key(f"host:{host}")).items()}

    def queue(self, host: str) -> list[bytes]:
        """The requests that wait for a host, in order."""
        waiting: list[bytes] = self.redis.zrange(self.key(f"queue:{host}"), 0, -1)
        return waiting

    def hosts(self) -> set[str]:
        """The hosts in line."""
        return {host.decode() for host in self.redis.zrange(self.key("hosts"), 0, -1)}

    def pending(self) -> dict[bytes, str]:
        """Each delivery that is not acknowledged, and who holds it."""
        if not self.redis.exists(self.key("deliveries")):
            return {}
        entries = self.redis.xpending_range(self.key("deliveries"), "workers", "-", "+", 10_000)
        return {entry["message_id"]: entry["consumer"].decode() for entry in entries}

    def stream(self) -> dict[bytes, tuple[str, bytes]]:
        """Each delivery in the stream: host and request."""
        entries = self.redis.xrange(self.key("deliveries"))
        return {id: (fields[b"host"].decode(), fields[b"request"]) for id, fields in entries}

    def dead(self) -> dict[bytes, dict[str, str]]:
        """The dead letters."""
        return {id: json.loads(letter) for id, letter in self.redis.hgetall(self.key("dead")).items()}


def page(name: str, host: str = "h", *, score: int = 0, filtered: bool = True) -> Push:
    """A request to queue whose name is its fingerprint and its text."""
    return Push(name.encode() if filtered else b"", host, score, name.encode())
