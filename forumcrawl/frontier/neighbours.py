"""Which workers on this machine are gone: their leases need not run out first."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Mapping
from pathlib import Path


def new_name() -> str:
    """A worker's name, which no other worker ever has."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def whereabouts(node_job: str | None = None, version: str | None = None) -> dict[str, object]:
    """Where this process runs, so that another one on the same machine can tell when it is gone; and, where a node
    started it, as which job and version."""
    told = {"node_job": node_job, "version": version}
    started = {name: value for name, value in told.items() if value}
    return {"machine": _machine(), "pid": os.getpid(), "began": _began(os.getpid()), **started}


def is_gone(about: Mapping[str, object]) -> bool:
    """Whether a process that told its `whereabouts` ran here and has ended. False for one that runs elsewhere."""
    if about.get("machine") != _machine() or not isinstance(pid := about.get("pid"), int):
        return False
    return _began(pid) != about.get("began")


def _machine() -> str:
    """This start of this machine, and the process id namespace; empty where Linux does not tell."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}/{os.stat('/proc/self/ns/pid').st_ino}"
    except OSError:
        return ""


def _began(pid: int) -> str | None:
    """When a process was started, in ticks since the machine was; None when there is none, or only its remains."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    state, *fields = stat[stat.rindex(")") + 2 :].split()
    return None if state in "ZX" else fields[18]
