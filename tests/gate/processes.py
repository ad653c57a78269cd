"""The browser's processes, as the operating system knows them."""

from __future__ import annotations

import time

import psutil


def browsers_of(crawl: int) -> list[psutil.Process]:
    """All processes of browsers that a crawl's process has started, in whatever depth."""
    try:
        return [each for each in psutil.Process(crawl).children(recursive=True) if _is_browser(each)]
    except psutil.NoSuchProcess:
        return []


def wait_for_browser(crawl: int, timeout: float = 60.0) -> list[psutil.Process]:
    """Until a crawl's browser has a process that shows a page; all its processes."""
    deadline = time.monotonic() + timeout
    while True:
        found = browsers_of(crawl)
        if any("--type=renderer" in _command(each) for each in found):
            return found
        assert time.monotonic() < deadline, "no browser was started"
        time.sleep(0.02)


def seconds_until_gone(processes: list[psutil.Process], timeout: float = 10.0) -> float:
    """How long it takes until none is left; fails where that is longer than `timeout`."""
    start = time.monotonic()
    _, left = psutil.wait_procs(processes, timeout=timeout)
    assert not left, [_command(each) for each in left]
    return time.monotonic() - start


def _is_browser(process: psutil.Process) -> bool:
    return "chrom" in _command(process).split(" --", 1)[0] and "-ISc" not in _command(process)


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""
