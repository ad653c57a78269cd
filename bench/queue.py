"""What the frontier takes in Valkey: bytes a request, and how long a pop takes with few and with many queued.

`python -m bench.queue [REQUESTS [HOSTS]]`, by default 1,000,000 over 1,000. Two jobs, one with as many requests as
hosts and one with all, are popped in turn, so that a machine whose speed drifts drifts for both.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import psutil
from redis.asyncio import Redis
from scrapy import Request, Spider

from forumcrawl.download.fingerprint import IDENTITY, IdentityFingerprinter
from forumcrawl.download.redirect import FORUM
from forumcrawl.frontier.bands import BAND, Band, score
from forumcrawl.frontier.leases import Lease, Leases
from forumcrawl.frontier.pace import Pace
from forumcrawl.frontier.streams import CHUNK, Delivery, Push, Streams
from forumcrawl.frontier.wire import dumps, loads
from forumcrawl.frontier.worker import Worker
from tests.servers import ValkeyServer

POPS = 1_000
BATCH = 16
STEPS = 20_000


class Pages(Spider):
    """Gives the requests their callbacks."""

    name = "pages"

    def parse_thread(self, response: object) -> None:
        """Never called."""


def request(number: int, hosts: int, spider: Pages) -> Push:
    """A thread's page as the forum spider asks for it, on one of so many hosts."""
    forum = f"forum{number % hosts:05d}.example"
    made = Request(
        f"https://{forum}/threads/some-title-of-the-usual-length.{number}/",
        spider.parse_thread,
        errback=spider.parse_thread,
        cb_kwargs={"thread_id": number, "number": 1, "entry": 1, "replies": 12, "last_post": 1733223600},
        meta={IDENTITY: f"{forum}/thread/{number}/page/1", FORUM: forum, BAND: Band.THREAD.label, "depth": 2},
        headers={"Referer": f"https://{forum}/forums/some-board.12/"},
    )
    return Push(IdentityFingerprinter().fingerprint(made), forum, score(made), dumps(made, spider))


async def fill(streams: Streams, first: int, last: int, hosts: int, spider: Pages) -> None:
    """Queue the requests with these numbers."""
    for start in range(first, last, CHUNK):
        await streams.settle([request(each, hosts, spider) for each in range(start, min(last, start + CHUNK))])


async def popped(streams: Streams, spider: Pages) -> float:
    """Seconds of one pop of a batch, which is then queued again and acknowledged."""
    began = time.perf_counter()
    turn = await streams.turn("bench", BATCH)
    seconds = time.perf_counter() - began
    again = [Push(b"", each.host, score(loads(each.request, spider)), each.request) for each in turn.deliveries]
    await streams.settle(again, [(each.id, each.host) for each in turn.deliveries])
    assert len(turn.deliveries) == BATCH
    return seconds


async def steps(client: Redis, hosts: int, spider: Pages) -> dict[str, dict[str, float]]:
    """Microseconds of the server and bytes, for each request at each step, of STEPS requests over so many hosts."""
    streams = Streams(client, f"steps-{hosts}", Pace(delay=0))
    await streams.turn("bench", 0, join=1)
    marks = [await _mark(client)]
    await fill(streams, 0, STEPS, hosts, spider)
    marks.append(await _mark(client))
    given: list[Delivery] = []
    while len(given) < STEPS:
        given += (await streams.turn("bench", BATCH)).deliveries
    marks.append(await _mark(client))
    for start in range(0, STEPS, BATCH):
        await streams.settle((), [(each.id, each.host) for each in given[start : start + BATCH]])
    marks.append(await _mark(client))
    names = ("queue", "pop", "acknowledge")
    spent = {name: (after[0] - before[0]) / STEPS for name, (before, after) in zip(names, pairwise(marks), strict=True)}
    kept = {
        name: (mark[1] - marks[0][1]) / STEPS
        for name, mark in zip(("waiting", "in_flight", "done"), marks[1:], strict=True)
    }
    await streams.finish()
    return {"server_us": _rounded(spent), "bytes": _rounded(kept)}


async def _mark(client: Redis) -> tuple[float, float]:
    commands, memory = await client.info("commandstats"), await client.info("memory")
    return commands["cmdstat_evalsha"]["usec"], memory["used_memory"]


def _rounded(figures: dict[str, float]) -> dict[str, float]:
    return {name: round(figure, 1) for name, figure in figures.items()}


async def worker_memory(streams: Streams, spider: Pages, requests: int) -> tuple[float, float]:
    """Resident megabytes of this process in the third and the last quarter of a worker's way through a full queue."""
    samples, done, work = [], 0, asyncio.Event()

    def opened(delivery: Delivery) -> Lease:
        return Lease(delivery, loads(delivery.request, spider), time.monotonic())

    worker = Worker(
        streams, Alive(), Leases(64), prefetch=32, patience=5, open_request=opened,
        on_work=work.set, on_lost=lambda reason: sys.exit(reason), on_count=lambda name, count: None,
        on_queued=lambda told: None,
    )  # fmt: skip
    await worker.join()
    while done < requests:
        while (lease := worker.begin(time.monotonic())) is not None:
            worker.leases.end(lease.request)
            worker.end(lease)
            done += 1
            if done % 200 == 0:
                samples.append(psutil.Process().memory_info().rss / 2**20)
        work.clear()
        await asyncio.wait_for(work.wait(), 10)
    await worker.close()
    half = len(samples) // 2
    return statistics.median(samples[half : half + half // 2]), statistics.median(samples[half + half // 2 :])


class Alive:
    """A server that needs no mending."""

    async def ensure(self) -> None:
        """It is there."""


async def measure(url: str, requests: int, hosts: int) -> dict[str, Any]:
    """All figures."""
    client, spider = Redis.from_url(url), Pages()
    few, many = (Streams(client, job, Pace(delay=0)) for job in ("few", "many"))
    for streams in (few, many):
        await streams.turn("bench", 0, join=1)
    await fill(few, 0, hosts, hosts, spider)
    empty = (await client.info("memory"))["used_memory"]
    began = time.perf_counter()
    await fill(many, 0, requests, hosts, spider)
    seconds = time.perf_counter() - began
    full = (await client.info("memory"))["used_memory"]
    times: dict[str, list[float]] = {"few": [], "many": []}
    for _ in range(POPS):
        times["few"].append(await popped(few, spider))
        times["many"].append(await popped(many, spider))
    small, large = (statistics.quantiles(each, n=100)[98] for each in times.values())
    costs = {f"{count}_hosts": await steps(client, count, spider) for count in (1, STEPS)}
    third, fourth = await worker_memory(many, spider, min(60_000, requests // 2))
    await client.aclose()
    return {
        "requests": requests,
        "hosts": hosts,
        "bytes_a_request": round((full - empty) / requests),
        "json_bytes": len(request(requests // 2, hosts, spider).request),
        "queued_per_s": round(requests / seconds),
        "pop_ms_median": {name: round(1000 * statistics.median(each), 2) for name, each in times.items()},
        "pop_p99_ms": {"few": round(1000 * small, 2), "many": round(1000 * large, 2)},
        "pop_p99_ratio": round(large / small, 2),
        "a_request": costs,
        "worker_mb": {"third_quarter": round(third, 1), "fourth_quarter": round(fourth, 1)},
    }


def main(requests: int = 1_000_000, hosts: int = 1_000) -> dict[str, Any]:
    """The figures of a Valkey of its own."""
    with tempfile.TemporaryDirectory() as folder, ValkeyServer(Path(folder)) as server:
        return asyncio.run(measure(server.url, requests, hosts))


if __name__ == "__main__":
    print(json.dumps({"bench": "queue", **main(*map(int, sys.argv[1:]))}))
