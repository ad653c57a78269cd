"""The browser as processes: how it is started, what it holds, and how it is ended when it does not listen."""

from __future__ import annotations

import os
import shlex
import signal
import sys
import tempfile
from contextlib import suppress
from importlib import resources
from pathlib import Path

FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--js-flags=--max-old-space-size=512",
)
_PAGE = os.sysconf("SC_PAGE_SIZE")


class BrowserProcess:
    """One start of a browser, of which Playwright is given `launcher` as the program. All its processes are a group."""

    def __init__(self, program: Path, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(prefix="browser-", dir=folder.absolute())
        self.launcher = Path(name)
        self._told = self.launcher.with_suffix(".pid")
        guard = resources.files("forumcrawl.gate").joinpath("guard.py").read_text("utf-8")
        command = [sys.executable, "-ISc", guard, str(os.getpid()), str(self._told), str(program)]
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\necho $$ > {shlex.quote(str(self._told))}\n")
            file.write(f'rm -f -- "$0"\nexec {shlex.join(command)} "$@"\n')
        self.launcher.chmod(0o700)

    @property
    def group(self) -> int | None:
        """The process group, None where it was never started."""
        try:
            return int(self._told.read_text("ascii"))
        except (FileNotFoundError, ValueError):
            return None

    def memory(self) -> int:
        """Bytes that all its processes hold in memory; what they share is counted for each."""
        group = self.group
        return 0 if group is None else sum(_resident(pid) for pid in members(group))

    def kill(self) -> None:
        """End all its processes now, and leave no file behind."""
        group = self.group
        if group is not None and members(group):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(group, signal.SIGKILL)
        self.launcher.unlink(missing_ok=True)
        self._told.unlink(missing_ok=True)


def members(group: int) -> list[int]:
    """Ids of the processes of a group that are not mere entries of dead ones."""
    found = []
    for entry in os.scandir("/proc"):
        if not entry.name.isdecimal():
            continue
        with suppress(OSError, ValueError, IndexError):
            state, _, own = Path(entry.path, "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[:3]
            if int(own) == group and state != "Z":
                found.append(int(entry.name))
    return found


def _resident(pid: int) -> int:
    with suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * _PAGE
    return 0
