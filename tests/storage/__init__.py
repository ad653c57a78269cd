"""What the tests of the local servers share: facts about their processes, and waiting for a fact."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from forumcrawl.storage.embedded import State

ROOT = Path(__file__).parents[2]


def until(true: Callable[[], bool], seconds: float = 10) -> None:
    """Poll a fact; fail when it does not become true in time."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended and waits for its parent to ask does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def state(home: Path, server: str = "mongodb") -> State:
    with open(home / f"{server}.supervisor", "rb") as file:
        return State.read(file.fileno())


def gone(home: Path) -> bool:
    """Whether neither a supervisor nor a server of this folder is left."""
    said = [state(home, path.stem) for path in home.glob("*.supervisor")]
    return not any(alive(pid) for each in said for pid in (each.pid, each.server_pid))
