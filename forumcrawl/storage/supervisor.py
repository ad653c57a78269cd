"""The process that owns an embedded server of a home folder: `python -m forumcrawl.storage.supervisor`.

It starts the server, starts it again when it dies, and ends it and itself when no user is left.
Users come through `forumcrawl.storage.embedded`; `forumcrawl.storage.home` describes the files at which they meet.
"""

from __future__ import annotations

import fcntl
import logging
import os
import select
import signal
import sys
from pathlib import Path

from forumcrawl.storage.home import EmbeddedError, Place, State, try_lock
from forumcrawl.storage.kinds import KINDS
from forumcrawl.storage.servers import Server, free_port

logger = logging.getLogger("supervisor")


class Supervisor:
    """The loop over one server; `state_fd` is the locked supervisor file, `port` the one asked for or 0."""

    def __init__(self, place: Place, state_fd: int, port: int) -> None:
        # Open files, not paths: a home folder that was removed and made anew has another supervisor.
        self._lock_fd = os.open(place.file("lock"), os.O_RDWR)
        self._users_fd = os.open(place.file("users"), os.O_RDONLY | os.O_NONBLOCK)
        self._state_fd = state_fd
        self._told = State.read(state_fd)
        self._error = ""
        self._ending = False
        self._server = Server(KINDS[place.server], place, port or free_port(self._told.port))
        signal.signal(signal.SIGTERM, self._end)

    def run(self) -> None:
        """Return after the last user has left, or at SIGTERM, with the server stopped."""
        poll = select.poll()
        poll.register(self._users_fd, select.POLLIN)
        try:
            while not self._finished():
                self._supervise()
                self._tell()
                poll.poll(20 if self._told.phase == "starting" else 200)
        finally:
            logger.info("ending")
            self._server.stop()

    def _end(self, *_: object) -> None:
        self._ending = True

    def _finished(self) -> bool:
        """Whether to end; `lock` is then kept, so that a user who asks is counted or waits for the end."""
        if not self._ending and self._has_users():
            return False
        if not try_lock(self._lock_fd):
            return False
        if self._ending or not self._has_users():
            return True
        fcntl.flock(self._lock_fd, fcntl.LOCK_UN)
        return False

    def _has_users(self) -> bool:
        try:
            return os.read(self._users_fd, 1024) != b""
        except BlockingIOError:
            return True

    def _supervise(self) -> None:
        if self._error:
            return
        try:
            self._server.tick()
        except (EmbeddedError, OSError) as error:
            logger.error("%s", error)
            self._error = str(error)
            self._server.stop()

    def _tell(self) -> None:
        process = self._server.process
        state = State(
            phase="failed" if self._error else "ready" if self._server.ready else "starting",
            pid=os.getpid(),
            port=self._server.port,
            server_pid=process.pid if process else 0,
            error=self._error,
        )
        if state != self._told and try_lock(self._lock_fd):
            state.write(self._state_fd)
            self._told = state
            fcntl.flock(self._lock_fd, fcntl.LOCK_UN)


def main() -> None:
    """Detach from the user who asked, then supervise until the last user has left."""
    home, server, state_fd, port = sys.argv[1:]
    if os.fork():
        os._exit(0)
    os.umask(0o077)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(process)d %(levelname)s %(message)s")
    Supervisor(Place(home=Path(home), server=server), int(state_fd), int(port)).run()


if __name__ == "__main__":
    main()
