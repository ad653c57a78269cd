"""The embedded servers as their users meet them: real processes, killed in every way."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.write_concern import WriteConcern

from forumcrawl.storage.embedded import EmbeddedError, Hold, answers, hold
from tests.storage import ROOT, alive, gone, state, until

USER = """
import subprocess, sys, time
from pathlib import Path
from forumcrawl.storage.embedded import hold
held = hold(Path(sys.argv[1]))
child = subprocess.Popen(["sleep", "30"])
print(held.mongodb_uri, child.pid, flush=True)
time.sleep(60)
"""


@contextmanager
def numbers(held: Hold) -> Iterator[Collection[dict[str, Any]]]:
    with closing(MongoClient[dict[str, Any]](held.mongodb_uri, serverSelectionTimeoutMS=5000)) as client:
        yield client.forumcrawl.get_collection("numbers", write_concern=WriteConcern(w=1, j=True))


@contextmanager
def user(home: Path) -> Iterator[subprocess.Popen[str]]:
    """A user process, that in turn has a child of its own; it prints the address and the child's id."""
    process = subprocess.Popen([sys.executable, "-c", USER, str(home)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def said(process: subprocess.Popen[str]) -> tuple[str, int]:
    assert process.stdout is not None
    uri, child = process.stdout.readline().split()
    return uri, int(child)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home folder yet to be made; every process of it must be gone soon after the test."""
    path = tmp_path / "home"
    yield path
    if (path / "supervisor").exists():
        until(lambda: gone(path))


def test_two_users_at_the_same_time_share_one_server(home: Path) -> None:
    with ExitStack() as stack:
        users = [stack.enter_context(user(home)) for _ in range(3)]
        answered = [said(process) for process in users]
        for _, child in answered:
            os.kill(child, signal.SIGKILL)
    assert len({uri for uri, _ in answered}) == 1
    log = (home / "supervisor.log").read_text()
    assert log.count("mongodb is process") == 1


def test_what_was_written_is_there_at_the_next_start_on_the_same_port(home: Path) -> None:
    with hold(home) as held, numbers(held) as kept:
        uri = held.mongodb_uri
        kept.insert_one({"_id": 1})
    until(lambda: gone(home))
    with hold(home) as held, numbers(held) as kept:
        assert held.mongodb_uri == uri
        assert kept.count_documents({}) == 1


def test_everything_in_the_home_folder_is_private(home: Path) -> None:
    with hold(home):
        modes = {path: path.stat().st_mode & 0o077 for path in (home, *home.rglob("*"))}
    assert len(modes) > 8
    assert [path for path, others in modes.items() if others] == []


def test_a_killed_user_leaves_nothing_running_though_its_child_lives(home: Path) -> None:
    with user(home) as process:
        _, child = said(process)
        process.kill()
        process.wait()
        try:
            until(lambda: gone(home), 5)
            assert alive(child)
        finally:
            os.kill(child, signal.SIGKILL)


def test_a_killed_server_is_back_on_its_port_with_what_it_acknowledged(home: Path) -> None:
    with hold(home) as held, numbers(held) as kept:
        written = 0
        for written in range(1, 51):
            kept.insert_one({"_id": written})
        before = state(home).pids["mongodb"]
        os.kill(before, signal.SIGKILL)
        until(lambda: state(home).pids.get("mongodb") not in (None, before))
        held.ensure()
        assert kept.count_documents({}) == written


def test_a_killed_supervisor_takes_the_server_along_and_ensure_brings_both_back(home: Path) -> None:
    with hold(home) as held, numbers(held) as kept:
        kept.insert_one({"_id": 1})
        uri, before = held.mongodb_uri, state(home)
        os.kill(before.pid, signal.SIGKILL)
        until(lambda: not alive(before.pids["mongodb"]), 3)
        held.ensure()
        assert held.mongodb_uri == uri
        assert state(home).pid != before.pid
        assert kept.count_documents({}) == 1


def test_a_user_of_a_killed_supervisor_counts_for_the_next_one(home: Path) -> None:
    with hold(home) as first:
        os.kill(state(home).pid, signal.SIGKILL)
        until(lambda: gone(home), 3)
        hold(home).close()
        second = state(home).pid
        with numbers(first) as kept:
            kept.insert_one({"_id": 1})
            assert alive(second)


def test_a_user_who_arrives_while_the_last_one_leaves_gets_a_working_server(home: Path) -> None:
    for number in range(5):
        with hold(home) as held, numbers(held) as kept:
            kept.insert_one({"_id": number})
        time.sleep(number * 0.02)  # no state is awaited: each round arrives at another moment of the ending
    with hold(home) as held, numbers(held) as kept:
        assert kept.count_documents({}) == 5


def test_a_server_that_dies_again_and_again_is_given_up_with_the_reason(home: Path) -> None:
    with hold(home) as held:
        supervisor = state(home).pid
        killed = set[int]()
        while (now := state(home)).phase != "failed":
            for pid in set(now.pids.values()) - killed:
                os.kill(pid, signal.SIGKILL)
                killed.add(pid)
            time.sleep(0.01)
        assert len(killed) == 5
        with pytest.raises(EmbeddedError, match=r"^the embedded MongoDB died 5 times in 60 s and is given up: .*$"):
            held.ensure()
        assert alive(supervisor)
    until(lambda: gone(home))
    with hold(home):
        assert answers(state(home).ports["mongodb"])


def test_leftovers_of_a_killed_run_do_not_block_the_next(home: Path) -> None:
    with hold(home):
        left = state(home)
        for pid in (left.pid, *left.pids.values()):
            os.kill(pid, signal.SIGKILL)
        until(lambda: gone(home), 3)
    (home / "supervisor").write_text('{"phase": "ready", "po')
    with hold(home, timeout=10) as held, numbers(held) as kept:
        assert kept.count_documents({}) == 0


def test_a_large_log_is_moved_aside(home: Path) -> None:
    home.mkdir()
    (home / "mongodb.log").write_bytes(b"x" * (5 << 20))
    with hold(home):
        assert (home / "mongodb.log").stat().st_size < 4096
        assert (home / "mongodb.log.1").stat().st_size == 5 << 20


def test_a_home_that_cannot_be_made_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EmbeddedError, match=r"^cannot keep .*/file/home \(Not a directory\): set FORUMCRAWL_HOME.*$"):
        hold(tmp_path / "file" / "home")
    with pytest.raises(EmbeddedError, match=r"\(File name too long\)"):
        hold(tmp_path / ("x" * 300))


def test_a_taken_port_is_said_in_one_line_and_harms_no_later_start(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(EmbeddedError, match=rf"^port {port} .*Address already in use.*EMBEDDED_MONGODB_PORT.*$"):
            hold(home, mongodb_port=port)
    with hold(home, mongodb_port=port) as held, numbers(held) as kept:
        kept.insert_one({"_id": 1})
        with pytest.raises(EmbeddedError, match=rf"runs on port {port}, not on 1234"):
            hold(home, mongodb_port=1234)


def test_a_remembered_port_that_another_program_took_is_replaced(home: Path) -> None:
    hold(home).close()
    until(lambda: gone(home))
    taken = socket.create_server(("127.0.0.1", state(home).ports["mongodb"]))
    with taken, hold(home) as held, numbers(held) as kept:
        assert kept.count_documents({}) == 0


def test_a_folder_held_by_another_server_is_said_in_one_line(home: Path) -> None:
    hold(home).close()
    until(lambda: gone(home))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = Path(sys.executable).with_name("secantusd-py")
    other = subprocess.Popen([program, "--port", str(port), "--storage-path", home / "mongodb"], cwd=home)
    try:
        until(lambda: answers(port))
        line = rf"^{home}/mongodb is held by another server, process {other.pid}: .*$"
        with pytest.raises(EmbeddedError, match=line):
            hold(home)
    finally:
        other.kill()
        other.wait()


@pytest.fixture
def fake_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the server's program is looked for: beside a Python in a folder with nothing else."""
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.symlink_to(sys.executable)
    monkeypatch.setattr(sys, "executable", str(python))
    return python.with_name("secantusd-py")


def test_a_program_that_is_not_installed_is_said_in_one_line(home: Path, fake_server: Path) -> None:
    with pytest.raises(EmbeddedError, match=rf"^{fake_server} is missing: install .* or set MONGODB_URI.*$"):
        hold(home)


def test_a_server_that_is_never_ready_is_quoted(home: Path, fake_server: Path) -> None:
    fake_server.write_text("#!/bin/sh\necho reading a very large log\nexec sleep 60\n")
    fake_server.chmod(0o755)
    with pytest.raises(EmbeddedError, match=r"^the .* did not come up in 1 s: reading a very large log \(end of .*\)$"):
        hold(home, timeout=1)


def test_a_server_that_ends_at_start_is_quoted(home: Path, fake_server: Path) -> None:
    fake_server.write_text("#!/bin/sh\necho no space left on the moon\nexit 3\n")
    fake_server.chmod(0o755)
    with pytest.raises(EmbeddedError, match=r"^the .* cannot start: no space left on the moon \(end of .*\)$"):
        hold(home)


def test_a_closed_hold_can_be_closed_again(home: Path) -> None:
    held = hold(home)
    held.close()
    held.close()
    until(lambda: gone(home))
    assert not answers(state(home).ports["mongodb"])
