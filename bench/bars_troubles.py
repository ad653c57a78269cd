"""The promise about alarms: each trouble raises its own within a minute, in a real receiver, and no other."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from forumcrawl.items.document import to_document
from forumcrawl.items.run import Run
from forumcrawl.text.addresses import site_of
from tests.monitors.receiver import Receiver
from tests.monitors.slow import SlowRelay
from tests.monitors.spoilers import GateMiddleware, LosingPipeline, TimelessMiddleware, middleware, pipeline
from tests.replica.process import ReplicaProcess
from tests.stats.recording import Watched
from tests.storage import ROOT

Figures = dict[str, Any]
Trouble = Callable[[Watched], None]
_SLOW = ("HOST_DELAY=0.05", "MONITOR_INTERVAL=0")
_MINUTE = 60.0


def _plain(*settings: str, **more: Any) -> Trouble:
    """A crawl by one worker with these settings."""

    def trouble(watched: Watched) -> None:
        watched.start(*_SLOW, *settings, **more).wait(240)

    return trouble


def _with_two(number: signal.Signals) -> Trouble:
    """One of two workers gets a signal."""

    def trouble(watched: Watched) -> None:
        first, second = watched.start(*_SLOW), watched.start(*_SLOW)
        while not any(len(view.workers) == 2 for view in watched.views()):
            time.sleep(0.2)
        first.send_signal(number)
        second.wait(240)

    return trouble


def _faulty(rate: float, kind: str) -> Trouble:
    def trouble(watched: Watched) -> None:
        worker = watched.start(*_SLOW, "RETRY_TIMES=20", "HOST_PARK_AFTER=1000")
        while watched.database["posts"].count_documents({}) < 20:
            time.sleep(0.1)
        watched.replica.faults(rate, kinds=[kind])
        time.sleep(_MINUTE / 2)
        watched.replica.faults(0)
        worker.wait(240)

    return trouble


def _slow_database(watched: Watched) -> None:
    """From some moment on every answer takes three seconds."""
    with SlowRelay(watched.mongodb.port) as relay:
        address = f"mongodb://127.0.0.1:{relay.port}/?directConnection=true"
        watched.environment_also = {"MONGODB_URI": address}
        watched.start(*_SLOW, "STORAGE_PATIENCE=300")
        while watched.database["posts"].count_documents({}) < 20:
            time.sleep(0.1)
        relay.seconds = 3.0
        time.sleep(_MINUTE)


def _redesigned(watched: Watched) -> None:
    """Pages of another markup than the site's own page class knows."""
    replica = watched.replica
    classes = json.dumps({site_of(replica.sites["jsonld"]): "alarabiya.net"})
    worker = watched.start(*_SLOW, f"SOURCE_CLASSES={classes}", sources=True)
    try:
        worker.wait(_MINUTE)
    except subprocess.TimeoutExpired:  # it waits for sites that are slow
        worker.send_signal(signal.SIGINT)
        worker.wait(_MINUTE)


def _short(watched: Watched) -> None:
    """The last runs yielded ten times as much."""
    arguments, now = {"forum": watched.replica.forum, "sources": "False"}, datetime.now(UTC)
    for number in range(1, 4):
        at = now - timedelta(days=number)
        run = Run(run=f"{at:%Y%m%dT%H%M%S}-abcdef", job="earlier", spider="forum", started_at=at, heard_at=at)
        run.arguments, run.ended_at, run.reason, run.totals = arguments, at, "finished", {"new": 20_000}
        watched.database["runs"].insert_one(to_document(run))
    _plain()(watched)


TROUBLES: dict[str, tuple[Trouble, str]] = {
    "stuck worker": (_with_two(signal.SIGSTOP), "worker_stuck"),
    "killed worker": (_with_two(signal.SIGKILL), "worker_killed"),
    "half 5xx": (_faulty(0.5, "500"), "server_errors"),
    "gate on one host": (_plain(middleware(GateMiddleware)), "gate"),
    "vanished field": (_plain(middleware(TimelessMiddleware)), "coverage"),
    "empty forum": (_plain(boards="999999"), "nothing_crawled"),
    "database slow": (_slow_database, "storage_slow"),
    "disk low": (_plain(), "disk_low"),
    "dead letters": (_plain(pipeline(LosingPipeline)), "dead_letters"),
    "source redesigned": (_redesigned, "redesigned"),
    "rate limited": (_faulty(0.4, "429"), "rate_limited"),
    "finished short": (_short, "short"),
    "none": (_plain(), ""),
}


def stats_troubles(home: Path) -> Figures:
    """Twelve troubles and none, each with a forum, servers, a watch and a receiver of its own."""
    told = {name: _told(home / name.replace(" ", "-"), *trouble) for name, trouble in TROUBLES.items()}
    wrong = {name: each for name, each in told.items() if not each["right"]}
    seconds = {name: each["seconds"] for name, each in told.items() if each["right"]}
    return {"kept": not wrong, "wrong": wrong, "seconds": seconds}


def _told(home: Path, trouble: Trouble, expected: str) -> Figures:
    home.mkdir(parents=True)
    replica = ReplicaProcess(threads=120, delay=0.1, news=60 if expected == "redesigned" else 0)
    with Receiver() as receiver, Watched(home, replica) as watched, _watch(watched, receiver):
        began = time.monotonic()
        heard: list[float] = []
        over = threading.Event()

        def listen() -> None:
            while not receiver.got and not over.wait(0.1):
                pass
            heard.append(time.monotonic() - began)

        thread = threading.Thread(target=listen)
        thread.start()
        trouble(watched)
        time.sleep(5)  # a few looks at the end
        over.set()
        thread.join()
    raised = sorted({name for event, name, _ in receiver.told() if event == "raised"})
    times = [name for event, name, _ in receiver.told() if event == "raised"]
    reasons = [body["reason"] for _, body in receiver.got]
    right = (
        raised == ([expected] if expected else [])
        and len(times) <= 1 + times.count("coverage")
        and (not raised or heard[0] <= _MINUTE)
    )
    return {"right": right, "raised": raised, "reasons": reasons[:3], "seconds": round(heard[0], 1) if raised else None}


@contextmanager
def _watch(watched: Watched, receiver: Receiver) -> Iterator[None]:
    environment = {**watched.environment(), "ALERT_WEBHOOK": receiver.url}
    if watched.folder.name == "disk-low":  # no disk is filled: more is expected of it than there is
        environment["EXPECTATIONS"] = str(watched.folder / "expectations.toml")
        (watched.folder / "expectations.toml").write_text("[default]\ndisk_free = 1_000_000_000_000_000\n")
    command = [sys.executable, "-m", "scrapy", "watch", "-s", "MONITOR_INTERVAL=2"]
    with (watched.folder / "watch.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)
