"""The replica's server: controls, log, faults on demand, and commands run around it."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
from lxml import html as lxml_html

from forumcrawl.items import Thread
from tests.replica.faults import KINDS
from tests.replica.process import ReplicaProcess
from tests.replica.site import Site
from tests.replica_tests.pages import of_type, post_ids

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def replica() -> Iterator[ReplicaProcess]:
    with ReplicaProcess(threads=40, language="en") as process:
        yield process


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


def get(url: str) -> tuple[int, dict[str, str], bytes]:
    try:
        with build_opener(_Stay).open(Request(url, headers={"User-Agent": "test/1"}), timeout=10) as response:
            return response.status, dict(response.headers), response.read()
    except HTTPError as error:
        return error.code, dict(error.headers), error.read()


def thread_url(replica: ReplicaProcess) -> str:
    return str(next(t.url for t in of_type(list(replica.world.truth()), Thread) if t.replies > 3))


def test_server_serves_the_world(replica: ReplicaProcess) -> None:
    status, headers, body = get(thread_url(replica))
    path = urlsplit(thread_url(replica)).path
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert body == Site(replica.world).answer(path, "").body
    assert replica.forum == replica.world.forum
    assert get(f"{replica.url}robots.txt")[2].decode().splitlines()[1] == "Disallow: /account/"


def test_log_counts_requests(replica: ReplicaProcess) -> None:
    replica.reset_log()
    get(thread_url(replica))
    get(f"{thread_url(replica)}latest")
    assert [(line["kind"], line["status"], line["agent"]) for line in replica.log()] == [
        ("thread", 200, "test/1"),
        ("trap_latest", 301, "test/1"),
    ]
    assert replica.counters()["kinds"] == {"thread": 1, "trap_latest": 1}


def test_tick_changes_the_pages(replica: ReplicaProcess) -> None:
    before = get(thread_url(replica))[2]
    replica.tick(5)
    later = get(thread_url(replica))[2]
    assert later == Site(replica.world, 5).answer(urlsplit(thread_url(replica)).path, "").body != before
    replica.tick(0)
    assert get(thread_url(replica))[2] == before
    assert get(f"{replica.url}-/replica/nothing")[0] == 404


@pytest.fixture
def spoilt(replica: ReplicaProcess) -> Iterator[ReplicaProcess]:
    yield replica
    replica.faults(0)


def test_every_fault_is_real(spoilt: ReplicaProcess) -> None:
    url = thread_url(spoilt)
    whole = get(url)[2]
    for kind in KINDS:
        spoilt.faults(1, [kind])
        started = time.monotonic()
        if kind.startswith("cut_") and kind != "cut_clean":
            with pytest.raises((http.client.HTTPException, ConnectionError)):
                get(url)
            continue
        status, headers, body = get(url)
        if kind == "slow":
            assert time.monotonic() - started > 1.9
            assert body == whole
        elif kind.isdigit():
            assert (status, headers.get("Retry-After")) == (int(kind), "1" if kind == "429" else None)
        elif kind == "cut_clean":
            assert (status, headers["Content-Length"], body) == (200, str(len(body)), whole[: len(whole) // 2])
        elif kind == "wrong_charset":
            assert (headers["Content-Type"], body) == ("text/html; charset=iso-8859-1", whole)
        elif kind == "redirect_loop":
            assert (status, headers["Location"]) == (302, "/-/loop/1")
        else:
            assert (kind, len(body) >= 10 * 1024 * 1024) == ("huge", True)
            assert len(post_ids(lxml_html.document_fromstring(body.decode()))) > 3
    assert set(spoilt.counters()["faults"]) == set(KINDS)


def test_redirect_loop_never_ends(replica: ReplicaProcess) -> None:
    hop, seen = "/-/loop/1", []
    for _ in range(6):
        hop = get(replica.origin + hop)[1]["Location"]
        seen.append(hop)
    assert seen == ["/-/loop/2", "/-/loop/3", "/-/loop/1"] * 2


def test_faults_come_at_their_rate_and_spare_the_controls(spoilt: ReplicaProcess) -> None:
    spoilt.reset_log()
    spoilt.faults(0.3, ["500", "503"])
    url = thread_url(spoilt)
    statuses = [get(url)[0] for _ in range(200)]
    assert 30 <= sum(status != 200 for status in statuses) <= 90
    assert set(statuses) == {200, 500, 503}
    spoilt.faults(1, ["500"])
    assert spoilt.counters()["kinds"]["thread"] == 200
    with pytest.raises(HTTPError):
        spoilt.faults(0.5, ["no such fault"])


def test_command_runs_with_the_forum_and_gives_its_exit_code() -> None:
    code = "import os, urllib.request as u; print(u.urlopen(os.environ['FORUM_URL']).status); raise SystemExit(7)"
    done = subprocess.run(
        [sys.executable, "-m", "tests.replica", "--threads", "20", "--", sys.executable, "-c", code],
        cwd=ROOT, capture_output=True, text=True, timeout=20, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (7, "200\n", "")


def test_signals_reach_the_command() -> None:
    code = (
        "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(5)); print('up', flush=True); "
        "time.sleep(20)"
    )
    with subprocess.Popen(
        [sys.executable, "-m", "tests.replica", "--threads", "20", "--", sys.executable, "-c", code],
        cwd=ROOT, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == b"up\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 5


def test_server_ends_with_its_owner() -> None:
    with ReplicaProcess(threads=20) as process:
        assert process._process is not None
        number = process._process.pid
        assert json.loads(get(f"{process.url}-/replica/state")[2])["tick"] == 0
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)
