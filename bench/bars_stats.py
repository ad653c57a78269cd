"""The promises about stats at full size: that they are true while a crawl runs, cheap, and quick to read."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

from forumcrawl.items.run import ErrorGroup, Run, RunPoint
from forumcrawl.stats.compare import compare
from forumcrawl.stats.errors import merged_groups
from forumcrawl.stats.latency import LIMITS
from forumcrawl.stats.settling import totals
from forumcrawl.storage.mongo import connect, prepare
from forumcrawl.storage.runs import RunStore
from tests.deploy.test_prometheus import DEPLOY, EXPRESSIONS, RULES
from tests.replica.process import ReplicaProcess
from tests.servers import MongoServer, free_port
from tests.stats.recording import Told, Watched, answered
from tests.storage import ROOT

Figures = dict[str, Any]
PLAIN = ("STATS_INTERVAL=2",)
_CALM = "CONCURRENT_REQUESTS=4"  # so that answers take as long as the server makes them take
_SLACK = 1.5  # seconds that a busy machine may take from an answer to its count


@dataclass(frozen=True)
class Seen:
    """What server and database had counted at a moment."""

    at: float
    answers: int
    posts: int


def stats_truth(home: Path) -> Figures:
    """`scrapy status` every two seconds of a crawl by two workers with faults, and what is told at its end."""
    replica = ReplicaProcess(threads=300, language="ar", fault_rate=0.05, delay=0.2)
    wrong: list[str] = []
    with Watched(home, replica) as watched, _watching(watched) as seen:
        workers = [watched.start(*PLAIN) for _ in range(2)]
        looks = 0
        while any(worker.poll() is None for worker in workers):
            began = time.monotonic()
            runs = watched.told("status")["runs"]
            if runs and runs[0]["state"] == "running":
                looks += 1
                wrong += _outside(runs[0], seen, began, time.monotonic())
            time.sleep(max(0.0, 2 - (time.monotonic() - began)))
        shown = watched.told("runs", "show", "last")
        server, stored = Counter(watched.replica.counters()["statuses"]), watched.documents()
    new = {kind: shown["items"][kind]["new"] for kind in stored}
    exact = answered(shown) == server and new == stored
    killed = _killed(home / "killed")
    return {"kept": not wrong and exact and looks > 3 and killed["kept"], "looks": looks, "wrong": wrong[:5],
            "exact_at_the_end": exact, "killed": killed}  # fmt: skip


@contextmanager
def _watching(watched: Watched) -> Iterator[list[Seen]]:
    seen, over = [Seen(time.monotonic(), 0, 0)], threading.Event()

    def look() -> None:
        while not over.wait(0.2):
            answers = sum(watched.replica.counters()["statuses"].values())
            seen.append(Seen(time.monotonic(), answers, watched.database["posts"].count_documents({})))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def _outside(run: Told, seen: list[Seen], began: float, ended: float) -> list[str]:
    """What a look told that was not true at any moment from an interval before it to its end."""
    early = [each for each in seen if each.at <= began - 2 - _SLACK] or seen[:1]
    late = [each for each in seen if each.at >= ended] or seen[-1:]
    told = {"answers": sum(answered(run).values()), "posts": run["items"].get("posts", {}).get("new", 0)}
    bounds = {name: (getattr(early[-1], name), getattr(late[0], name)) for name in told}
    return [
        f"{name} {told[name]} not in {bound}"
        for name, bound in bounds.items()
        if not bound[0] <= told[name] <= bound[1]
    ]


def _killed(home: Path) -> Figures:
    """All workers killed: how soon that is shown, and what is lost of what they had counted."""
    home.mkdir(parents=True)
    with Watched(home, ReplicaProcess(threads=200, delay=0.2)) as watched:
        workers = [watched.start(*PLAIN) for _ in range(2)]
        while watched.database["posts"].count_documents({}) < 1_500:  # some of them told by now
            time.sleep(0.1)
        died = time.monotonic()
        for worker in workers:
            worker.kill()
        posts = watched.database["posts"].count_documents({})
        earlier = _posts_before(watched, 2 + _SLACK)
        (run,) = watched.told("status")["runs"]
        seconds = time.monotonic() - died
    told = run["items"].get("posts", {}).get("new", 0)
    kept = run["state"] == "crashed" and seconds < 30 and told >= earlier
    return {"kept": kept, "seconds": round(seconds, 1), "posts_told": told, "posts_stored": posts, "at_least": earlier}


def _posts_before(watched: Watched, seconds: float) -> int:
    newest = watched.database["posts"].find_one(sort=[("first_seen_at", -1)])
    assert newest is not None
    return watched.database["posts"].count_documents(
        {"first_seen_at": {"$lt": newest["first_seen_at"] - timedelta(seconds=seconds)}}
    )


def stats_cost(home: Path) -> Figures:
    """Processor time of telling, of all that the worker takes."""
    with Watched(home, ReplicaProcess(threads=600, language="ar")) as watched:
        code = watched.crawl(*PLAIN)
        stats = watched.told("runs", "show", "last")["stats"]
    share = stats["publishing/cpu_seconds"] / stats["process/cpu_seconds"]
    return {
        "kept": code == 0 and share <= 0.01,
        "share": round(share, 4),
        "cpu_seconds": round(stats["process/cpu_seconds"], 1),
        "seconds": round(stats["elapsed_time_seconds"], 1),
    }


def stats_compare(home: Path) -> Figures:
    """A crawl twice repeated, and its last repetition with five differences planted into what it counted."""
    with Watched(home, ReplicaProcess(threads=100, language="ar", delay=0.3)) as watched:
        codes = [watched.crawl(*PLAIN), *(watched.start(*PLAIN, _CALM, full=True).wait(300) for _ in range(2))]
        runs = [watched.told("runs", "show", each["run"]) for each in watched.told("runs")["runs"]]
        groups = [_groups(watched, run["run"]) for run in runs]
    (second, first, _), (errors, errors_before, _) = runs, groups
    chance = [each.text for each in compare(first["stats"], second["stats"], (errors_before, errors))]
    host = next(iter(second["hosts"]))
    planted, after = _planted(dict(second["stats"]), host)
    new = replace(errors[0], kind="KeyError", place="forumcrawl.pages.xenforo.thread.ThreadPage.posts", count=40)
    found = compare(first["stats"], after, (errors_before, [*errors, new]))
    named = {(each.what, each.where[-1] if each.what != "error" else each.where[0]) for each in found}
    kept = not any(codes) and not chance and named == {*planted, ("error", "KeyError")}
    return {"kept": kept, "by_chance": chance, "found": [each.text for each in found]}


def _groups(watched: Watched, run: str) -> list[Any]:
    fields = dict.fromkeys(("_id", "html", "screenshot"), 0)
    return merged_groups(ErrorGroup(**each) for each in watched.database["errors"].find({"run": run}, fields))


def _planted(stats: dict[str, Any], host: str) -> tuple[set[tuple[str, str]], dict[str, Any]]:
    """A host four times as slow, a field and a type that are half gone, and more 404s."""
    slow = {name: count for name, count in stats.items() if not name.startswith(f"latency/{host}/")}
    for name in stats.keys() - slow.keys():
        limit = name.rpartition("/")[2]
        slower = next((each for each in LIMITS if each >= 4 * float(limit)), LIMITS[-1])
        slow[f"latency/{host}/{slower}"] = slow.get(f"latency/{host}/{slower}", 0) + stats[name]
    slow["filled/posts/created_at"] //= 2
    for name in [each for each in slow if each.startswith("items/threads/")]:
        slow[name] //= 2
    answers = sum(count for name, count in slow.items() if name.startswith(f"status/{host}/"))
    slow[f"status/{host}/404"] = slow.get(f"status/{host}/404", 0) + answers // 5
    return {("latency", host), ("coverage", "created_at"), ("items", "threads"), ("status", "404")}, slow


def stats_prometheus(home: Path) -> Figures:
    """A real Prometheus on the endpoint, with the rules."""
    if shutil.which("prometheus") is None:
        return {"kept": False, "reason": "the Debian package prometheus is not installed"}
    with Watched(home, ReplicaProcess(threads=60, delay=0.1)) as watched:
        watched.start(*PLAIN)
        environment = {**watched.environment(), "METRICS_PASSWORD": "a secret"}
        command = [sys.executable, "-m", "scrapy", "metrics", "--port", "0"]
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as endpoint:
            try:
                assert endpoint.stdout
                target = endpoint.stdout.readline().split("/")[2]
                figures = _scraped(home / "prometheus", target)
            finally:
                endpoint.terminate()
    return figures


def _scraped(folder: Path, target: str) -> Figures:
    shutil.copytree(DEPLOY / "prometheus", folder)
    (folder / "metrics_password").write_text("a secret")
    config = (folder / "prometheus.yml").read_text().replace("metrics:9410", target).replace("15s", "2s")
    (folder / "prometheus.yml").write_text(config)
    checked = subprocess.run(
        ["promtool", "check", "config", "prometheus.yml"], cwd=folder, capture_output=True
    ).returncode
    address = f"127.0.0.1:{free_port()}"
    command = ["prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=data"]
    log = (folder / "log").open("wb")
    with subprocess.Popen([*command, f"--web.listen-address={address}"], cwd=folder, stdout=log, stderr=log) as server:
        try:
            names, deadline = set[str](), time.monotonic() + 60
            while "forumcrawl_pages_total" not in names and time.monotonic() < deadline:
                time.sleep(1)
                names = set(_asked(address, "label/__name__/values") or [])
            time.sleep(6)  # a few evaluations
            rules = [
                rule for group in (_asked(address, "rules") or {"groups": []})["groups"] for rule in group["rules"]
            ]
            bad = [name for name, text in EXPRESSIONS.items() if _asked(address, f"query?query={_query(text)}") is None]
        finally:
            server.terminate()
    healthy = sum(rule["health"] == "ok" for rule in rules)
    return {
        "kept": checked == 0 and healthy == len(RULES) and not bad and "forumcrawl_pages_total" in names,
        "names_scraped": sum(name.startswith("forumcrawl_") for name in names),
        "rules_healthy": f"{healthy} of {len(RULES)}",
        "queries_refused": bad,
    }


def _query(expression: str) -> str:
    return quote(expression.replace("$__rate_interval", "1m").replace("$run", ".*"))


def _asked(address: str, what: str) -> Any:
    """What Prometheus answers; None where it does not, or refuses."""
    try:
        with urlopen(f"http://{address}/api/v1/{what}", timeout=10) as response:
            return json.load(response)["data"]
    except OSError:
        return None


def stats_runs(home: Path) -> Figures:
    """How long the commands take with 1,000 runs of an hour each."""
    with MongoServer(home / "mongodb") as server:
        last = asyncio.run(_fill(server.uri))
        times = {name: _times(server.uri, *command) for name, command in {"runs": (), "show": ("show", last)}.items()}
    medians = {name: round(statistics.median(each), 2) for name, each in times.items()}
    return {"kept": medians["runs"] <= 1.5 and medians["show"] <= 1.0, "seconds": medians,
            "largest": {name: round(max(each), 2) for name, each in times.items()}}  # fmt: skip


def _times(uri: str, *arguments: str) -> list[float]:
    times = []
    for _ in range(5):
        began = time.monotonic()
        command = [str(Path(sys.executable).with_name("scrapy")), "runs", *arguments]
        environment = {**os.environ, "MONGODB_URI": uri}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
        assert done.stdout
        times.append(time.monotonic() - began)
    return times


async def _fill(uri: str) -> str:
    """Store the runs; the id of the last."""
    stats: dict[str, Any] = {f"items/posts/{verdict}": 100 for verdict in ("new", "changed", "unchanged")}
    stats |= {f"latency/host{host}.example/{limit}": 5 for host in range(20) for limit in LIMITS}
    stats |= {f"filled/posts/field{number}": 90 for number in range(100)}
    client = connect(uri)
    database = client["forumcrawl"]
    await prepare(database, (Run, RunPoint, ErrorGroup))
    store = RunStore(database, uri)
    for start in range(0, 1000, 20):
        runs = [_made_up(number, stats) for number in range(start, start + 20)]
        await store.save(*runs, *(point for run in runs for point in _points(run)))
    await client.close()
    return runs[-1].run


def _made_up(number: int, stats: dict[str, Any]) -> Run:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=number)
    moments: dict[str, Any] = {"started_at": at, "heard_at": at, "ended_at": at + timedelta(hours=1)}
    run = Run(run=f"{at:%Y%m%dT%H%M%S}-abcdef", job=f"job{number}", spider="forum", reason="finished", **moments)
    run.totals, run.stats = totals(stats), stats
    return run


def _points(run: Run) -> Iterator[RunPoint]:
    for minute in range(60):
        stats = {"pages/thread": minute, **dict.fromkeys((f"items/type{each}/new" for each in range(40)), minute)}
        yield RunPoint(run=run.run, at=run.started_at + timedelta(minutes=minute), stats=stats)
