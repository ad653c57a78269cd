"""The promises about Scrapyd nodes at full size: real daemons, a job over two of them, and many stubs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.cluster.desk import Desk
from tests.cluster.kills import KILLS, kill_and_mend
from tests.cluster.stubs import stub_nodes
from tests.cluster.upgrade import newer_project, roll
from tests.servers import ValkeyServer
from tests.storage import ROOT, until

_SECONDS = 300.0  # in which `make cluster` is through, with its set-up
_STATUS_SECONDS = 3.0


def cluster(home: Path) -> dict[str, Any]:
    """`make cluster` in a fresh clone, with all set-up."""
    clone = home / "clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True, timeout=60)
    variables = {key: value for key, value in os.environ.items() if not key.startswith(("VIRTUAL_ENV", "MAKE"))}
    began = time.monotonic()
    done = subprocess.run(["make", "cluster"], cwd=clone, env=variables, capture_output=True, text=True, timeout=900)
    seconds, last = time.monotonic() - began, (done.stdout.splitlines() or [done.stderr[-300:]])[-1]
    return {"kept": done.returncode == 0 and seconds < _SECONDS, "seconds": round(seconds), "said": last}


def cluster_kills(home: Path) -> dict[str, Any]:
    """kill -9 of a daemon, of a daemon that comes back, of a worker and of a whole node; `restart-dead` mends each."""
    wrong: dict[str, int] = {}
    for name, kill in KILLS.items():
        with Desk(home / name, threads=200, language="ar", delay=0.05) as desk:
            kill_and_mend(desk, kill, 400)
            wrong[name] = len(desk.differences()) + len(desk.status()["orphans"])
    return {"kept": not any(wrong.values()), "differences_and_orphans": wrong}


def cluster_upgrade(home: Path) -> dict[str, Any]:
    """A new version while a job runs that nothing holds up."""
    home.mkdir(exist_ok=True)
    project = newer_project(home / "newer")
    with Desk(home / "desk", threads=200, language="ar") as desk:
        desk.said("deploy")
        desk.start(2, "-s", "HOST_DELAY=0.3")
        desk.wait_for_posts(100)
        until(lambda: desk.states() == ["running", "running"], 120)
        seen, posts = roll(desk, project), desk.posts()
        still = desk.job().state
        desk.wait_ended(300)
        differences = len(desk.differences())
    return {
        "kept": not differences and still == "unfinished" and any(len(each) == 2 for each in seen),
        "differences": differences,
        "versions_at_work": seen,
        "posts_when_rolled": posts,
    }


def cluster_status(home: Path) -> dict[str, Any]:
    """`scrapy cluster status` over 200 nodes that take 100 ms to answer, with the start of the command."""
    with ValkeyServer(home / "valkey") as valkey, stub_nodes(home / "stubs", 200, 0.1) as folder:
        variables = {**os.environ, "REDIS_URL": valkey.url, "PYTHONPATH": str(ROOT)}
        seconds, nodes = [], 0
        for _ in range(5):
            began = time.monotonic()
            command = [sys.executable, "-m", "scrapy", "cluster", "status", "--json"]
            done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, check=True, timeout=60)
            seconds.append(round(time.monotonic() - began, 2))
            nodes = sum(node["up"] for node in json.loads(done.stdout)["nodes"])
    return {"kept": nodes == 200 and max(seconds) <= _STATUS_SECONDS, "nodes_up": nodes, "seconds": seconds}
