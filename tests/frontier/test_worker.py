"""The worker as a whole, on a real server that loses what it was told, or ends the job behind its back."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from redis.asyncio import Redis
from scrapy import Request

from forumcrawl.frontier.jobs import end, take_part
from forumcrawl.frontier.leases import Lease, Leases
from forumcrawl.frontier.pace import Pace
from forumcrawl.frontier.streams import Delivery, Push, Streams
from forumcrawl.frontier.worker import Worker
from tests.servers import ValkeyServer
from tests.tree.spiders import TreeSpider

JOB = "worked"
FAST = Pace(delay=0, lease=5)


class Mended:
    """A server that is mended by others."""

    async def ensure(self) -> None:
        """Nothing to do."""


def page(number: int) -> Push:
    """A page to queue."""
    return Push(b"%d" % number, "h", number, json.dumps({"v": 1, "url": f"http://h/{number}"}).encode())


def opened(delivery: Delivery) -> Lease | str:
    """A lease; the page 13 cannot be read."""
    url = json.loads(delivery.request)["url"]
    return "unlucky" if url.endswith("/13") else Lease(delivery, Request(url), time.monotonic() + delivery.wait)


@asynccontextmanager
async def at_work(url: str) -> AsyncIterator[Worker]:
    """A worker of a job that is in the register; what is asked of it is up to the test."""
    async with Redis.from_url(url) as client:
        await take_part(client, TreeSpider(name="tree", job=JOB, url="http://h/"))
        worker = Worker(
            Streams(client, JOB, FAST), Mended(), Leases(16), prefetch=4, patience=10, open_request=opened,
            on_work=lambda: None, on_lost=pytest.fail, on_count=lambda name, count: None,
            on_queued=lambda told: None,
        )  # fmt: skip
        await worker.join()
        yield worker
        await worker.close()


async def until(true: Callable[[], bool]) -> None:
    """Wait for a state."""
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.01)


async def work(worker: Worker, done: list[str]) -> None:
    """Do what there is until nothing is left."""

    def over() -> bool:
        while (lease := worker.begin(time.monotonic())) is not None:
            worker.leases.end(lease.request)
            done.append(lease.request.url)
            worker.end(lease)
        return worker.nothing_left()

    await until(over)


def urls(*numbers: int) -> list[str]:
    return [f"http://h/{number}" for number in numbers]


def test_all_that_is_queued_is_done_once_and_what_cannot_be_read_is_dead(own_valkey: ValkeyServer) -> None:
    async def run() -> None:
        async with at_work(own_valkey.url) as worker:
            for number in range(40):
                worker.outbox.push(page(number))
            worker.spoken()
            done: list[str] = []
            await work(worker, done)
            assert sorted(done) == sorted(urls(*(number for number in range(40) if number != 13)))
            (letter,) = await worker.streams.client.hvals(f"{worker.streams.key}:dead")
            assert json.loads(letter)["reason"] == "unlucky"

    asyncio.run(run())


def test_a_delivery_whose_reply_was_lost_comes_again(own_valkey: ValkeyServer) -> None:
    async def run() -> None:
        async with at_work(own_valkey.url) as worker:
            worker.outbox.push(page(1))
            worker.spoken()
            await until(lambda: worker.last.waiting > 0 or len(worker.leases) > 0)
            # As when a connection breaks between a turn and its answer, and the client silently takes another one.
            last, stolen = 1, False
            while not stolen:  # the worker's own turn may be faster
                await worker.streams.settle([page(last + 1), page(last + 2)])
                stolen = bool((await worker.streams.turn(worker.name, 2)).deliveries)
                last += 2
            done: list[str] = []
            await work(worker, done)
            assert set(done) == set(urls(*range(1, last + 1)))

    asyncio.run(run())


def test_a_server_that_was_killed_between_two_turns_loses_nothing(own_valkey: ValkeyServer) -> None:
    async def run() -> None:
        async with at_work(own_valkey.url) as worker:
            for number in range(8):
                worker.outbox.push(page(number))
            worker.spoken()
            await until(lambda: worker.leases.waiting > 0)
            own_valkey.kill()
            own_valkey.start()
            done: list[str] = []
            await work(worker, done)
            assert set(done) == set(urls(*range(8)))

    asyncio.run(run())


def test_what_was_done_after_others_ended_the_job_brings_nothing_back(own_valkey: ValkeyServer) -> None:
    async def run() -> None:
        async with at_work(own_valkey.url) as worker:
            worker.outbox.push(page(1))
            worker.spoken()
            await until(lambda: worker.leases.waiting > 0)
            lease = worker.begin(time.monotonic())
            assert lease is not None
            # It was frozen: another one did the page, and then the job was over.
            await worker.streams.settle((), [(lease.id, "h")])
            await end(worker.streams.client, JOB, "finished", await worker.streams.finish())
            worker.leases.end(lease.request)
            worker.outbox.push(page(2))
            worker.end(lease)
            await until(worker.nothing_left)
            assert [key async for key in worker.streams.client.scan_iter(f"{worker.streams.key}:*")] == []

    asyncio.run(run())
