"""The promises of the project at full size, on real processes: each prints one JSON line with its figures.

`python -m bench.bars [NAME…]` runs those named, by default all; it exits 1 when one is not kept.
"""

from __future__ import annotations

import json
import os
import random
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psutil

from bench.bars_cluster import cluster, cluster_kills, cluster_status, cluster_upgrade
from bench.bars_gate import gate_hosts, gate_memory, gate_pace, gates
from bench.bars_news import news, news_troubles
from bench.bars_pictures import near_duplicates, pictures_hostile, pictures_kills, pictures_pace, pictures_shared
from bench.bars_stats import stats_compare, stats_cost, stats_prometheus, stats_runs, stats_truth
from bench.bars_troubles import stats_troubles
from tests.e2e.crawling import Site
from tests.e2e.test_faults import PATIENT
from tests.e2e.test_kill import kill_and_complete
from tests.e2e.test_truth import WORLDS
from tests.frontier.cases import CASES, run_case
from tests.frontier.crew import Crew
from tests.replica.process import ReplicaProcess
from tests.servers import MongoServer
from tests.tree.rates import largest_in_a_second, mean, mean_of_pages
from tests.tree.shape import Shape

Figures = dict[str, Any]


def truth(home: Path) -> Figures:
    """Every board, thread, post and member of five forums, field by field."""
    wrong: dict[str, int] = {}
    for number, (name, world) in enumerate(WORLDS.items()):
        with Site(made(home / str(number))) as site, ReplicaProcess(threads=200, **world) as replica:
            code = site.crawl(replica.url)
            wrong[name] = len(site.differences(replica)) + code
    return {"kept": not any(wrong.values()), "differences": wrong}


def faults(home: Path) -> Figures:
    """The same truth with every fault at 5 % of the answers."""
    with Site(home) as site, ReplicaProcess(threads=300, language="ar", fault_rate=0.05) as replica:
        code = site.crawl(replica.url, *PATIENT, timeout=1200)
        differences = len(site.differences(replica))
        produced = replica.counters()["faults"]
        reasons = sorted({each["outcome"] for each in site.database["failures"].find()})
    return {"kept": code == 0 and not differences, "differences": differences, "faults": produced, "failures": reasons}


def kills(home: Path) -> Figures:
    """kill -9 of the crawl at ten random moments, each followed by one default run."""
    stored, wrong = [], 0
    for seed in range(10):
        with Site(made(home / str(seed))) as site, ReplicaProcess(threads=100, language="ar", delay=0.005) as replica:
            stored.append(kill_and_complete(site, replica, random.Random(seed)))
            wrong += len(site.differences(replica))
    return {"kept": not wrong, "differences": wrong, "posts_stored_when_killed": stored}


def embedded_killed(home: Path) -> Figures:
    """kill -9 of the embedded database in mid-crawl."""
    with Site(home) as site, ReplicaProcess(threads=200, language="ar", delay=0.01) as replica:
        process = site.start(replica.url)
        site.wait_for_posts(process, 500)
        os.kill(site.server_pid(), signal.SIGKILL)
        code = process.wait(300)
        differences = len(site.differences(replica))
    return {"kept": code == 0 and not differences, "exit_code": code, "differences": differences}


def named_killed(home: Path) -> Figures:
    """kill -9 of a database named by MONGODB_URI that is started again after 5 s."""
    forum = ReplicaProcess(threads=200, language="ar", delay=0.01)
    with MongoServer(home / "named") as server, Site(home) as site, forum as replica:
        process = site.start(replica.url, environment={"MONGODB_URI": server.uri})
        site.use(server.uri)
        site.wait_for_posts(process, 500)
        server.kill()
        time.sleep(5)  # how long it is away
        server.start()
        code = process.wait(300)
        differences = len(site.differences(replica))
    return {"kept": code == 0 and not differences, "exit_code": code, "differences": differences}


def memory(home: Path) -> Figures:
    """Resident memory of a crawl of 10,000 threads: under 400 MB, and flat over the second half."""
    with Site(home) as site, ReplicaProcess(threads=10_000, language="ar") as replica:
        start = time.monotonic()
        process = site.start(replica.url)
        watched, samples = psutil.Process(process.pid), []
        while process.poll() is None:
            try:
                samples.append(watched.memory_info().rss / 2**20)
            except psutil.NoSuchProcess:
                break
            time.sleep(0.5)
        seconds = time.monotonic() - start
        posts = site.database["posts"].count_documents({})
        expected = sum(type(item).__name__ == "Post" for item in replica.world.truth())
    half = samples[len(samples) // 2 :]
    third, fourth = statistics.median(half[: len(half) // 2]), statistics.median(half[len(half) // 2 :])
    return {
        "kept": process.returncode == 0 and posts == expected and max(samples) < 400 and fourth < 1.05 * third,
        "posts": posts,
        "posts_expected": expected,
        "seconds": round(seconds),
        "largest_mb": round(max(samples)),
        "third_quarter_mb": round(third),
        "fourth_quarter_mb": round(fourth),
    }


def frontier_kills(home: Path) -> Figures:
    """Everything that may befall two workers and their servers, three times each on a tree of 2,000 pages."""
    return _cases(home, slow=False)


def frontier_kills_slow(home: Path) -> Figures:
    """The same while each item takes half a second to be stored."""
    return _cases(home, slow=True)


def _cases(home: Path, *, slow: bool) -> Figures:
    figures: dict[str, Figures] = {}
    for name in CASES:
        runs = [_case(name, home / f"{name}-{seed}", slow, seed) for seed in range(3)]
        figures[name] = {key: [run.get(key) for run in runs] for key in ("lost", "done_twice", "seconds", "wrong")}
    return {"kept": not any(any(each["wrong"]) for each in figures.values()), "cases": figures}


def _case(name: str, folder: Path, slow: bool, seed: int) -> Figures:
    try:
        return asdict(run_case(name, 2_000, folder, slow=slow, chance=random.Random(seed)))
    except AssertionError as error:
        return {"wrong": [str(error)]}


def frontier_pace(home: Path) -> Figures:
    """Three workers at ten requests a second to one host, for a minute."""
    with Crew(home, Shape(pages=600), HOST_DELAY=0.1) as crew:
        for _ in range(3):
            crew.start_worker()
        codes = crew.wait_finished()
        log, stored = crew.tree.log(), len(crew.stored())
    largest, rate = largest_in_a_second(log), mean(log)
    return {
        "kept": codes == [0, 0, 0] and stored == 600 and largest <= 11 and rate >= 9.5,
        "largest_in_a_second": largest,
        "mean": round(rate, 2),
        "workers_at_work": len({line.agent for line in log}),
    }


def frontier_two_workers(home: Path) -> Figures:
    """Two workers against one on pages that take 200 ms, and how soon a starved one is at work again."""
    one, two = (_rate(home / str(count), count) for count in (1, 2))
    waits = [_pickup(home / f"chain-{number}") for number in range(5)]
    return {
        "kept": two / one >= 1.85 and max(waits) <= 1,
        "ratio": round(two / one, 3),
        "pages_per_second": [round(one, 1), round(two, 1)],
        "starved_pickup": [round(wait, 3) for wait in waits],
    }


def _rate(folder: Path, workers: int) -> float:
    """Pages a second; each worker has so few requests at a time that two cores carry two of them and the servers."""
    with Crew(folder, Shape(pages=10_000), delay=0.2, CONCURRENT_REQUESTS=16) as crew:
        for _ in range(workers):
            crew.start_worker()
        codes = crew.wait_finished(600)
        assert not any(codes), crew.told("a worker failed")
        return mean_of_pages(crew.tree.log(), 0.2, 0.8)


def _pickup(folder: Path) -> float:
    """Seconds from the moment at which a chain of pages has led to many until both workers have begun some."""
    shape, delay = Shape(pages=137, stem=8, branching=128), 0.5
    with Crew(folder, shape, delay=delay) as crew:
        for _ in range(2):
            crew.start_worker()
        crew.wait_finished()
        log = crew.tree.log()
        opened = next(line for line in log if line.page == shape.stem)
        # A worker's first request to a host is for robots.txt.
        others = [line.time for line in log if line.time > opened.time and line.agent != opened.agent]
        assert others, crew.told("one worker stayed idle")
        return min(others) - (opened.time + delay)


BARS: dict[str, Callable[[Path], Figures]] = {
    each.__name__: each
    for each in (
        *(truth, faults, kills, embedded_killed, named_killed, memory),
        *(frontier_kills, frontier_kills_slow, frontier_pace, frontier_two_workers),
        *(news, news_troubles),
        *(gates, gate_pace, gate_memory, gate_hosts),
        *(near_duplicates, pictures_shared, pictures_hostile, pictures_kills, pictures_pace),
        *(cluster, cluster_kills, cluster_upgrade, cluster_status),
        *(stats_truth, stats_compare, stats_prometheus, stats_cost, stats_runs, stats_troubles),
    )
}


def made(folder: Path) -> Path:
    """The folder, which is there now."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def main(names: list[str]) -> int:
    """Run the bars with these names, all when there are none; 0 when every one is kept."""
    kept = True
    for name in names or BARS:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            figures = BARS[name](Path(folder))
        print(json.dumps({"bar": name, **figures}), flush=True)
        kept = kept and bool(figures["kept"])
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
