"""The process between Playwright and Chromium: it ends the browser with all its children when its owner is gone.

It is started by its text alone (see `process.py`), so it imports nothing of ours: arguments are the owner's process
id, the file that tells its own, the browser and the browser's arguments.
"""

from __future__ import annotations

import os
import select
import signal
import sys
from contextlib import suppress


def main(owner: int, told: str, program: str, arguments: list[str]) -> int:
    """Run the browser until it ends, or until the crawl or Playwright's driver does, in whatever way."""
    watching = select.poll()
    for process in (owner, os.getppid()):
        watching.register(os.pidfd_open(process), select.POLLIN)
    browser = os.fork()
    if browser == 0:
        os.execv(program, [program, *arguments])
    ended = os.pidfd_open(browser)
    watching.register(ended, select.POLLIN)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    found = watching.poll()
    code = 1
    if found == [(ended, select.POLLIN)]:
        code = os.waitstatus_to_exitcode(os.waitpid(browser, 0)[1])
    with suppress(FileNotFoundError):
        os.unlink(told)
    if os.getpgrp() == os.getpid():  # Playwright starts what it starts in a group of its own
        os.killpg(0, signal.SIGKILL)
    os.kill(browser, signal.SIGKILL)
    return abs(code)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4:]))
