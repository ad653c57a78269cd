"""Whether a worker on this machine is gone: told by real processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from forumcrawl.frontier.neighbours import is_gone, new_name, whereabouts

_PROGRAM = """
import json, sys
from forumcrawl.frontier.neighbours import whereabouts
print(json.dumps(whereabouts()), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def neighbour() -> Iterator[subprocess.Popen[str]]:
    """A process that tells where it runs, and then waits."""
    command = [sys.executable, "-c", _PROGRAM]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def _told(neighbour: subprocess.Popen[str]) -> dict[str, object]:
    assert neighbour.stdout
    told: dict[str, object] = json.loads(neighbour.stdout.readline())
    return told


def test_a_living_process_is_not_gone(neighbour: subprocess.Popen[str]) -> None:
    assert _told(neighbour)["pid"] == neighbour.pid
    assert not is_gone(whereabouts())


def test_a_killed_process_is_gone_even_before_its_parent_knows(neighbour: subprocess.Popen[str]) -> None:
    told = _told(neighbour)
    assert not is_gone(told)
    neighbour.kill()
    os.waitid(os.P_PID, neighbour.pid, os.WEXITED | os.WNOWAIT)  # it has ended, its remains are still there
    assert is_gone(told)
    neighbour.wait()
    assert is_gone(told)


def test_another_process_with_the_same_number_is_not_taken_for_it() -> None:
    assert is_gone({**whereabouts(), "began": "1"})


@pytest.mark.parametrize(
    "other",
    [{"machine": "another"}, {"machine": None}, {"machine": "another", "began": "1"}, {"pid": "1"}, {"pid": None}],
)
def test_of_a_process_elsewhere_nothing_is_said(other: dict[str, object]) -> None:
    assert not is_gone({**whereabouts(), **other})
    assert not is_gone({})


def test_a_name_is_never_had_twice() -> None:
    assert len({new_name() for _ in range(1000)}) == 1000
