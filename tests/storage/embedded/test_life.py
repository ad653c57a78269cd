"""Starting, sharing, ending, and being killed at any point."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from forumcrawl.storage.embedded import EmbeddedError, answers, hold
from tests.storage import ROOT, alive, gone, state, until
from tests.storage.embedded import address, numbers

USER = """
import subprocess, sys, time
from pathlib import Path
from forumcrawl.storage.embedded import hold
held = hold(Path(sys.argv[1]))
child = subprocess.Popen(["sleep", "30"])
print(held.mongodb_uri, held.redis_url, child.pid, flush=True)
time.sleep(60)
"""


@contextmanager
def user(home: Path) -> Iterator[subprocess.Popen[str]]:
    """A user process, that in turn has a child of its own; it prints the addresses and the child's id."""
    process = subprocess.Popen([sys.executable, "-c", USER, str(home)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def said(process: subprocess.Popen[str]) -> tuple[str, str, int]:
    assert process.stdout is not None
    uri, url, child = process.stdout.readline().split()
    return uri, url, int(child)


def test_users_at_the_same_time_share_the_servers(home: Path) -> None:
    with ExitStack() as stack:
        users = [stack.enter_context(user(home)) for _ in range(3)]
        answered = [said(process) for process in users]
        for *_, child in answered:
            os.kill(child, signal.SIGKILL)
    assert len({(uri, url) for uri, url, _ in answered}) == 1
    for server in ("mongodb", "redis"):
        assert (home / f"{server}.supervisor.log").read_text().count(f"{server} is process") == 1


def test_what_was_written_is_there_at_the_next_start_on_the_same_port(home: Path, server: str) -> None:
    with hold(home, servers=[server]) as held, numbers(held, server) as kept:
        before = address(held, server)
        kept.put(1)
    until(lambda: gone(home))
    with hold(home, servers=[server]) as held, numbers(held, server) as kept:
        assert address(held, server) == before
        assert kept.count() == 1


def test_everything_in_the_home_folder_is_private(home: Path) -> None:
    with hold(home):
        modes = {path: path.stat().st_mode & 0o077 for path in (home, *home.rglob("*"))}
    assert len(modes) > 16
    assert [path for path, others in modes.items() if others] == []


def test_a_killed_user_leaves_nothing_running_though_its_child_lives(home: Path) -> None:
    with user(home) as process:
        *_, child = said(process)
        process.kill()
        process.wait()
        try:
            until(lambda: gone(home), 5)
            assert alive(child)
        finally:
            os.kill(child, signal.SIGKILL)


def test_a_killed_server_is_back_on_its_port_with_what_it_acknowledged(home: Path, server: str) -> None:
    with hold(home, servers=[server]) as held, numbers(held, server) as kept:
        for number in range(50):
            kept.put(number)
        before, pid = address(held, server), state(home, server).server_pid
        os.kill(pid, signal.SIGKILL)
        until(lambda: state(home, server).server_pid not in (0, pid))
        held.ensure()
        assert address(held, server) == before
        assert kept.count() == 50


def test_a_killed_supervisor_takes_the_server_along_and_ensure_brings_both_back(home: Path, server: str) -> None:
    with hold(home, servers=[server]) as held, numbers(held, server) as kept:
        kept.put(1)
        there, before = address(held, server), state(home, server)
        os.kill(before.pid, signal.SIGKILL)
        until(lambda: not alive(before.server_pid), 3)
        held.ensure()
        assert address(held, server) == there
        assert state(home, server).pid != before.pid
        assert kept.count() == 1


def test_a_user_of_a_killed_supervisor_counts_for_the_next_one(home: Path, server: str) -> None:
    with hold(home, servers=[server]) as first:
        os.kill(state(home, server).pid, signal.SIGKILL)
        until(lambda: gone(home), 3)
        hold(home, servers=[server]).close()
        second = state(home, server).pid
        with numbers(first, server) as kept:
            kept.put(1)
            assert alive(second)


def test_a_user_who_arrives_while_the_last_one_leaves_gets_a_working_server(home: Path, server: str) -> None:
    for number in range(5):
        with hold(home, servers=[server]) as held, numbers(held, server) as kept:
            kept.put(number)
        time.sleep(number * 0.02)  # no state is awaited: each round arrives at another moment of the ending
    with hold(home, servers=[server]) as held, numbers(held, server) as kept:
        assert kept.count() == 5


def test_a_server_that_dies_again_and_again_is_given_up_with_the_reason(home: Path, server: str) -> None:
    with hold(home, servers=[server]) as held:
        supervisor = state(home, server).pid
        killed = set[int]()
        while (now := state(home, server)).phase != "failed":
            for pid in {now.server_pid} - {0} - killed:
                os.kill(pid, signal.SIGKILL)
                killed.add(pid)
            time.sleep(0.01)
        assert len(killed) == 5
        with pytest.raises(EmbeddedError, match=r"^the embedded \w+ died 5 times in 60 s and is given up: .*$"):
            held.ensure()
        assert alive(supervisor)
    until(lambda: gone(home))
    with hold(home, servers=[server]):
        assert answers(state(home, server).port)


def test_leftovers_of_a_killed_run_do_not_block_the_next(home: Path, server: str) -> None:
    with hold(home, servers=[server]):
        left = state(home, server)
        for pid in (left.pid, left.server_pid):
            os.kill(pid, signal.SIGKILL)
        until(lambda: gone(home), 3)
    (home / f"{server}.supervisor").write_text('{"phase": "ready", "po')
    with hold(home, servers=[server], timeout=10) as held, numbers(held, server) as kept:
        assert kept.count() == 0


def test_a_large_log_is_moved_aside(home: Path, server: str) -> None:
    home.mkdir()
    (home / f"{server}.log").write_bytes(b"x" * (5 << 20))
    with hold(home, servers=[server]):
        assert (home / f"{server}.log").stat().st_size < 4096
        assert (home / f"{server}.log.1").stat().st_size == 5 << 20


def test_a_closed_hold_can_be_closed_again(home: Path) -> None:
    held = hold(home)
    held.close()
    held.close()
    until(lambda: gone(home))
    assert not any(answers(state(home, server).port) for server in ("mongodb", "redis"))


# --- two servers -----------------------------------------------------------------------------------------------


def test_a_server_that_a_later_user_needs_comes_and_goes_beside_the_other(home: Path) -> None:
    with hold(home, servers=["mongodb"]) as first, numbers(first) as kept:
        before = state(home, "mongodb")
        assert not (home / "redis").exists()
        with hold(home) as both, numbers(both, "redis") as beside:
            beside.put(1)
            assert both.mongodb_uri == first.mongodb_uri
        until(lambda: not answers(state(home, "redis").port))
        until(lambda: not alive(state(home, "redis").pid))
        kept.put(1)
        assert state(home, "mongodb") == before


def test_the_trouble_of_one_server_is_not_that_of_who_needs_the_other(home: Path) -> None:
    with hold(home) as both, hold(home, servers=["mongodb"]) as one, numbers(one) as kept:
        os.kill(state(home, "redis").pid, signal.SIGSTOP)
        try:
            os.kill(state(home, "redis").server_pid, signal.SIGKILL)
            one.ensure()
            kept.put(1)
        finally:
            os.kill(state(home, "redis").pid, signal.SIGCONT)
        both.ensure()
        assert answers(state(home, "redis").port)


def test_all_goes_when_one_of_two_servers_cannot_be_had(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        with pytest.raises(EmbeddedError, match=r"for the embedded Valkey cannot be had .*EMBEDDED_REDIS_PORT.*$"):
            hold(home, redis_port=other.getsockname()[1])
        until(lambda: gone(home))
    with hold(home) as held:
        held.ensure()
