"""Local database servers: they start with their first user, are shared, and end with their last.

How they meet their supervisor is told in `forumcrawl.storage.home`.
"""

from __future__ import annotations

import fcntl
import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from forumcrawl.storage.home import (
    LOCK,
    SUPERVISOR,
    USERS,
    EmbeddedError,
    State,
    answers,
    last_line,
    open_log,
    try_lock,
)

__all__ = ["EmbeddedError", "Hold", "State", "answers", "hold"]
_POLL = 0.02  # seconds between two looks at a state


class Hold:
    """One user's claim on the embedded servers: they run until the last is closed or its process ended."""

    def __init__(self, home: Path, mongodb_port: int, timeout: float) -> None:
        self._home = home
        self._port = mongodb_port
        self._timeout = timeout
        self._users = _open_users(home)
        try:
            self.ensure()
        except BaseException:
            self.close()
            _await_end(home)
            raise

    def __enter__(self) -> Hold:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def mongodb_uri(self) -> str:
        """Address of the embedded MongoDB, the same for as long as the claim is held."""
        return f"mongodb://127.0.0.1:{self._port}/?directConnection=true"

    def ensure(self) -> None:
        """Return when the servers answer, started again if need be; takes under 1 ms when all is well.

        Raises `EmbeddedError` when they do not in time, are given up, or cannot have their old port again.
        """
        deadline = time.monotonic() + self._timeout
        while not self._usable(deadline):
            if time.monotonic() > deadline:
                seen = last_line(self._home / "mongodb.log")
                raise EmbeddedError(f"the embedded MongoDB did not come up in {self._timeout:g} s: {seen}")
            time.sleep(_POLL)

    def close(self) -> None:
        """Give up the claim; the servers end when it was the last. Closing twice is harmless."""
        if self._users >= 0:
            os.close(self._users)
            self._users = -1

    def _usable(self, deadline: float) -> bool:
        with _explained(self._home), _locked(self._home / LOCK, deadline):
            state = _attend(self._home, self._port, deadline)
        if state.phase == "failed":
            raise EmbeddedError(state.error)
        port = state.ports.get("mongodb", 0)
        if state.phase != "ready" or not answers(port):
            return False
        if self._port not in (0, port):
            raise EmbeddedError(
                f"the embedded MongoDB of {self._home} runs on port {port}, not on {self._port}: "
                "end the commands that use it, or set EMBEDDED_MONGODB_PORT to 0"
            )
        self._port = port
        return True


def hold(home: Path, *, mongodb_port: int = 0, timeout: float = 30.0) -> Hold:
    """Claim the embedded servers of the folder `home`, starting them when nobody else has.

    `mongodb_port` 0 takes the port of last time, or any free one. `timeout`: seconds, for `ensure()` too.
    The claim ends with this process, also when that is killed. Raises `EmbeddedError`.
    """
    if sys.platform != "linux":
        raise EmbeddedError("the embedded servers run on Linux only: set MONGODB_URI to a MongoDB server")
    if not 0 <= mongodb_port <= 65535:
        raise EmbeddedError(f"EMBEDDED_MONGODB_PORT is {mongodb_port}: it must be 0 (any free port) to 65535")
    return Hold(home.absolute(), mongodb_port, timeout)


def _open_users(home: Path) -> int:
    with _explained(home):
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.mkfifo(home / USERS, 0o600)
        # Read and write: opening never waits, and a supervisor started later still counts this user.
        fd = os.open(home / USERS, os.O_RDWR)
    if not stat.S_ISFIFO(os.fstat(fd).st_mode):
        os.close(fd)
        raise EmbeddedError(f"{home / USERS} is not a FIFO: remove it")
    return fd


@contextmanager
def _explained(home: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise EmbeddedError(
            f"cannot keep the embedded servers in {home} ({error.strerror}): "
            "set FORUMCRAWL_HOME to a local folder that you may write"
        ) from error


@contextmanager
def _locked(path: Path, deadline: float) -> Iterator[None]:
    fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while not try_lock(fd):
            if time.monotonic() > deadline:
                raise EmbeddedError(f"{path} stays locked by a process that stopped or hangs: end that one")
            time.sleep(_POLL / 4)
        yield
    finally:
        os.close(fd)


def _attend(home: Path, port: int, deadline: float) -> State:
    """What the living supervisor says, or a fresh state after starting one; called with `lock` held."""
    fd = os.open(home / SUPERVISOR, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not try_lock(fd):
            return State.read(fd)
        state = State(ports=State.read(fd).ports)
        state.write(fd)
        _spawn(home, port, fd, deadline)
        return state
    finally:
        os.close(fd)


def _await_end(home: Path) -> None:
    """Let a supervisor that failed end, when nobody else uses it, so that the next user does not hear of it."""
    deadline = time.monotonic() + 1
    with suppress(OSError, EmbeddedError), open(home / SUPERVISOR, "rb") as file:
        while time.monotonic() < deadline:
            with _locked(home / LOCK, deadline):
                if try_lock(file.fileno()):
                    fcntl.flock(file, fcntl.LOCK_UN)
                    return
            time.sleep(_POLL)


def _spawn(home: Path, port: int, fd: int, deadline: float) -> None:
    """Start a supervisor that inherits the locked file `fd`; it detaches and this returns."""
    command = [sys.executable, "-m", "forumcrawl.storage.supervisor", str(home), str(fd), f"mongodb={port}"]
    path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)  # this package may come from an egg
    log = home / "supervisor.log"
    with open_log(log) as output:
        try:
            subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=home,
                env={**os.environ, "PYTHONPATH": path},
                pass_fds=(fd,),
                start_new_session=True,
                check=True,
                timeout=max(1.0, deadline - time.monotonic()),
            )
        except subprocess.SubprocessError as error:
            raise EmbeddedError(f"the supervisor of {home} did not start: {last_line(log)}") from error
