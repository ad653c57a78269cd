"""Alarms of real crawls in a real receiver: told once, and once more when they are over."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scrapy.settings import Settings

from forumcrawl import settings as defaults
from forumcrawl.monitors.judge import Judge
from forumcrawl.stats.runs import RunView
from forumcrawl.storage.runs import RunStore
from tests.monitors.cases import HEALTHY, finished, view
from tests.monitors.receiver import Receiver
from tests.replica.process import ReplicaProcess
from tests.servers import MongoServer
from tests.stats.recording import Watched
from tests.storage import ROOT, until


def looked(uri: str, url: str, *looks: list[RunView]) -> None:
    """Have a judge look at runs, once after the other."""
    known: dict[str, Any] = {name: getattr(defaults, name) for name in vars(defaults) if name.isupper()}
    settings = Settings({**known, "MONGODB_URI": uri, "ALERT_WEBHOOK": url})

    async def look() -> None:
        store, judge = await RunStore.open(settings), Judge(settings)
        for runs in looks:
            await judge.look(store, runs)
        await store.close()

    asyncio.run(look())


def test_an_alarm_is_told_once_and_its_end_too(tmp_path: Path) -> None:
    low = view(stats={**HEALTHY, "disk/free": 1})
    with MongoServer(tmp_path / "mongodb") as server, Receiver() as receiver:
        looked(server.uri, receiver.url, [view()], [low], [low], [low])
        looked(server.uri, receiver.url, [low])
        assert receiver.told() == [("raised", "disk_low", "")]
        looked(server.uri, receiver.url, [view()], [low], [view()], [view()], [view()])
        assert receiver.told() == [("raised", "disk_low", ""), ("recovered", "disk_low", "")]


def test_an_alarm_that_nobody_took_is_told_at_the_next_look(tmp_path: Path) -> None:
    low = view(stats={**HEALTHY, "disk/free": 1})
    with MongoServer(tmp_path / "mongodb") as server, Receiver() as receiver:
        receiver.failing = 3
        looked(server.uri, receiver.url, [low], [low], [low])
        assert receiver.told() == [("raised", "disk_low", "")]


def test_a_run_that_is_over_does_not_get_better(tmp_path: Path) -> None:
    bad = {**HEALTHY, "status/forum.example/500": 500}
    with MongoServer(tmp_path / "mongodb") as server, Receiver() as receiver:
        looked(server.uri, receiver.url, [view(stats=bad)], *([finished(stats=bad)] for _ in range(4)))
        assert receiver.told() == [("raised", "server_errors", "forum.example")]


@contextmanager
def watching(watched: Watched, receiver: Receiver) -> Iterator[None]:
    environment = {**watched.environment(), "ALERT_WEBHOOK": receiver.url}
    command = [sys.executable, "-m", "scrapy", "watch", "-s", "MONITOR_INTERVAL=0.5", "-s", "FRONTIER_LEASE=5"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            assert process.stdout.readline().startswith("watching")
            yield
        finally:
            process.terminate()
            assert process.wait(20) == 0


def test_a_frozen_worker_is_told_then_its_recovery_and_a_killed_one(tmp_path: Path) -> None:
    settings = ("FRONTIER_LEASE=5", "HOST_DELAY=0.3", "MONITOR_INTERVAL=0")
    with Receiver() as receiver, Watched(tmp_path, ReplicaProcess(threads=60)) as watched:
        first, second = watched.start(*settings), watched.start(*settings)
        until(lambda: any(len(view.workers) == 2 for view in watched.views()), 30)
        with watching(watched, receiver):
            first.send_signal(signal.SIGSTOP)
            until(lambda: len(receiver.told()) == 1, 30)
            first.send_signal(signal.SIGCONT)
            until(lambda: len(receiver.told()) == 2, 30)
            second.kill()
            second.wait()
            until(lambda: len(receiver.told()) == 3, 30)
    names = [(event, name) for event, name, _ in receiver.told()]
    assert names == [("raised", "worker_stuck"), ("recovered", "worker_stuck"), ("raised", "worker_killed")]


def test_a_worker_tells_by_itself_of_a_forum_that_is_empty(tmp_path: Path) -> None:
    with Receiver() as receiver, Watched(tmp_path, ReplicaProcess(threads=10)) as watched:
        watched.environment_also = {"ALERT_WEBHOOK": receiver.url}
        assert watched.start("MONITOR_INTERVAL=30", boards="999999").wait(60) == 0, watched.log()
    assert receiver.told() == [("raised", "nothing_crawled", "")]
    assert "without a thread, post or article" in receiver.got[0][1]["reason"]
