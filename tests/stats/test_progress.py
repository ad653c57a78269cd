"""Progress on a real terminal."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.replica.process import ReplicaProcess
from tests.storage import ROOT

COLOUR = re.compile(r"\x1b\[[0-9;]*3[0-9][0-9;]*m")
HIDDEN, VISIBLE = "\x1b[?25l", "\x1b[?25h"


def on_terminal(home: Path, *options: str, number: int, **variables: str) -> tuple[int, str]:
    """Exit status and output of a crawl on a terminal, which gets the signal `number` once it told of posts."""
    command = [sys.executable, "-m", "scrapy", "crawl", "forum", *options, "-a", "sources=0"]
    command += ["-s", "DOWNLOAD_DELAY=0"]
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(ROOT)
        os.environ.update({"FORUMCRAWL_HOME": str(home), "MONGODB_URI": "", "TERM": "xterm-256color", **variables})
        os.execv(sys.executable, command)
    output, sent, deadline = "", False, time.monotonic() + 60
    try:
        while (read := _read(terminal)) is not None:
            output += read
            assert time.monotonic() < deadline, output
            if not sent and numbers_are_shown(output):
                os.kill(pid, number)
                sent = True
    except BaseException:
        os.kill(pid, signal.SIGKILL)
        raise
    finally:
        os.close(terminal)
        _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), output


def _read(terminal: int) -> str | None:
    """What was written within a moment; None at the end."""
    if not select.select([terminal], [], [], 0.1)[0]:
        return ""
    try:
        return os.read(terminal, 1 << 16).decode(errors="replace") or None
    except OSError:
        return None


def numbers_are_shown(output: str) -> bool:
    return re.search(r"posts\S* [1-9]", output) is not None


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 1), (signal.SIGTERM, 1), (signal.SIGKILL, -9)])
def test_the_terminal_is_left_as_it_was_however_the_crawl_ends(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    with ReplicaProcess(threads=60, delay=0.1) as replica:
        found, output = on_terminal(tmp_path, "-a", f"url={replica.url}", number=number)
    assert found == code
    assert output.rfind(VISIBLE) > output.rfind(HIDDEN) > 0
    assert COLOUR.search(output)
    if number != signal.SIGKILL:
        assert output.rindex("shutting down gracefully") < output.rindex("elapsed") < output.rindex("stored in")


def test_no_colour_where_none_is_wanted(tmp_path: Path) -> None:
    with ReplicaProcess(threads=24, delay=0.1) as replica:
        options = ["-a", f"url={replica.url}"]
        _, output = on_terminal(tmp_path, *options, number=signal.SIGINT, NO_COLOR="1")
    assert not COLOUR.search(output)


def test_off_means_lines_on_a_terminal_too(tmp_path: Path) -> None:
    with ReplicaProcess(threads=24, delay=0.05) as replica:
        options = ["-a", f"url={replica.url}", "-s", "PROGRESS=off", "-s", "LOGSTATS_INTERVAL=0.2"]
        _, output = on_terminal(tmp_path, *options, number=signal.SIGINT)
    assert HIDDEN not in output
    assert " INFO pages " in output
