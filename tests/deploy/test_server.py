"""systemd units, timers and the crontab example for a plain server."""

from __future__ import annotations

import re
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest
from scrapy.utils.project import get_project_settings

from tests.deploy.reading import DEPLOY
from tests.storage import ROOT

FOLDER = DEPLOY / "systemd"
UNITS = sorted(FOLDER.glob("*.*"), key=lambda path: path.name)
HOME = "/opt/forumcrawl"
_CRON = r"(\*|\d+)(-\d+)?(/\d+)?(,\d+)*"


def unit(path: Path) -> ConfigParser:
    parser = ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(path)
    return parser


def commands() -> set[str]:
    """Names after `scrapy`."""
    folder = ROOT / "forumcrawl" / "commands"
    return {path.stem for path in folder.glob("*.py")} - {"__init__"}


def check_command(words: list[str]) -> None:
    """A program of the project that exists, with a command and a spider that exist."""
    assert words[0] in (".venv/bin/scrapy", f"{HOME}/.venv/bin/scrapy", f"{HOME}/.venv/bin/python"), words
    if words[0].endswith("python"):
        assert (ROOT / words[1].removeprefix(f"{HOME}/")).is_file()
        return
    assert words[1] in commands()
    spiders = {path.stem for path in (ROOT / "forumcrawl" / "spiders").glob("*.py")}
    if words[1] == "crawl" or words[1:3] == ["cluster", "start"]:
        assert words[2 if words[1] == "crawl" else 3] in spiders


@pytest.mark.parametrize("path", [path for path in UNITS if path.suffix == ".service"], ids=lambda path: path.name)
def test_a_service_runs_what_exists_without_privileges(path: Path) -> None:
    service = unit(path)["Service"]
    check_command(service["ExecStart"].split())
    assert service["User"] == "forumcrawl"
    assert service["NoNewPrivileges"] == "yes"
    assert service["EnvironmentFile"] == "/etc/forumcrawl/environment"
    assert service["ProtectSystem"] == "strict"
    assert "TimeoutStopSec" in service


@pytest.mark.parametrize("path", [path for path in UNITS if path.suffix == ".timer"], ids=lambda path: path.name)
def test_a_timer_has_its_service_and_a_moment(path: Path) -> None:
    assert path.with_suffix(".service").is_file()
    assert unit(path)["Install"]["WantedBy"] == "timers.target"
    if program := shutil.which("systemd-analyze"):
        calendar = unit(path)["Timer"]["OnCalendar"]
        assert subprocess.run([program, "calendar", calendar], capture_output=True, timeout=30).returncode == 0


def test_a_stopped_node_has_its_workers_end_in_order() -> None:
    service = unit(FOLDER / "forumcrawl-node.service")["Service"]
    assert service["KillMode"] == "control-group"
    assert int(service["TimeoutStopSec"]) > get_project_settings().getfloat("FRONTIER_PATIENCE")


def test_every_line_of_the_crontab_is_one() -> None:
    lines = [
        line
        for line in (DEPLOY / "crontab.example").read_text("utf-8").splitlines()
        if line and not line.startswith("#") and not re.match(r"[A-Z]+=", line)
    ]
    assert len(lines) >= 3
    for line in lines:
        *moments, command = line.split(None, 5)
        assert len(moments) == 5
        assert all(re.fullmatch(_CRON, moment) for moment in moments), line
        assert "%" not in command, "cron makes a new line of it"
        check_command(command[command.index(".venv/bin/scrapy") :].partition(" >")[0].split())
