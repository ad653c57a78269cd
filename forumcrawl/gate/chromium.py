"""Which Chromium is used: the one named, else what the system has, else what Playwright has downloaded."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_DEBIAN = Path("/usr/lib/chromium")
_DOWNLOADED = (
    "chromium_headless_shell-*/*/headless_shell",
    "chromium_headless_shell-*/*/chrome-headless-shell",
    "chromium-*/*/chrome",
)


class NoChromium(Exception):
    """There is none that could be started; the message says what to do."""


def find_chromium(named: str | None, downloads: str | None = None) -> Path:
    """The program to start. `named` is the setting BROWSER_PATH, `downloads` the folder Playwright installs into.

    Raises NoChromium.
    """
    if named:
        program = shutil.which(named)
        if program is None:
            raise NoChromium(f"BROWSER_PATH names {named}, which is no program that can be started")
        return Path(program)
    for name in _NAMES:
        if (program := shutil.which(name)) is not None:
            return _behind_wrapper(Path(program))
    folder = Path(downloads) if downloads else Path.home() / ".cache/ms-playwright"
    for pattern in _DOWNLOADED:
        for found in sorted(folder.glob(pattern), reverse=True):
            if os.access(found, os.X_OK):
                return found
    raise NoChromium("no Chromium is found: install Debian's chromium-headless-shell, or name one by BROWSER_PATH")


def _behind_wrapper(program: Path) -> Path:
    """Debian's command is a script around this program, and would be one more process to end."""
    real = _DEBIAN / program.name
    return real if os.access(real, os.X_OK) and real.is_file() else program


def main() -> int:
    """`python -m forumcrawl.gate.chromium`: prints the path and gives 0, or says on stderr that there is none."""
    import sys

    from forumcrawl.settings import BROWSER_DOWNLOADS, BROWSER_PATH

    try:
        print(find_chromium(BROWSER_PATH, BROWSER_DOWNLOADS))
    except NoChromium as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
