"""Scrapy loads the files of all commands for each of them: what is large and only one needs is loaded by that one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import forumcrawl.commands

FILES = sorted(each.stem for each in Path(forumcrawl.commands.__file__).parent.glob("[!_]*.py"))
LARGE = {"numpy", "trafilatura", "spidermon", "playwright", "boto3", "rich", "PIL", "prometheus_client", "dateparser"}


def test_no_command_pays_for_what_another_needs() -> None:
    names = ", ".join(f"forumcrawl.commands.{each}" for each in FILES)
    loaded = f"import sys, {names}; print(*{LARGE} & {{*sys.modules}})"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == []
