"""The process that owns the embedded servers of one home folder: `python -m forumcrawl.storage.supervisor`.

It starts them, starts them again when they die, and ends them and itself when no user is left.
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

from forumcrawl.storage.home import LOCK, USERS, EmbeddedError, State, try_lock
from forumcrawl.storage.servers import SPECS, Server, free_port

logger = logging.getLogger("supervisor")


class Supervisor:
    """The loop over all servers; `state_fd` is the locked file `supervisor`, `asked` a port by server name."""

    def __init__(self, home: Path, state_fd: int, asked: dict[str, int]) -> None:
        # Open files, not paths: a home folder that was removed and made anew has another supervisor.
        self._lock_fd = os.open(home / LOCK, os.O_RDWR)
        self._users_fd = os.open(home / USERS, os.O_RDONLY | os.O_NONBLOCK)
        self._state_fd = state_fd
        self._told = State.read(state_fd)
        self._error = ""
        self._ending = False
        last = self._told.ports
        self._servers = [
            Server(SPECS[name], home, port or free_port(last.get(name, 0))) for name, port in asked.items()
        ]
        signal.signal(signal.SIGTERM, self._end)

    def run(self) -> None:
        """Return after the last user has left, or at SIGTERM, with every server stopped."""
        poll = select.poll()
        poll.register(self._users_fd, select.POLLIN)
        try:
            while not self._finished():
                self._supervise()
                self._tell()
                poll.poll(20 if self._told.phase == "starting" else 200)
        finally:
            logger.info("ending")
            self._stop_servers()

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
            for server in self._servers:
                server.tick()
        except (EmbeddedError, OSError) as error:
            logger.error("%s", error)
            self._error = str(error)
            self._stop_servers()

    def _tell(self) -> None:
        ready = all(server.ready for server in self._servers)
        state = State(
            phase="failed" if self._error else "ready" if ready else "starting",
            pid=os.getpid(),
            ports={server.spec.name: server.port for server in self._servers},
            pids={server.spec.name: server.process.pid for server in self._servers if server.process},
            error=self._error,
        )
        if state != self._told and try_lock(self._lock_fd):
            state.write(self._state_fd)
            self._told = state
            fcntl.flock(self._lock_fd, fcntl.LOCK_UN)

    def _stop_servers(self) -> None:
        for server in self._servers:
            server.stop()


def main() -> None:
    """Detach from the user who asked, then supervise until the last user has left."""
    home, state_fd, *asked = sys.argv[1:]
    if os.fork():
        os._exit(0)
    os.umask(0o077)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(process)d %(levelname)s %(message)s")
    ports = {name: int(port) for name, _, port in (pair.partition("=") for pair in asked)}
    Supervisor(Path(home), int(state_fd), ports).run()


if __name__ == "__main__":
    main()
