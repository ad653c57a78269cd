"""The home folder of the embedded servers, where the users of each meet its supervisor.

Files of a home folder for a server NAME ("mongodb", "redis"), each private to its owner:

    NAME.lock           locked for moments, by a user who asks for a supervisor or by that to say how it is
    NAME.supervisor     locked by the supervisor for as long as it lives; the text is its `State`
    NAME.users          FIFO: every user keeps it open for writing, its end of file says that nobody is left
    NAME/               the data; beside it NAME.log and NAME.supervisor.log

Nothing is shared between two servers: a user starts and keeps those it needs, and hears of no other's trouble.
The kernel gives up the locks and FIFO ends of a process however it ends: a killed run needs no cleaning up.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO, Literal, TypeAlias

_LOG_BYTES = 4 << 20
Phase: TypeAlias = Literal["starting", "ready", "failed"]


class EmbeddedError(Exception):
    """The embedded servers cannot be had; the message is one line that says why and what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """The files of one server in a home folder."""

    home: Path
    server: str

    def file(self, kind: str) -> Path:
        """The file of that kind: "lock", "supervisor", "users", "log", "supervisor.log", "conf"."""
        return self.home / f"{self.server}.{kind}"

    @property
    def data(self) -> Path:
        """The folder of the server's data."""
        return self.home / self.server


@dataclass(kw_only=True, slots=True)
class State:
    """What a supervisor tells the users of its server."""

    phase: Phase = "starting"
    pid: int = 0
    """Process id of the supervisor."""
    port: int = 0
    """Port of the server on 127.0.0.1; outlives the supervisor, so that the next one takes the same."""
    server_pid: int = 0
    """Process id of the server, 0 while there is none."""
    error: str = ""
    """In phase "failed": the line for the users."""

    @classmethod
    def read(cls, fd: int) -> State:
        """The state in an open supervisor file; a fresh one when it holds none, or half of one."""
        try:
            return cls(**json.loads(os.pread(fd, 1 << 16, 0)))
        except (ValueError, TypeError):
            return cls()

    def write(self, fd: int) -> None:
        """Replace the text of an open supervisor file; call it with the lock held."""
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
