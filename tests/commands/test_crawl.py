"""`scrapy crawl` as one types it: exit codes, one line for what cannot start, the table of what was done."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pymongo import MongoClient

from forumcrawl.commands.crawl import new_run_id
from forumcrawl.items import STORED
from forumcrawl.storage.embedded import hold
from tests.replica.process import ReplicaProcess
from tests.storage import ROOT, until

NOWHERE = "http://127.0.0.1:9/"


def start(home: Path, *options: str, **variables: str) -> subprocess.Popen[str]:
    """`scrapy crawl` with these options, quick and off a terminal."""
    plain = {key: value for key, value in os.environ.items() if key not in ("FORUM_URL", "MONGODB_URI")}
    command = [sys.executable, "-m", "scrapy", "crawl", *options, "-s", "DOWNLOAD_DELAY=0"]
    command += ["-a", "sources=0"] if options[:1] == ("forum",) else []
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env={**plain, "FORUMCRAWL_HOME": str(home), **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def crawl(home: Path, *options: str, **variables: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a crawl."""
    process = start(home, *options, **variables)
    try:
        out, err = process.communicate(timeout=100)
    finally:
        process.kill()
        process.communicate()
    return process.returncode, out, err


def row(out: str, name: str) -> list[str]:
    """The words of the table's row of this name."""
    return next(line.split()[1:] for line in out.splitlines() if line.split()[:1] == [name])


@pytest.fixture(scope="module")
def replica() -> Iterator[ReplicaProcess]:
    with ReplicaProcess(threads=24, language="ar") as process:
        yield process


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["forum"], "no forum to crawl: "),
        (["forum", "-a", f"url={NOWHERE}", "-a", "max_threads=many"], "max_threads='many' is no number"),
        (["forum", "-a", f"url={NOWHERE}", "-a", "bords=1"], "unknown argument 'bords'"),
        (["forum", "-a", "url"], "Invalid -a value"),
        (["forums"], "there is no spider 'forums', only alarabiya, forum, sources"),
        ([], "name one spider: "),
        (["forum", "--arguments"], "name one spider: "),
    ],
)
def test_what_cannot_be_crawled_is_one_line_and_exit_code_2(tmp_path: Path, options: list[str], said: str) -> None:
    home = tmp_path / "home"
    code, out, err = crawl(home, *options)
    assert (code, out) == (2, "")
    assert err.startswith(said)
    assert err.count("\n") == 1
    assert not home.exists()


def test_a_database_that_is_not_there_is_one_line_and_exit_code_1(tmp_path: Path, replica: ReplicaProcess) -> None:
    replica.reset_log()
    began = time.monotonic()
    uri = "mongodb://reader:secret@127.0.0.1:9/"
    code, out, err = crawl(tmp_path, "forum", "-a", f"url={replica.url}", MONGODB_URI=uri)
    assert time.monotonic() - began < 20
    assert (code, out) == (1, "")
    assert err.startswith("cannot use the MongoDB at mongodb://***@127.0.0.1:9/ (")
    assert err.count("\n") == 1
    assert replica.log() == []


def test_an_embedded_database_that_cannot_start_is_one_line_and_exit_code_1(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    log = tmp_path / "log"
    code, out, err = crawl(tmp_path / "file" / "home", "forum", "-a", f"url={NOWHERE}", "--logfile", str(log))
    assert (code, out) == (1, "")
    assert err.startswith("cannot keep the embedded servers in ")
    assert err.count("\n") == 1
    assert log.read_text().endswith(f"ERROR {err}")


def test_an_interrupt_before_the_first_request_is_one_line_and_exit_code_1(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        uri = f"mongodb://127.0.0.1:{silent.getsockname()[1]}/"
        process = start(tmp_path, "forum", "-a", f"url={NOWHERE}", MONGODB_URI=uri)
        try:
            silent.settimeout(20)
            silent.accept()
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=20)
        finally:
            process.kill()
            process.communicate()
    assert (process.returncode, out) == (1, "")
    assert err.endswith("interrupted before the first request\n")
    assert "Traceback" not in err


def test_a_forum_that_cannot_be_reached_ends_with_the_reason_and_exit_code_1(tmp_path: Path) -> None:
    code, out, _ = crawl(tmp_path, "forum", "-a", f"url={NOWHERE}", "-s", "RETRY_TIMES=0", "-s", "ROBOTSTXT_OBEY=0")
    assert code == 1
    assert row(out, "ended")[0] == "start_failed,"
    assert "\nno content      connection 1\n" in out


def test_ctrl_c_ends_the_crawl_with_a_table_and_exit_code_1(tmp_path: Path) -> None:
    with ReplicaProcess(threads=60, delay=0.2) as slow:
        process = start(tmp_path, "forum", "-a", f"url={slow.url}")
        try:
            until(lambda: len(slow.log()) > 12, 30)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=30)
        finally:
            process.kill()
            process.communicate()
    assert process.returncode == 1
    assert row(out, "ended")[0] == "shutdown,"
    assert "Received SIGINT, shutting down gracefully" in err
    assert "Traceback" not in err


def test_a_finished_crawl_tells_what_the_database_holds(tmp_path: Path, replica: ReplicaProcess) -> None:
    with hold(tmp_path) as held, MongoClient[dict[str, object]](held.mongodb_uri) as client:
        code, out, err = crawl(tmp_path, "forum", "-a", f"url={replica.url}", "-s", "LOGSTATS_INTERVAL=0.2")
        assert code == 0
        database = client["forumcrawl"]
        stored = {kind.collection: database[kind.collection].count_documents({}) for kind in STORED}
        told = {name: int(row(out, name)[0].replace(",", "")) for name, count in stored.items() if count}
        assert told == {name: count for name, count in stored.items() if count}
        assert told["posts"] > 100
        assert database.posts.distinct("run_id") == row(out, "run")
        typed = re.search(r"^or +(.*)$", out, re.MULTILINE)
        assert typed is not None
        shown = subprocess.check_output(typed[1], shell=True, cwd=ROOT, text=True, timeout=30)
        assert shown.count("'url': 'http://127.0.0.1") == 3
    assert row(out, "ended")[0] == "finished,"
    numbers = [line for line in err.splitlines() if " INFO pages " in line]
    assert len(numbers) > 1
    assert "in flight" in numbers[0]
    assert f"posts {stored['posts']:,}" in err.splitlines()[-1]
    assert " INFO Ended (finished): pages " in err.splitlines()[-1]


def test_a_locale_without_the_letters_is_no_failure(tmp_path: Path, replica: ReplicaProcess) -> None:
    code, out, _ = crawl(tmp_path, "forum", "-a", f"url={replica.url}", PYTHONIOENCODING="ascii")
    assert code == 0
    assert "forbidden" in out
    assert "\\u06" in out


def test_a_table_that_nobody_reads_is_no_failure(tmp_path: Path, replica: ReplicaProcess) -> None:
    process = start(tmp_path, "forum", "-a", f"url={replica.url}")
    try:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        err = process.stderr.read()
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()
    assert "Traceback" not in err
    assert "BrokenPipe" not in err


def test_run_ids_tell_the_time_and_differ() -> None:
    ids = {new_run_id() for _ in range(50)}
    assert len(ids) == 50
    assert all(re.fullmatch(r"20\d{6}T\d{6}-[0-9a-f]{6}", each) for each in ids)
