"""What goes wrong in a spider or a pipeline is not lost without a word: it becomes a dead letter."""

from __future__ import annotations

import asyncio
import json
import signal
from pathlib import Path
from typing import Literal

from redis import Redis

from forumcrawl.frontier.control import tell_worker
from forumcrawl.frontier.pace import Pace
from forumcrawl.frontier.streams import Push, job_key
from forumcrawl.frontier.wire import VERSION
from forumcrawl.storage.redis import connect
from tests.frontier.crew import JOB, STEPS, Crew
from tests.frontier.open_job import OpenJob
from tests.tree.shape import Shape

PACE = Pace(delay=0)


def test_what_fails_is_dead_with_its_reason_and_the_rest_is_done(tmp_path: Path) -> None:
    steps = {"tests.tree.pipelines.FailingPipeline": 50, **STEPS}
    with Crew(tmp_path, Shape(pages=2), ITEM_PIPELINES=steps) as crew:
        crew.start_worker("faulty")
        assert crew.wait_finished() == [0], crew.told("the worker failed")
        reasons = {letter["url"].rpartition("?")[2]: letter["reason"] for letter in crew.letters()}
        assert reasons.pop("fails") == "the spider failed: LookupError: no such field"
        assert reasons.pop("loses") == "an item was lost: RuntimeError: the disk is on fire"
        ((url, reason),) = reasons.items()
        assert "nobody" in url
        assert reason.startswith("NotSerialisable: ")
        assert crew.stored() == {1: 1}
        log = crew.logs()
    assert log.count(" ERROR Dead: ") == 3
    assert "frontier        dead 3" in log


def test_a_newer_request_ends_the_worker_and_stays_for_a_newer_one(tmp_path: Path) -> None:
    with Crew(tmp_path, Shape(pages=40), delay=0.2) as crew:
        worker = crew.start_worker()
        crew.wait_for_stored(1)
        newer = json.dumps({"v": VERSION + 1, "url": f"{crew.tree.url}newer", "anew": True}).encode()
        job = OpenJob(crew.valkey.url, JOB, PACE)
        job.push(Push(b"newer", "newer.example", 0, newer))
        assert worker.wait(60) == 1, crew.told("the worker went on")
        log, waiting = crew.logs(), job.redis.hget(job.key("counts"), "dead")
        held = [request for _, request in job.stream().values()]
        job.close()
    assert "Ending, a newer version is needed" in log
    assert "Ended (outdated)" in log
    assert newer in held
    assert waiting is None


def test_a_worker_ends_as_it_is_told_through_redis(tmp_path: Path) -> None:
    with Crew(tmp_path, Shape(pages=400), delay=0.2) as crew:
        stopped, killed = crew.start_worker(), crew.start_worker()
        crew.wait_for_all_at_work()
        with Redis.from_url(crew.valkey.url) as redis:
            names = {int(name.decode().split(":")[1]): name.decode() for name in redis.hkeys(f"{job_key(JOB)}:about")}
        asyncio.run(_tell(crew.valkey.url, {names[stopped.pid]: "stop", names[killed.pid]: "kill"}))
        assert crew.wait_finished(60) == [1, -signal.SIGKILL], crew.told("they ended otherwise")
        assert "Ended (stopped)" in crew.logs()


async def _tell(url: str, orders: dict[str, Literal["stop", "kill"]]) -> None:
    client = connect(url)
    for name, order in orders.items():
        await tell_worker(client, JOB, name, order)
    await client.aclose()
