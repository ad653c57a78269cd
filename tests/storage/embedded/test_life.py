"""Starting, sharing, ending, and being killed at any point."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from forumcrawl.storage.embedded import EmbeddedError, answers, hold
from tests.storage import ROOT, alive, gone, state, until
from tests.storage.embedded import numbers

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


def test_a_closed_hold_can_be_closed_again(home: Path) -> None:
    held = hold(home)
    held.close()
    held.close()
    until(lambda: gone(home))
    assert not answers(state(home).ports["mongodb"])
