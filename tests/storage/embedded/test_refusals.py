"""What cannot be had is said in one line, and harms no later start."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from forumcrawl.storage.embedded import EmbeddedError, answers, hold
from tests.storage import gone, state, until
from tests.storage.embedded import numbers


def test_a_home_that_cannot_be_made_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EmbeddedError, match=r"^cannot keep .*/file/home \(Not a directory\): set FORUMCRAWL_HOME.*$"):
        hold(tmp_path / "file" / "home")
    with pytest.raises(EmbeddedError, match=r"\(File name too long\)"):
        hold(tmp_path / ("x" * 300))


def test_a_taken_port_is_said_in_one_line_and_harms_no_later_start(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(EmbeddedError, match=rf"^port {port} .*Address already in use.*EMBEDDED_MONGODB_PORT.*$"):
            hold(home, mongodb_port=port)
    with hold(home, mongodb_port=port) as held, numbers(held) as kept:
        kept.insert_one({"_id": 1})
        with pytest.raises(EmbeddedError, match=rf"runs on port {port}, not on 1234"):
            hold(home, mongodb_port=1234)


def test_a_remembered_port_that_another_program_took_is_replaced(home: Path) -> None:
    hold(home).close()
    until(lambda: gone(home))
    taken = socket.create_server(("127.0.0.1", state(home).ports["mongodb"]))
    with taken, hold(home) as held, numbers(held) as kept:
        assert kept.count_documents({}) == 0


def test_a_folder_held_by_another_server_is_said_in_one_line(home: Path) -> None:
    hold(home).close()
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
            hold(home)
    finally:
        other.kill()
        other.wait()


@pytest.fixture
def fake_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the server's program is looked for: beside a Python in a folder with nothing else."""
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.symlink_to(sys.executable)
    monkeypatch.setattr(sys, "executable", str(python))
    return python.with_name("secantusd-py")


def test_a_program_that_is_not_installed_is_said_in_one_line(home: Path, fake_server: Path) -> None:
    with pytest.raises(EmbeddedError, match=rf"^{fake_server} is missing: install .* or set MONGODB_URI.*$"):
        hold(home)


def test_a_server_that_is_never_ready_is_quoted(home: Path, fake_server: Path) -> None:
    fake_server.write_text("#!/bin/sh\necho reading a very large log\nexec sleep 60\n")
    fake_server.chmod(0o755)
    with pytest.raises(EmbeddedError, match=r"^the .* did not come up in 1 s: reading a very large log \(end of .*\)$"):
        hold(home, timeout=1)


def test_a_server_that_ends_at_start_is_quoted(home: Path, fake_server: Path) -> None:
    fake_server.write_text("#!/bin/sh\necho no space left on the moon\nexit 3\n")
    fake_server.chmod(0o755)
    with pytest.raises(EmbeddedError, match=r"^the .* cannot start: no space left on the moon \(end of .*\)$"):
        hold(home)
