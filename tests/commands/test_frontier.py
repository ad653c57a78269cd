"""`scrapy frontier` as one types it, on a Valkey whose jobs were driven there step by step."""

from __future__ import annotations

import argparse
import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request, Spider
from scrapy.utils.project import get_project_settings

from forumcrawl.commands.frontier import Command, Refusal, read_order
from forumcrawl.frontier.bands import Band
from forumcrawl.frontier.jobs import all_jobs, end, take_part
from forumcrawl.frontier.pace import Pace
from forumcrawl.frontier.streams import Burial, Push
from forumcrawl.frontier.wire import dumps
from tests.frontier.open_job import OpenJob
from tests.servers import ValkeyServer
from tests.storage import ROOT

PACE = Pace(delay=0, tries=3)
SPIDER = Spider("tree")
COMMAND = [sys.executable, "-m", "scrapy", "frontier"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ValkeyServer]:
    with ValkeyServer(tmp_path_factory.mktemp("valkey") / "data") as server:
        yield server


class Desk:
    """A Valkey without jobs, jobs to put there, and the command."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._owned = ExitStack()

    def open(self, name: str, **scope: str) -> OpenJob:
        """A registered job with the worker "one"."""
        job = self._owned.enter_context(closing(OpenJob(self.url, name, PACE)))
        job.do(take_part(job.streams.client, Spider("tree", job=name, **scope)))
        job.join("one")
        return job

    def close(self) -> None:
        self._owned.close()

    def environment(self) -> dict[str, str]:
        return {**os.environ, "REDIS_URL": self.url}

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Exit code, stdout and stderr of the command, off a terminal and without a pace."""
        command = [*COMMAND, "-s", "HOST_DELAY=0", *arguments]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done.returncode, done.stdout, done.stderr

    def said(self, *arguments: str) -> str:
        """What it prints when all is well."""
        code, out, err = self.run(*arguments)
        assert (code, err) == (0, "")
        return out

    def told(self, *arguments: str) -> Any:
        return json.loads(self.said(*arguments, "--json"))

    def refused(self, *arguments: str) -> tuple[int, str]:
        """Exit code and the one line on stderr."""
        code, out, err = self.run(*arguments)
        assert (out, err.count("\n")) == ("", 1), err
        return code, err.strip()


@pytest.fixture
def desk(server: ValkeyServer) -> Iterator[Desk]:
    desk = Desk(server.url)
    with closing(desk), closing(OpenJob(server.url, "none", PACE)) as nothing:
        nothing.redis.flushall()
        yield desk


def push(job: OpenJob, host: str, *names: str, band: Band = Band.THREAD) -> None:
    """Queue pages of a host, in this order."""
    for name in names:
        request = dumps(Request(f"http://{host}/{name}", meta={"band": band.label}), SPIDER)
        job.push(Push(name.encode(), host, band.scores[0], request))


def deliver(job: OpenJob, worker: str, want: int = 100) -> list[str]:
    """Addresses of what the next turn brings."""
    return [json.loads(each.request)["url"] for each in job.given(worker, want)]


def bury(job: OpenJob, count: int) -> None:
    """Deliver requests, start them, and give them up."""
    given = job.given("one", count)
    job.turn("one", begun=[each.id for each in given])
    letters = [Burial(each.id, each.host, each.request, "the page is broken") for each in given]
    job.do(job.streams.settle(buried=letters))


def busy(desk: Desk) -> OpenJob:
    """A job with 7 waiting for two hosts, 3 in flight with a living and a dead worker, one dead letter, one refused."""
    job = desk.open("busy", forum="h")
    push(job, "a:1", "first", "broken")
    job.acknowledge(*job.given("one"))
    bury(job, 1)
    job.do(job.streams.settle(buried=[Burial(b"", "a:1", b"<GET http://a:1/odd>", "NotSerialisable: an object")]))
    job.join("two", "three")
    push(job, "a:1", "one", "two")
    assert deliver(job, "two", 2) == ["http://a:1/one", "http://a:1/two"]
    push(job, "b", "three")
    deliver(job, "one", 1)
    push(job, "a:1", "t1", "t2", "t3", "t1")
    push(job, "a:1", "m1", band=Band.MEMBER)
    push(job, "b", "p1", "p2", "p3", band=Band.PICTURE)
    job.silence("two")
    job.do(job.streams.leave("three"))
    return job


def test_a_job_is_told_in_full(desk: Desk) -> None:
    busy(desk)
    told = desk.told("busy")
    assert list(told) == (
        "id state paused spider scope began ended reason counts waiting hosts workers in_flight oldest dead".split()
    )
    assert (told["id"], told["state"], told["paused"], told["spider"]) == ("busy", "unfinished", False, "tree")
    assert (told["scope"], told["ended"], told["reason"]) == ({"forum": "h"}, None, None)
    assert (told["waiting"], told["in_flight"], told["oldest"]["url"]) == (7, 3, "http://a:1/one")
    assert 0 <= told["oldest"]["seconds"] < 60
    assert told["counts"] == {
        "pushed": 13,
        "filtered": 1,
        "delivered": 5,
        "redelivered": 0,
        "acknowledged": 1,
        "dead": 2,
        "dropped": 0,
    }
    first, second = told["hosts"]
    assert (first["host"], first["waiting"], first["bands"]) == ("a:1", 4, {"thread": 3, "member": 1})
    assert (second["host"], second["waiting"], second["bands"]) == ("b", 3, {"picture": 3})
    assert [(host["in_flight"], host["delivered"], host["pace"]) for host in told["hosts"]] == [(2, 4, 0), (1, 1, 0)]
    assert [host["next_in"] for host in told["hosts"]] == [0, 0]
    assert not any(host[name] for host in told["hosts"] for name in ("paused", "held_until", "parked_until"))
    workers = {worker["name"]: (worker["alive"], worker["in_flight"]) for worker in told["workers"]}
    assert workers == {"one": (True, 1), "two": (False, 2), "three": (False, 0)}
    since = {worker["name"]: worker["seconds_since"] for worker in told["workers"]}
    assert 150 <= since["two"] < 210
    assert since["three"] is None
    refused, letter = sorted(told["dead"], key=lambda each: len(each["history"]))
    assert (refused["id"], refused["history"]) == ("1-refused", [])
    assert (letter["url"], letter["host"], letter["reason"]) == ("http://a:1/broken", "a:1", "the page is broken")
    assert [start["worker"] for start in letter["history"]] == ["one"]


def test_the_job_knows_its_pace_and_the_settings_decide_who_is_alive(desk: Desk) -> None:
    """The pace is that of the workers, whatever the settings of who asks."""
    busy(desk)
    told = desk.told("busy", "-s", "FRONTIER_LEASE=100000", "-s", "HOST_DELAY=2.5")
    assert {worker["name"]: worker["alive"] for worker in told["workers"]} == {"one": True, "two": True, "three": False}
    assert {host["pace"] for host in told["hosts"]} == {0.0}


def test_all_jobs_are_told_the_unfinished_first(desk: Desk) -> None:
    ended = desk.open("old", forum="g")
    push(ended, "g", "page")
    ended.acknowledge(*ended.given("one"))
    ended.do(end(ended.streams.client, "old", "finished", ended.do(ended.streams.finish())))
    busy(desk)
    jobs = desk.told()["jobs"]
    assert [(job["id"], job["state"], job["reason"]) for job in jobs] == [
        ("busy", "unfinished", None),
        ("old", "ended", "finished"),
    ]
    assert (jobs[1]["counts"]["acknowledged"], jobs[1]["waiting"], jobs[1]["hosts"]) == (1, 0, [])
    text = desk.said()
    assert text.startswith("job             busy (unfinished)\nspider          tree forum=h\n")
    assert "\nwaiting         7 (thread 3, member 1, picture 3)\n" in text
    assert "\nin flight       3, the oldest for 0:00:0" in text
    assert "\n\njob             old (ended)\n" in text
    rows = {line.split()[0]: line.split() for line in text.splitlines() if line}
    assert rows["a:1"][:6] == ["a:1", "4", "2", "4", "0.00", "s"]
    assert rows["three"] == ["three", "no", "gone", "0"]


def test_without_jobs_or_server_there_is_one_line_and_exit_code_1(desk: Desk) -> None:
    code, out, err = desk.run("--json")
    assert (code, json.loads(out), err.count("\n")) == (1, {"jobs": []}, 1)
    assert desk.refused("strange")[1].startswith("there is no job 'strange'")
    desk.url = "redis://user:secret@127.0.0.1:9/0"
    code, said = desk.refused()
    assert code == 1
    assert "secret" not in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["busy", "more"], "say scrapy frontier [JOB]"),
        (["pause", "busy", "more"], "say scrapy frontier pause [JOB]"),
        (["drop"], "say scrapy frontier drop HOST [JOB]"),
        (["drop", "a", "busy", "more"], "say scrapy frontier drop HOST [JOB]"),
        (["clear"], "say scrapy frontier clear JOB"),
        (["pause", "--json"], "--json goes with the report only"),
        (["drop", "a", "--host", "b"], "--host goes with pause or resume"),
        (["busy", "--yes"], "--yes goes with drop or clear"),
        (["busy", "--all"], "unknown option --all"),
    ],
)
def test_what_cannot_be_meant_is_refused(arguments: list[str], said: str) -> None:
    parser = argparse.ArgumentParser()
    command = Command()
    command.settings = get_project_settings()
    command.add_options(parser)
    options, words = parser.parse_known_args(arguments)
    with pytest.raises(Refusal, match=f"^{re.escape(said)}$") as refusal:
        read_order(words, options)
    assert refusal.value.code == 2


def test_wrong_arguments_are_one_line_and_exit_code_2(desk: Desk) -> None:
    assert desk.refused("drop") == (2, "say scrapy frontier drop HOST [JOB]")


def test_of_several_unfinished_jobs_one_must_be_named(desk: Desk) -> None:
    desk.open("first", forum="f")
    desk.open("second", forum="s")
    assert desk.refused("pause") == (2, "name one of the unfinished jobs: first, second")


def test_a_host_and_a_job_are_paused_and_resumed(desk: Desk) -> None:
    job = desk.open("busy")
    push(job, "a", "a1")
    push(job, "b", "b1")
    assert desk.said("pause", "--host", "A") == "paused a of job busy\n"
    hosts = desk.told("busy")["hosts"]
    assert [(host["paused"], host["next_in"]) for host in hosts] == [(True, None), (False, 0)]
    assert deliver(job, "one") == ["http://b/b1"]
    assert desk.refused("pause", "--host", "c") == (1, "job busy knows no host 'c'")
    desk.said("pause")
    desk.said("resume", "--host", "a")
    assert desk.said("busy").startswith("job             busy (unfinished, paused)\n")
    assert deliver(job, "one") == []
    assert desk.said("resume") == "resumed job busy\n"
    assert deliver(job, "one") == ["http://a/a1"]


def test_dead_letters_wait_again(desk: Desk) -> None:
    job = busy(desk)
    said = desk.said("requeue-dead")
    assert (
        said
        == "1 of 2 dead letters wait again in job busy; the rest holds no request that could be queued, and is kept\n"
    )
    told = desk.told("busy")
    assert (told["waiting"], told["counts"]["dead"], [each["id"] for each in told["dead"]]) == (8, 1, ["1-refused"])
    assert "http://a:1/broken" in deliver(job, "one")


def test_dead_letters_of_an_ended_job_make_it_unfinished_again(desk: Desk) -> None:
    job = desk.open("old")
    push(job, "g", "page")
    bury(job, 1)
    job.do(end(job.streams.client, "old", "finished", job.do(job.streams.finish())))
    assert desk.refused("pause", "old") == (1, "job old has ended: nothing of it waits")
    assert desk.refused("requeue-dead") == (1, "no job is unfinished")
    assert desk.said("requeue-dead", "old") == "1 of 1 dead letters wait again in job old, which is unfinished again\n"
    told = desk.told("old")
    assert (told["state"], told["ended"], told["waiting"], told["dead"]) == ("unfinished", None, 1, [])
    job.join("one")
    assert deliver(job, "one") == ["http://g/page"]


def test_a_host_is_dropped_when_that_is_meant(desk: Desk) -> None:
    job = busy(desk)
    code, said = desk.refused("drop", "a:1")
    assert code == 2
    assert said.startswith("Drop 4 waiting requests of a:1?")
    assert job.turn("one").waiting == 7
    assert desk.said("drop", "a:1", "--yes") == "dropped 4 requests of a:1, job busy\n"
    assert desk.refused("drop", "a:1", "busy", "--yes") == (1, "nothing waits for 'a:1' in job busy")
    assert (job.turn("one").waiting, job.counts()["dropped"], len(job.pending())) == (3, 4, 3)
    push(job, "a:1", "t1")
    assert [url for url in deliver(job, "one") if url.startswith("http://b/")] == [f"http://b/p{n}" for n in (1, 2, 3)]
    assert job.queue("a:1") == []


def test_a_job_with_workers_is_never_cleared(desk: Desk) -> None:
    job = busy(desk)
    assert desk.refused("clear", "busy", "--yes") == (1, "job busy has workers, end them first: one")
    job.do(job.streams.leave("one"))
    code, said = desk.refused("clear", "busy")
    assert code == 2
    assert said.startswith("Clear job busy (7 waiting, 3 in flight, 2 dead letters)?")
    assert desk.said("clear", "busy", "--yes") == "cleared job busy (7 waiting, 3 in flight, 2 dead letters)\n"
    assert job.keys() == set()
    assert job.do(all_jobs(job.streams.client)) == {}
    job.turn("one")
    assert job.keys() == set()


@pytest.mark.parametrize(("answer", "code", "left"), [("y", 0, 0), ("", 1, 1)])
def test_on_a_terminal_it_asks(desk: Desk, answer: str, code: int, left: int, tmp_path: Path) -> None:
    job = desk.open("busy")
    push(job, "a", "page")
    ours, theirs = pty.openpty()
    try:
        os.write(ours, f"{answer}\n".encode())
        done = subprocess.run(
            [*COMMAND, "drop", "a"], cwd=ROOT, env=desk.environment(), stdin=theirs, capture_output=True, timeout=60
        )
    finally:
        os.close(ours)
        os.close(theirs)
    assert (done.returncode, len(job.queue("a"))) == (code, left)
    assert done.stdout.startswith(b"Drop 1 waiting requests of a? [y/N] ")
