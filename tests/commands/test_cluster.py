"""`scrapy cluster`: what is refused, and the status without nodes or Redis."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from scrapy.utils.project import get_project_settings

from forumcrawl.commands.cluster import Command, Refusal, read_order
from tests.cluster.stubs import stub_nodes
from tests.storage import ROOT


def parsed(*arguments: str) -> tuple[str, str]:
    command, parser = Command(), argparse.ArgumentParser()
    command.settings = get_project_settings()
    command.add_options(parser)
    opts, args = parser.parse_known_args(arguments)
    return read_order(args, opts)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("", "say scrapy cluster deploy|start|stop|status|restart-dead"),
        ("explode", "say scrapy cluster deploy|"),
        ("deploy now", "say scrapy cluster deploy"),
        ("start --workers 2", "say scrapy cluster start SPIDER --workers N"),
        ("start forum", "say how many workers"),
        ("start forum --workers 0", "say how many workers"),
        ("stop a b", "say scrapy cluster stop [JOB]"),
        ("status --now", "--now goes with stop only"),
        ("stop --json", "--json goes with status only"),
        ("status --roll", "--roll goes with deploy only"),
        ("status --strange", "unknown option --strange"),
    ],
)
def test_what_means_nothing_is_refused(arguments: str, said: str) -> None:
    with pytest.raises(Refusal) as caught:
        parsed(*arguments.split())
    assert str(caught.value).startswith(said)


def test_an_order_is_its_action_and_what_it_is_about() -> None:
    assert parsed("start", "forum", "--workers", "2") == ("start", "forum")
    assert parsed("stop", "--now", "job") == ("stop", "job")
    assert parsed("status") == ("status", "")


def run(folder: Path, *arguments: str, **variables: str) -> tuple[int, str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SCRAPYD_")}
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "cluster", *arguments],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT), **variables},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout, done.stderr


def test_without_nodes_it_says_what_to_do() -> None:
    code, out, err = run(ROOT, "status", REDIS_URL="redis://127.0.0.1:9/0", FRONTIER_PATIENCE="0")
    assert (code, out) == (1, "")
    assert err == "no node is known: add a [deploy:NAME] section with url to scrapy.cfg, or set its variables\n"


def test_an_embedded_redis_is_not_taken_for_that_of_the_nodes(tmp_path: Path) -> None:
    with stub_nodes(tmp_path / "stubs", 1, 0.0) as folder:
        code, out, err = run(folder, "restart-dead", REDIS_URL="", FORUMCRAWL_HOME=str(tmp_path))
    assert (code, out, err) == (1, "", "REDIS_URL is not set: name the Redis that the nodes use\n")


def test_nodes_are_shown_also_where_redis_cannot_be_used(tmp_path: Path) -> None:
    with stub_nodes(tmp_path / "stubs", 3, 0.0) as folder:
        with (folder / "scrapy.cfg").open("a") as config:
            config.write("[deploy:away]\nurl = http://127.0.0.1:9\n")
        options = ("status", "--json", "-s", "FRONTIER_PATIENCE=0")
        code, out, err = run(folder, *options, REDIS_URL="redis://:hidden@127.0.0.1:9/0")
    told = json.loads(out)
    assert (code, err) == (1, "")
    assert [node["up"] for node in told["nodes"]] == [True, True, True, False]
    assert told["nodes"][3]["error"] == "no answer from http://127.0.0.1:9: Connection refused"
    assert told["error"].startswith("cannot use the Redis at redis://***@127.0.0.1:9/0")
