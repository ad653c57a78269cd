"""Real Scrapyd nodes with a login, for tests and `make cluster`."""

from __future__ import annotations

import ctypes
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from urllib.error import URLError
from urllib.request import urlopen

from forumcrawl.cluster.scrapyd import Node
from forumcrawl.cluster.targets import Target
from tests.storage import ROOT, alive, until

USERNAME = "operator"
_libc = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1


class ScrapydNode:
    """`with ScrapydNode("node1", folder, password, variables) as node:` runs one; `kill` and `start` again keep all.

    It ends with this process, however that ends. `variables` are those of its workers' environment.
    """

    def __init__(self, name: str, folder: Path, password: str, variables: Mapping[str, str], max_proc: int = 4) -> None:
        self.name = name
        self.folder = folder
        self.password = password
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.max_proc = max_proc
        kept = {key: value for key, value in os.environ.items() if key not in _OWN}
        self.variables = {**kept, **variables, "SCRAPYD_USERNAME": USERNAME, "SCRAPYD_PASSWORD": password}
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> ScrapydNode:
        try:
            self.start()
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    @property
    def client(self) -> Node:
        """Its API, with the login."""
        target = Target(name=self.name, url=self.url, project="forumcrawl", username=USERNAME, password=self.password)
        return Node(target)

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        program = str(ROOT / "deploy" / "scrapyd" / "node.py")
        command = [sys.executable, program, str(self.folder), f"--port={self.port}", f"--max-proc={self.max_proc}"]
        with self.log_path.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                env=self.variables,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )
        deadline = time.monotonic() + 30
        while not self._answers():
            assert self._process.poll() is None, f"the node ended: {self.log()}"
            assert time.monotonic() < deadline, f"the node does not answer: {self.log()}"
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            urlopen(self.url, timeout=1).close()
        except URLError as error:
            return getattr(error, "code", None) == 401
        except OSError:
            return False
        return True

    @property
    def log_path(self) -> Path:
        """Of the daemon."""
        return self.folder.with_name(f"{self.folder.name}.log")

    def log(self) -> str:
        """What the daemon and its workers have written."""
        files = [self.log_path, *sorted(self.folder.glob("logs/**/*.log"))]
        return "\n".join(f"--- {file.name}\n{file.read_text('utf-8', 'replace')}" for file in files)

    def workers(self) -> list[int]:
        """Process ids of its workers, also of those that a daemon before left behind."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                here = os.readlink(process / "cwd") == str(self.folder.resolve())
                if here and b"crawl" in (process / "cmdline").read_bytes().split(b"\0"):
                    found.append(int(process.name))
        return [pid for pid in found if alive(pid)]

    def kill_daemon(self) -> None:
        """kill -9 of Scrapyd alone: its workers go on."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def kill_workers(self) -> None:
        """kill -9 of its workers."""
        self._signal_workers(signal.SIGKILL)
        until(lambda: not self.workers())

    def end(self) -> None:
        """End daemon and workers: asked first, killed when they take too long."""
        daemon, self._process = self._process, None
        self._signal_workers(signal.SIGTERM)
        with suppress(AssertionError):
            until(lambda: not self.workers(), 10)
        self._signal_workers(signal.SIGKILL)
        if daemon is not None:
            daemon.terminate()
            try:
                daemon.wait(10)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()

    def _signal_workers(self, number: signal.Signals) -> None:
        for pid in self.workers():
            with suppress(ProcessLookupError):
                os.kill(pid, number)


_OWN = ("MONGODB_URI", "REDIS_URL", "FORUM_URL", "SINGLE_NODE", "PYTHONPATH")


def new_password() -> str:
    """One that nobody knows."""
    return secrets.token_urlsafe(16)


def addresses(*nodes: ScrapydNode) -> dict[str, str]:
    """The environment in which `scrapy cluster` finds these nodes by the project's scrapy.cfg."""
    urls = {f"SCRAPYD_URL_{number}": node.url for number, node in enumerate(nodes, 1)}
    return {**urls, "SCRAPYD_USERNAME": USERNAME, "SCRAPYD_PASSWORD": nodes[0].password}


def _die_with_parent() -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
