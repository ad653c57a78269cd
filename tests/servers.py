"""Database servers of a test's own, for crawls that name them by MONGODB_URI and REDIS_URL."""

from __future__ import annotations

import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from forumcrawl.storage.kinds import MONGODB, REDIS, ServerKind


def free_port() -> int:
    """A port of loopback that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class LocalServer:
    """`with LocalServer(folder) as server:`; `kill` and `start` again keep address and data."""

    kind: ClassVar[ServerKind]

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def start(self) -> None:
        """Start it, as the embedded one is started, and wait until it answers."""
        self.folder.mkdir(exist_ok=True)
        program, config = self.kind.program(), self.folder.with_name(f"{self.folder.name}.conf")
        assert program, f"{self.kind.package} is not installed"
        config.touch()
        command = [str(program), *self.kind.arguments(self.port, self.folder, config)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        while not self.answers():
            assert self._process.poll() is None, f"{self.kind.name} ended at once"
            assert time.monotonic() < deadline, f"{self.kind.name} did not start"
            time.sleep(0.02)

    def answers(self) -> bool:
        """Whether it does what a client asks."""
        return self._process is not None and self.kind.ready(self.port, self._process.pid)

    def signal(self, number: int) -> None:
        """Halt it, or let it go on."""
        if self._process is not None:
            self._process.send_signal(number)

    def kill(self) -> None:
        """End it without warning."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


class MongoServer(LocalServer):
    """Speaks MongoDB's protocol."""

    kind = MONGODB

    @property
    def uri(self) -> str:
        """For MONGODB_URI."""
        return f"mongodb://127.0.0.1:{self.port}/?directConnection=true"


class ValkeyServer(LocalServer):
    """Speaks Redis's protocol."""

    kind = REDIS

    @property
    def url(self) -> str:
        """For REDIS_URL."""
        return f"redis://127.0.0.1:{self.port}/0"
