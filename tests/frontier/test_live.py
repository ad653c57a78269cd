"""Stats of runs in Redis: who takes part in which run, who is heard of, and when a run is forgotten."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from redis import Redis

from forumcrawl.frontier.live import RUNS, Live, LiveRun
from forumcrawl.storage.redis import connect
from tests.servers import ValkeyServer

ABOUT: dict[str, Any] = {"job": "j", "spider": "forum", "arguments": {}, "started_at": "2026-03-03T12:00:00+00:00"}
LEASE = 15.0


class Desk:
    """A Valkey without runs, and `Live` on it."""

    def __init__(self, url: str) -> None:
        self.redis: Any = Redis.from_url(url)
        self.redis.flushall()
        self._runner = asyncio.Runner()
        self._client = connect(url)
        self.live = Live(self._client, LEASE)

    def do(self, step: Any) -> Any:
        return self._runner.run(step)

    def join(self, new: str, worker: str) -> str:
        run: str = self.do(self.live.join("j", new, ABOUT, worker))[0]
        return run

    def tell(self, run: str, worker: str, *, reason: str | None = None, record: float = 0, **stats: Any) -> bool:
        moments = {"began_at": ABOUT["started_at"], "at": "2026-03-03T12:00:01+00:00"}
        told = json.dumps({"run_id": worker, **moments, "where": {}, "reason": reason, "stats": stats})
        recorder: bool = self.do(self.live.tell(run, ABOUT, worker, told, ended=reason is not None, record=record))
        return recorder

    def run(self) -> LiveRun:
        (run,) = self.do(self.live.runs())
        assert isinstance(run, LiveRun)
        return run

    def silence(self, run: str, worker: str) -> None:
        """As if a worker had not been heard of for two leases."""
        heard = int(self.redis.hget(f"{RUNS}:heard:{run}", worker))
        self.redis.hset(f"{RUNS}:heard:{run}", worker, int(heard - 2000 * LEASE))

    def close(self) -> None:
        self.do(self._client.aclose())
        self._runner.close()
        self.redis.close()


@pytest.fixture
def desk(own_valkey: ValkeyServer) -> Iterator[Desk]:
    desk = Desk(own_valkey.url)
    yield desk
    desk.close()


def test_workers_of_a_job_share_the_run_of_the_first(desk: Desk) -> None:
    assert desk.join("r1", "one") == "r1"
    assert desk.join("r2", "two") == "r1"
    desk.tell("r1", "one", pages=1)
    desk.tell("r1", "two", pages=2)
    run = desk.run()
    assert [(each.name, each.stats["pages"], each.alive(LEASE)) for each in run.workers] == [
        ("one", 1, True),
        ("two", 2, True),
    ]


def test_a_worker_that_comes_when_all_are_silent_or_gone_begins_a_run(desk: Desk) -> None:
    desk.join("r1", "one")
    desk.silence("r1", "one")
    assert desk.join("r2", "two") == "r2"
    desk.tell("r2", "two", reason="finished")
    assert desk.join("r3", "three") == "r3"


def test_what_a_dead_worker_told_last_stays(desk: Desk) -> None:
    run = desk.join("r1", "one")
    desk.tell(run, "one", pages=7)
    desk.silence(run, "one")
    (worker,) = desk.run().workers
    assert not worker.alive(LEASE)
    assert worker.seconds_since > LEASE
    assert worker.stats["pages"] == 7


def test_one_worker_of_all_records_the_run(desk: Desk) -> None:
    run = desk.join("r1", "one")
    turns = [desk.tell(run, worker, record=60) for worker in ("one", "two", "one")]
    assert turns == [True, False, False]
    assert not desk.tell(run, "one", record=0)


def test_a_settled_run_is_forgotten_and_lives_again_when_a_worker_speaks(desk: Desk) -> None:
    run = desk.join("r1", "one")
    desk.tell(run, "one", pages=1)
    assert desk.do(desk.live.settle(desk.run()))
    assert desk.do(desk.live.runs()) == []
    assert 0 < desk.redis.pttl(f"{RUNS}:of:{run}") <= 3_600_000
    assert desk.join("r2", "two") == "r2"
    desk.tell(run, "one", pages=2)
    assert {each.run for each in desk.do(desk.live.runs())} == {"r1", "r2"}
    assert desk.redis.pttl(f"{RUNS}:of:{run}") == -1


def test_a_run_of_which_a_worker_was_heard_since_it_was_read_is_not_settled(desk: Desk) -> None:
    run = desk.join("r1", "one")
    desk.tell(run, "one", pages=1)
    desk.silence(run, "one")
    seen = desk.run()
    desk.tell(run, "one", pages=2)
    assert not desk.do(desk.live.settle(seen))
    assert desk.run().workers[0].stats["pages"] == 2


def test_while_somebody_watches_no_worker_need_look(desk: Desk) -> None:
    assert not desk.do(desk.live.is_watched())
    assert [desk.do(desk.live.take_look("r1", 60)) for _ in range(2)] == [True, False]
    desk.do(desk.live.watch(60))
    assert desk.do(desk.live.is_watched())
