"""Behind gates stands the same forum; what does not open is recorded, and nobody waits for it."""

from __future__ import annotations

import os
import signal

import pytest

from tests.e2e.crawling import Site
from tests.e2e.reading_news import following
from tests.gate.processes import browsers_of, seconds_until_gone, wait_for_browser
from tests.replica.process import ReplicaProcess

FAST = ("-s", "HOST_DELAY=0")
QUICK = (*FAST, "-s", "HOST_PARK_SECONDS=0.3", "-s", "BROWSER_TIMEOUT=6")
OPENED = {"refresh": 1, "agent": 1, "returning": 2, "crash": 1}
"""How often each gate is opened: the one that returns does so after 100 pages."""


@pytest.mark.parametrize("gate", OPENED)
def test_the_truth_stands_behind_a_gate(site: Site, gate: str) -> None:
    with ReplicaProcess(threads=70 if gate == "returning" else 12, language="ar", gate=gate) as replica:
        assert site.crawl(replica.url, *FAST) == 0, site.log()
        assert site.differences(replica) == []
        plain = [line for line in replica.log() if line["kind"] == "thread"]
    assert site.log().count("is open (") == OPENED[gate]
    assert ("crashed" in site.log()) == (gate == "crash")
    assert all("Headless" in line["agent"] for line in plain), "a clearance goes with the browser's User-Agent"


def test_pages_whose_content_comes_by_script_stay_with_the_browser_even_if_it_is_killed(site: Site) -> None:
    with ReplicaProcess(threads=10, language="ar", gate="shell") as replica:
        process = site.start(replica.url, *FAST)
        wait_for_browser(process.pid)
        site.wait_for_posts(process, 10)
        for each in browsers_of(process.pid):
            each.kill()
        assert process.wait(120) == 0, site.log()
        assert site.differences(replica) == []
        shells = [line["agent"] for line in replica.log() if line["kind"] == "gate"]
    assert site.log().count("they stay with the browser") == 1
    assert not [agent for agent in shells[-8:] if "Headless" not in agent]


def test_hosts_that_are_named_go_to_the_browser_at_once(site: Site) -> None:
    with ReplicaProcess(threads=10, language="en", gate="shell") as replica:
        host = replica.origin.removeprefix("http://")
        assert site.crawl(replica.url, *FAST, "-s", f"BROWSER_HOSTS={host}", "-a", "max_threads=1") == 0, site.log()
        agents = {line["agent"] for line in replica.log() if line["kind"] != "robots"}
    assert all("Headless" in agent for agent in agents)


@pytest.mark.parametrize("gate", ["endless", "person"])
def test_what_does_not_open_is_parked_and_recorded(site: Site, gate: str) -> None:
    with ReplicaProcess(threads=10, language="ar", gate=gate) as replica:
        assert site.crawl(replica.url, *QUICK) == 1
        tries = [line["time"] for line in replica.log() if "forumcrawl" in line["agent"] and line["path"] == "/"]
    failed = site.database["failures"].find_one()
    assert failed is not None
    assert (failed["outcome"], len(tries)) == ("challenge", 3)
    assert tries[1] - tries[0] >= 0.3
    assert tries[2] - tries[1] >= 0.6, "each gap is twice the last"
    assert site.log().count("it asks for a person") == 1
    kept = list((site.home / "gate").glob("*/challenge.*"))
    assert {path.suffix for path in kept} == ({".html", ".png"} if gate == "endless" else {".html"})
    error = site.database["errors"].find_one({"kind": "challenge"})
    assert error is not None
    assert bool(error["screenshot"]) is (gate == "endless")


def test_without_chromium_such_pages_are_recorded_and_the_rest_is_read(site: Site) -> None:
    with ReplicaProcess(threads=12, language="ar", news=6) as replica:
        replica.gate("cookie", "alarabiya")
        options = (*FAST, *following(replica), "-s", "BROWSER_PATH=/nowhere/chromium")
        assert site.crawl(replica.url, *options) == 0, site.log()
        assert site.differences(replica) == []
    link = site.database["links"].find_one({"outcome": "failed", "reason": {"$regex": "^needs_browser"}})
    assert link is not None
    assert site.log().count("BROWSER_PATH names /nowhere/chromium") == 1
    assert "Traceback" not in site.log()


def test_a_crawl_of_an_open_forum_starts_no_browser(site: Site) -> None:
    with ReplicaProcess(threads=10, language="ar") as replica:
        assert site.crawl(replica.url, *FAST) == 0, site.log()
    assert not (site.home / "gate").exists()


def test_no_browser_outlives_a_crawl_that_was_killed(site: Site) -> None:
    with ReplicaProcess(threads=10, language="ar", gate="shell") as replica:
        process = site.start(replica.url, *FAST)
        browsers = wait_for_browser(process.pid)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert seconds_until_gone(browsers) < 10


def test_a_source_site_behind_a_gate_is_read(site: Site) -> None:
    with ReplicaProcess(threads=12, language="ar", news=6) as replica:
        replica.gate("cookie", "alarabiya")
        assert site.crawl(replica.url, *FAST, *following(replica)) == 0, site.log()
        opened = sum(line["kind"] == "gate" for line in replica.log("alarabiya"))
        outcomes = {each["outcome"] for each in site.database["links"].find({"site": {"$regex": r"127\.0\.0\.2"}})}
    assert opened == 2, "once plainly, once in the browser"
    assert outcomes <= {"fetched", "unresolved"}
    assert "fetched" in outcomes
