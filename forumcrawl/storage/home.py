"""The home folder of the embedded servers, where their users and their supervisor meet.

Files of a home folder, each private to its owner:

    lock            locked for moments, by a user who asks for a supervisor or by that to say how it is
    supervisor      locked by the supervisor for as long as it lives; the text is its `State`
    users           FIFO: every user keeps it open for writing, its end of file says that nobody is left
    mongodb/        the data; beside it mongodb.log and supervisor.log

The kernel gives up the locks and FIFO ends of a process however it ends: a killed run needs no cleaning up.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import BinaryIO, Literal, TypeAlias

LOCK = "lock"
SUPERVISOR = "supervisor"
USERS = "users"
_LOG_BYTES = 4 << 20
Phase: TypeAlias = Literal["starting", "ready", "failed"]


class EmbeddedError(Exception):
    """The embedded servers cannot be had; the message is one line that says why and what to do."""


@dataclass(kw_only=True, slots=True)
class State:
    """What a supervisor tells its users."""

    phase: Phase = "starting"
    pid: int = 0
    """Process id of the supervisor."""
    ports: dict[str, int] = field(default_factory=dict)
    """Port on 127.0.0.1 by server name; outlives the supervisor, so the next one takes the same."""
    pids: dict[str, int] = field(default_factory=dict)
    """Process id by server name."""
    error: str = ""
    """In phase "failed": the line for the users."""

    @classmethod
    def read(cls, fd: int) -> State:
        """The state in an open `supervisor` file; a fresh one when it holds none, or half of one."""
        try:
            return cls(**json.loads(os.pread(fd, 1 << 16, 0)))
        except (ValueError, TypeError):
            return cls()

    def write(self, fd: int) -> None:
        """Replace the text of an open `supervisor` file; call it with `lock` held."""
        os.ftruncate(fd, 0)
        os.pwrite(fd, json.dumps(asdict(self)).encode(), 0)


def answers(port: int) -> bool:
    """Whether something accepts connections on a port of 127.0.0.1."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def try_lock(fd: int) -> bool:
    """Lock an open file unless another has; the lock ends when every copy of the descriptor is closed."""
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def open_log(path: Path) -> BinaryIO:
    """Open a log for appending; one that grew above 4 MB is first moved aside to `NAME.1`."""
    with suppress(FileNotFoundError):
        if path.stat().st_size > _LOG_BYTES:
            path.rename(f"{path}.1")
    return open(path, "ab", opener=lambda name, flags: os.open(name, flags, 0o600))


def last_line(log: Path) -> str:
    """The last line of a log and its path, for a message."""
    try:
        lines = log.read_text(errors="replace").split("\n")
    except OSError as error:
        return f"{log}: {error.strerror}"
    last = next((line.strip() for line in reversed(lines) if line.strip()), "nothing")
    return f"{last[:300]} (end of {log})"
