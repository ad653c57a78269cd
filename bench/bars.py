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
from pathlib import Path
from typing import Any

import psutil

from tests.e2e.crawling import Site
from tests.e2e.server import MongoServer
from tests.e2e.test_faults import PATIENT
from tests.e2e.test_kill import kill_and_complete
from tests.e2e.test_truth import WORLDS
from tests.replica.process import ReplicaProcess

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


BARS: dict[str, Callable[[Path], Figures]] = {
    each.__name__: each for each in (truth, faults, kills, embedded_killed, named_killed, memory)
}


def made(folder: Path) -> Path:
    """The folder, which is there now."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def main(names: list[str]) -> int:
    """Run the bars with these names, all when there are none; 0 when every one is kept."""
    kept = True
    for name in names or BARS:
        with tempfile.TemporaryDirectory() as folder:
            figures = BARS[name](Path(folder))
        print(json.dumps({"bar": name, **figures}), flush=True)
        kept = kept and bool(figures["kept"])
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
