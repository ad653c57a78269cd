"""Killing what can be killed: the crawl, the database."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest

from tests.e2e.crawling import Site
from tests.replica.process import ReplicaProcess
from tests.servers import MongoServer


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_crawl_is_completed_by_the_next_run(site: Site, seed: int) -> None:
    with ReplicaProcess(threads=40, language="ar", delay=0.005) as replica:
        kill_and_complete(site, replica, random.Random(seed))
        assert site.differences(replica) == []


def kill_and_complete(site: Site, replica: ReplicaProcess, chance: random.Random) -> int:
    """Kill a crawl at a random moment and run a default one; how many posts the killed one had stored."""
    process = site.start(replica.url)
    share = chance.random()
    wanted = round(share * sum(1 for item in replica.world.truth() if type(item).__name__ == "Post"))
    while process.poll() is None and site.database["posts"].count_documents({}) < wanted:
        time.sleep(0.01)
    process.kill()
    process.wait()
    stored = site.database["posts"].count_documents({})
    assert site.crawl(replica.url) == 0, site.log()
    return stored


def test_embedded_database_killed_in_mid_crawl(site: Site) -> None:
    with ReplicaProcess(threads=60, language="ar", delay=0.01) as replica:
        process = site.start(replica.url)
        site.wait_for_posts(process, 100)
        os.kill(site.server_pid(), signal.SIGKILL)
        assert process.wait(120) == 0, site.log()
        assert site.differences(replica) == []


def test_named_database_killed_and_started_again(site: Site, tmp_path: Path) -> None:
    with MongoServer(tmp_path / "named") as server, ReplicaProcess(threads=60, language="ar", delay=0.01) as replica:
        process = site.start(replica.url, environment={"MONGODB_URI": server.uri})
        site.use(server.uri)
        site.wait_for_posts(process, 100)
        server.kill()
        time.sleep(2)  # the time it is away, not a wait for a state
        server.start()
        assert process.wait(120) == 0, site.log()
        assert site.differences(replica) == []


def test_database_away_for_good_ends_the_crawl(site: Site, tmp_path: Path) -> None:
    with MongoServer(tmp_path / "named") as server, ReplicaProcess(threads=60, language="ar", delay=0.01) as replica:
        options = ("-s", "STORAGE_PATIENCE=3")
        process = site.start(replica.url, *options, environment={"MONGODB_URI": server.uri})
        site.use(server.uri)
        site.wait_for_posts(process, 50)
        server.kill()
        assert process.wait(60) == 1, site.log()
        assert "storage_unavailable" in site.log()
        server.start()
        assert site.crawl(replica.url, environment={"MONGODB_URI": server.uri}) == 0, site.log()
        assert site.differences(replica) == []
