"""Run a Scrapyd node: `python node.py FOLDER [--port N] [--bind ADDRESS] [--max-proc N]`.

SCRAPYD_USERNAME and SCRAPYD_PASSWORD come from the environment and go into FOLDER/scrapyd.conf, mode 0600; workers do
not inherit them. It needs scrapyd and the dependencies of forumcrawl, but not forumcrawl: that comes as an egg, and a
copy on the node would be imported in its place.
"""

from __future__ import annotations

import argparse
import os
import string
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

TEMPLATE = Path(__file__).resolve().with_name("scrapyd.conf")
_OWN = ("SCRAPYD_USERNAME", "SCRAPYD_PASSWORD", "SCRAPYD_BIND_ADDRESS", "SCRAPYD_HTTP_PORT", "SCRAPYD_UNIX_SOCKET_PATH")


def render(username: str, password: str, bind: str, port: int, max_proc: int) -> str:
    """The text of scrapyd.conf. Raises ValueError for a login that cannot stand there."""
    for name, value in (("SCRAPYD_USERNAME", username), ("SCRAPYD_PASSWORD", password)):
        if not value:
            raise ValueError(f"{name} is not set: a node runs what it is sent, so it asks for a login")
        if value != value.strip() or not value.isprintable():
            raise ValueError(f"{name} begins or ends with a space, or holds a control character")
    if ":" in username:
        raise ValueError("SCRAPYD_USERNAME holds a ':'")
    values = {
        "SCRAPYD_USERNAME": username.replace("%", "%%"),  # as configparser reads it
        "SCRAPYD_PASSWORD": password.replace("%", "%%"),
        "SCRAPYD_BIND_ADDRESS": bind,
        "SCRAPYD_HTTP_PORT": str(port),
        "SCRAPYD_MAX_PROC": str(max_proc),
    }
    return string.Template(TEMPLATE.read_text("utf-8")).substitute(values)


def write(folder: Path, text: str) -> None:
    """Put it into the folder so that nobody else can read it at any moment."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = folder / "scrapyd.conf.new"
    fresh.unlink(missing_ok=True)
    with open(fresh, "x", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(text)
    fresh.replace(folder / "scrapyd.conf")


def main(argv: list[str]) -> NoReturn:
    """Become the node's Scrapyd."""
    parser = argparse.ArgumentParser(prog="node.py", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=6800)
    parser.add_argument("--bind", default="127.0.0.1")
    parser.add_argument("--max-proc", type=int, default=0, help="workers at a time; 0: four for each processor")
    given = parser.parse_args(argv)
    login = os.environ.get("SCRAPYD_USERNAME", ""), os.environ.get("SCRAPYD_PASSWORD", "")
    try:
        write(given.folder, render(*login, given.bind, given.port, given.max_proc))
        os.chdir(given.folder)
    except (ValueError, OSError) as error:
        parser.exit(1, f"{error}\n")
    if find_spec("pkg_resources") is None:
        parser.exit(1, "scrapyd needs pkg_resources: install setuptools below 81\n")
    variables = {name: value for name, value in os.environ.items() if name not in (*_OWN, "PYTHONPATH")}
    # No pid file: one left by a node that was killed would keep the next one from starting.
    os.execve(sys.executable, [sys.executable, "-m", "scrapyd", "--pidfile="], variables)


if __name__ == "__main__":
    main(sys.argv[1:])
