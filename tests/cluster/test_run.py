"""`make cluster`: what is left after Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.storage import ROOT

pytestmark = pytest.mark.timeout(600)  # a busy machine takes long to start so many processes


def test_ctrl_c_ends_all_and_leaves_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.cluster", "--threads=300"]
    variables = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        for line in process.stdout:
            if "node1 running" in line:
                break
        assert _mentioning(tmp_path)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (130, "ended\n")
    assert _mentioning(tmp_path) == []
    assert list(tmp_path.glob("forumcrawl-cluster-*")) == []


def _mentioning(folder: Path) -> list[str]:
    """Command lines and working folders of what runs there."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told = (process / "cmdline").read_text(errors="replace") + os.readlink(process / "cwd")
        except OSError:
            continue
        found += [told] if str(folder) in told else []
    return found
