"""A new version in mid-crawl: one that writes requests in a newer format than the version before it knows."""

from __future__ import annotations

import shutil
from pathlib import Path

from forumcrawl.frontier.wire import VERSION
from tests.cluster.desk import Desk
from tests.storage import ROOT, until


def newer_project(folder: Path) -> Path:
    """A copy of the project whose format of requests is one further."""
    shutil.copytree(ROOT / "forumcrawl", folder / "forumcrawl", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("setup.py", "pyproject.toml", "scrapy.cfg", "README.md"):
        shutil.copy(ROOT / name, folder / name)
    wire = folder / "forumcrawl" / "frontier" / "wire.py"
    text = wire.read_text("utf-8")
    assert f"VERSION = {VERSION}\n" in text
    wire.write_text(text.replace(f"VERSION = {VERSION}\n", f"VERSION = {VERSION + 1}\n"), "utf-8")
    return folder


def roll(desk: Desk, project: Path) -> list[dict[str, int]]:
    """Deploy it while two workers are at work, and replace them; which versions were at work, in order."""
    process, seen = desk.begin("deploy", "--roll", root=project), [desk.job().versions]
    while process.poll() is None:
        if (versions := desk.job().versions) != seen[-1]:
            seen.append(versions)
    out, _ = process.communicate()
    assert process.returncode == 0, out
    assert out.count(" is replaced by ") == 2, out
    until(lambda: desk.states() == ["running", "running"] or desk.job().state == "ended", 120)
    return seen
