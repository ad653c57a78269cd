"""One user's claim on one embedded server; how it meets the supervisor is told in `forumcrawl.storage.home`."""

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

from forumcrawl.storage.home import EmbeddedError, Place, State, answers, last_line, open_log, try_lock
from forumcrawl.storage.kinds import ServerKind

POLL = 0.02  # seconds between two looks at a state


class Claim:
    """The server runs until the last claim on it is closed or its process ended. `port` 0 takes any."""

    def __init__(self, home: Path, kind: ServerKind, port: int) -> None:
        self.port = port
        self._kind = kind
        self._place = Place(home=home, server=kind.name)
        self._users = _open_users(self._place)

    def usable(self, deadline: float) -> bool:
        """Whether the server answers now; a supervisor is started when there is none.

        Raises `EmbeddedError` when it is given up, or runs on another port than the one asked for or had before.
        """
        with _explained(self._place.home), _locked(self._place.file("lock"), deadline):
            state = self._attend(deadline)
        if state.phase == "failed":
            raise EmbeddedError(state.error)
        if state.phase != "ready" or not answers(state.port):
            return False
        if self.port not in (0, state.port):
            raise EmbeddedError(
                f"the {self._kind.title} of {self._place.home} runs on port {state.port}, not on {self.port}: "
                f"end the commands that use it, or set EMBEDDED_{self._kind.name.upper()}_PORT to 0"
            )
        self.port = state.port
        return True

    def late(self, seconds: float) -> EmbeddedError:
        """The error for a server that does not answer in time."""
        seen = last_line(self._place.file("log"))
        return EmbeddedError(f"the {self._kind.title} did not come up in {seconds:g} s: {seen}")

    def close(self) -> None:
        """Give up the claim. Closing twice is harmless."""
        if self._users >= 0:
            os.close(self._users)
            self._users = -1

    def await_end(self) -> None:
        """Let a supervisor that failed end, when nobody else uses it, so that the next user does not hear of it."""
        deadline = time.monotonic() + 1
        with suppress(OSError, EmbeddedError), open(self._place.file("supervisor"), "rb") as file:
            while time.monotonic() < deadline:
                with _locked(self._place.file("lock"), deadline):
                    if try_lock(file.fileno()):
                        fcntl.flock(file, fcntl.LOCK_UN)
                        return
                time.sleep(POLL)

    def _attend(self, deadline: float) -> State:
        """What the living supervisor says, or a fresh state after starting one; called with the lock held."""
        fd = os.open(self._place.file("supervisor"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if not try_lock(fd):
                return State.read(fd)
            state = State(port=State.read(fd).port)
            state.write(fd)
            self._spawn(fd, deadline)
            return state
        finally:
            os.close(fd)

    def _spawn(self, fd: int, deadline: float) -> None:
        """Start a supervisor that inherits the locked file `fd`; it detaches and this returns."""
        asked = [str(self._place.home), self._kind.name, str(fd), str(self.port)]
        path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)  # this package may come from an egg
        log = self._place.file("supervisor.log")
        with open_log(log) as output:
            try:
                subprocess.run(
                    [sys.executable, "-m", "forumcrawl.storage.supervisor", *asked],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    cwd=self._place.home,
                    env={**os.environ, "PYTHONPATH": path},
                    pass_fds=(fd,),
                    start_new_session=True,
                    check=True,
                    timeout=max(1.0, deadline - time.monotonic()),
                )
            except subprocess.SubprocessError as error:
                what = f"the supervisor of the {self._kind.title} in {self._place.home} did not start"
                raise EmbeddedError(f"{what}: {last_line(log)}") from error


def _open_users(place: Place) -> int:
    users = place.file("users")
    with _explained(place.home):
        place.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.mkfifo(users, 0o600)
        # Read and write: opening never waits, and a supervisor started later still counts this user.
        fd = os.open(users, os.O_RDWR)
    if not stat.S_ISFIFO(os.fstat(fd).st_mode):
        os.close(fd)
        raise EmbeddedError(f"{users} is not a FIFO: remove it")
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
            time.sleep(POLL / 4)
        yield
    finally:
        os.close(fd)
