"""A job as an operator sees it, against what was done to it."""

from __future__ import annotations

import json
import re
from io import StringIO
from typing import Any

from forumcrawl.frontier.neighbours import whereabouts
from forumcrawl.frontier.pace import Pace, Told
from forumcrawl.frontier.report import show
from forumcrawl.frontier.status import statuses
from forumcrawl.frontier.views import HostStatus, JobStatus
from tests.frontier.conftest import OpenJobs
from tests.frontier.open_job import OpenJob, page

ENTRY = {"state": "unfinished", "spider": "tree", "scope": '{"url": "http://h/"}', "began": "2026-01-01T00:00:00+00:00"}


def status(job: OpenJob, **entry: Any) -> JobStatus:
    jobs = {job.streams.job: {**ENTRY, **entry}}
    return job.do(statuses(job.streams.client, job.streams.pace, jobs))[0]


def host_of(job: OpenJob, host: str) -> HostStatus:
    return next(each for each in status(job).hosts if each.host == host)


def calls(job: OpenJob) -> int:
    """Scripts that the server has run."""
    return int(job.redis.info("commandstats").get("cmdstat_evalsha", {"calls": 0})["calls"])


def test_a_job_that_nobody_joined_is_empty(open_job: OpenJobs) -> None:
    seen = status(open_job(Pace()))
    assert (seen.waiting, seen.in_flight, seen.oldest, seen.hosts, seen.workers, seen.dead) == (0, 0, None, [], [], [])
    assert set(seen.counts.values()) == {0}


def test_thousands_of_hosts_take_a_script_for_each_hundred(job: OpenJob) -> None:
    for at in range(0, 1_250, 250):
        job.push(*(page(f"page{n}", f"host{n}") for n in range(at, at + 250)))
    job.push(page("more", "host77"))
    status(job)  # now the server knows the scripts
    before = calls(job)
    seen = status(job)
    assert calls(job) - before == 1 + 13
    assert len(seen.hosts) == 1_250
    assert (seen.hosts[0].host, seen.hosts[0].waiting, sum(host.waiting for host in seen.hosts)) == ("host77", 2, 1_251)
    out = StringIO()
    show([seen], out)
    assert out.getvalue().splitlines()[-1] == "and 1,230 more hosts"


class Terminal(StringIO):
    """One of the usual width."""

    def isatty(self) -> bool:
        return True


def test_on_a_terminal_no_line_is_broken_or_coloured_beyond_its_head(job: OpenJob) -> None:
    job.push(page("page" * 100, "a-host-" + "x" * 100), page("b"))
    job.given("one", 2)
    seen, plain, terminal = status(job), StringIO(), Terminal()
    show([seen], plain)
    show([seen], terminal)
    assert re.sub(r"\x1b\[\d*m", "", terminal.getvalue()) == plain.getvalue()


def test_the_pace_is_the_one_that_turns_keep(open_job: OpenJobs) -> None:
    job = open_job(Pace(delay=0.5, concurrency=2))
    job.join("one")
    job.push(*(page(f"page{n}", host) for n, host in enumerate(("plain", "slow", "asked", "robots"))))
    told = {"slow": Told(ok=1, latency=3.0), "asked": Told(slow=1, hold=30.0), "robots": Told(crawl=4.0)}
    job.turn("one", told=told)
    assert {host: host_of(job, host).pace for host in ("plain", "slow", "asked", "robots")} == {
        "plain": 0.5,
        "slow": 1.5,
        "asked": 1.0,
        "robots": 4.0,
    }
    asked = host_of(job, "asked")
    assert asked.held_until is not None
    assert asked.parked_until is None
    assert asked.next_in is not None
    assert 29 < asked.next_in <= 30
    gaps = {each.host: each.gap for each in job.given("one", 10)}
    assert gaps == {host: host_of(job, host).pace for host in ("plain", "slow", "robots")}


def test_a_host_that_fails_wholesale_is_shown_as_parked(open_job: OpenJobs) -> None:
    job = open_job(Pace(delay=0, park_after=3, park_first=60))
    job.join("one")
    job.push(page("page"))
    job.turn("one", told={"h": Told(fails=3)})
    host = host_of(job, "h")
    assert (host.held_until, host.paused) == (None, False)
    assert host.parked_until is not None
    job.redis.hset(job.key("host:h"), "parked", 1000)
    assert host_of(job, "h").parked_until is None


def test_a_worker_that_is_known_to_have_ended_is_not_alive(job: OpenJob) -> None:
    job.do(job.streams.introduce("one", {**whereabouts(), "began": "an earlier process of this number"}))
    job.do(job.streams.introduce("two", whereabouts()))
    assert {worker.name: worker.alive for worker in status(job).workers} == {"one": False, "two": True}


def test_silent_and_gone_workers_keep_what_they_hold_until_it_is_taken(job: OpenJob) -> None:
    job.push(page("a"), page("b"))
    job.given("one")
    job.given("two")
    job.silence("one")
    job.do(job.streams.leave("two"))
    seen = {worker.name: worker for worker in status(job).workers}
    lease = job.streams.pace.lease
    assert (seen["one"].alive, seen["one"].in_flight, seen["two"].alive, seen["two"].in_flight) == (False, 1, False, 1)
    assert seen["two"].seconds_since is None
    assert seen["one"].seconds_since is not None
    assert 10 * lease <= seen["one"].seconds_since < 10 * lease + 30


def test_an_ended_job_has_the_counts_of_its_end(job: OpenJob) -> None:
    seen = status(
        job, state="ended", ended="2026-01-02", reason="finished", counts={"pushed": 3, "waiting": 0, "began": 5}
    )
    assert (seen.state, seen.ended, seen.reason, seen.counts["pushed"]) == ("ended", "2026-01-02", "finished", 3)
    assert "began" not in seen.counts


def test_a_letter_that_is_no_utf_8_is_shown(job: OpenJob) -> None:
    letter = json.dumps({"host": "h", "request": "?", "reason": "odd", "history": ""}).encode().replace(b"?", b"\xff")
    job.redis.hset(job.key("dead"), "1-refused", letter)
    assert [(each.id, each.reason, each.history) for each in status(job).dead] == [("1-refused", "odd", [])]
