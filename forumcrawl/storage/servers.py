"""The kinds of embedded servers, and one server process with its restarts."""

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
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import bson
from bson.errors import BSONError

from forumcrawl.storage.home import EmbeddedError, answers, last_line, open_log

logger = logging.getLogger("supervisor")

_DEATHS, _DEATHS_WITHIN = 5, 60.0  # so many deaths in so many seconds, and a server is given up
_STOP_SECONDS = 10.0  # a server that does not end by itself in this time is killed
_ASK_AGAIN = 0.5  # Python servers can miss a SIGTERM that another of their threads takes; seen 1 time in 40
_PATIENCE = 2.0  # seconds for a killed server to let go of its folder and port
_PORTS = range(20000, 30000)  # not those of outgoing connections: none can take a port during a restart
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


@dataclass(frozen=True, kw_only=True, slots=True)
class ServerSpec:
    """What the supervisor must know of a kind of server."""

    name: str  # of its folder, its log and its settings file in the home folder, and in `State`
    title: str  # in messages
    program: str  # the executable, found beside the running Python
    arguments: Callable[[int, Path, Path], list[str]]  # for a port, a data folder and an empty settings file
    ready: Callable[[int, int], bool]  # (port, process id): does this process answer on this port now?
    lock_file: str  # in the data folder, kept locked by a running server
    setting: str  # names a server to use in its place


def _mongodb_arguments(port: int, folder: Path, config: Path) -> list[str]:
    # Without --config it would read a secantusd.toml of the machine, and perhaps ask for a password.
    files = ["--storage-path", str(folder), "--config", str(config)]
    limits = ["--sync-on-commit", "--oplog-max-entries", "2000", "--oplog-retention-seconds", "60"]
    return ["--host", "127.0.0.1", "--port", str(port), *files, *limits]


def _mongodb_ready(port: int, pid: int) -> bool:
    """One `serverStatus` as an OP_MSG; a client would bring threads into a process that forks."""
    body = bytes(5) + bson.encode({"serverStatus": 1, "$db": "admin"})
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as server:
            server.sendall(struct.pack("<4i", 16 + len(body), 1, 0, 2013) + body)
            reply = server.makefile("rb")
            (size,) = struct.unpack("<i", reply.read(4))
            return bool(bson.decode(reply.read(size - 4)[17:])["pid"] == pid)
    except (OSError, struct.error, BSONError, KeyError):
        return False


MONGODB = ServerSpec(
    name="mongodb",
    title="embedded MongoDB",
    program="secantusd-py",
    arguments=_mongodb_arguments,
    ready=_mongodb_ready,
    lock_file="WiredTiger.lock",
    setting="MONGODB_URI",
)
SPECS = {spec.name: spec for spec in (MONGODB,)}


@dataclass
class Server:
    """One server process and its restarts: `tick()` it often."""

    spec: ServerSpec
    home: Path
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
        elif not self.ready and self.spec.ready(self.port, self.process.pid):
            self.ready = self._served = True
            logger.info("%s answers on port %d", self.spec.name, self.port)

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
        logger.info("%s stopped with code %d", self.spec.name, self.process.returncode)
        self.process, self.ready = None, False

    def _start(self, now: float) -> None:
        obstacle = self._obstacle()
        if not obstacle:
            self._launch()
        elif now > self._due + _PATIENCE:
            raise EmbeddedError(obstacle)

    def _obstacle(self) -> str:
        folder = self.home / self.spec.name
        if holder := _lock_holder(folder / self.spec.lock_file):
            return f"{folder} is held by another server, process {holder}: end it, or change FORUMCRAWL_HOME"
        if trouble := _port_trouble(self.port):
            what = f"port {self.port} for the {self.spec.title} cannot be had ({trouble})"
            return f"{what}: end what uses it, or set EMBEDDED_{self.spec.name.upper()}_PORT to another or 0"
        return ""

    def _launch(self) -> None:
        program = Path(sys.executable).with_name(self.spec.program)
        if not program.exists():
            other = f"set {self.spec.setting} to a server of yours"
            raise EmbeddedError(f"{program} is missing: install forumcrawl[embedded], or {other}")
        folder, config = self.home / self.spec.name, self.home / f"{self.spec.name}.conf"
        config.touch()
        with open_log(self._log()) as output:
            self.process = subprocess.Popen(
                [str(program), *self.spec.arguments(self.port, folder, config)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.home,
                preexec_fn=partial(_die_with_parent, os.getpid()),
            )
        logger.info("%s is process %d", self.spec.name, self.process.pid)

    def _bury(self, process: subprocess.Popen[bytes], now: float) -> None:
        self.process, self.ready = None, False
        logger.warning("%s ended with code %d", self.spec.name, process.returncode)
        if not self._served:
            raise EmbeddedError(f"the {self.spec.title} cannot start: {last_line(self._log())}")
        self._deaths = [at for at in self._deaths if now - at < _DEATHS_WITHIN] + [now]
        if len(self._deaths) >= _DEATHS:
            what = f"the {self.spec.title} died {_DEATHS} times in {_DEATHS_WITHIN:g} s and is given up"
            raise EmbeddedError(f"{what}: {last_line(self._log())}")
        self._due = now + 0.1 * 2 ** (len(self._deaths) - 1)

    def _log(self) -> Path:
        return self.home / f"{self.spec.name}.log"


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
