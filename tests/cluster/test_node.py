"""A node as deploy/scrapyd/node.py runs it, and what its workers make of their environment."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from forumcrawl.cluster.egg import Egg
from tests.cluster.nodes import ScrapydNode, new_password
from tests.storage import ROOT, until
from tests.tree.process import TreeProcess
from tests.tree.shape import Shape

pytestmark = pytest.mark.timeout(600)  # a busy machine takes long to start so many processes

NODE = ROOT / "deploy" / "scrapyd" / "node.py"


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({}, "SCRAPYD_USERNAME is not set: a node runs what it is sent, so it asks for a login"),
        ({"SCRAPYD_USERNAME": "operator"}, "SCRAPYD_PASSWORD is not set: a node runs what it is sent, so it asks"),
        ({"SCRAPYD_USERNAME": "a:b", "SCRAPYD_PASSWORD": "hidden"}, "SCRAPYD_USERNAME holds a ':'"),
        ({"SCRAPYD_USERNAME": "a", "SCRAPYD_PASSWORD": "hid\nden"}, "SCRAPYD_PASSWORD begins or ends with a space, or"),
    ],
)
def test_a_node_without_a_login_does_not_start(tmp_path: Path, variables: dict[str, str], said: str) -> None:
    command = [sys.executable, str(NODE), str(tmp_path / "node")]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith(said)
    assert "hid" not in done.stderr
    assert not (tmp_path / "node").exists()


def test_any_password_serves_and_only_the_owner_reads_it(tmp_path: Path) -> None:
    with ScrapydNode("node", tmp_path / "node", "p%(x)s $HOME ${y} %% ü#;", {}) as node:
        assert node.client.look().jobs == {}
    assert stat.S_IMODE((tmp_path / "node" / "scrapyd.conf").stat().st_mode) == 0o600


def finished(node: ScrapydNode, job: str) -> None:
    until(lambda: node.client.look().jobs.get(job) == "finished", 200)


def schedule(node: ScrapydNode, egg: Egg, job: str, url: str, **settings: str) -> None:
    node.client.add_version(egg.version, egg.data)
    arguments = {"url": url, "sources": "0"}
    node.client.schedule("forum", job=job, version=egg.version, arguments=arguments, settings=settings)


def test_a_job_without_servers_is_refused_in_one_line(nodes: list[ScrapydNode], egg: Egg) -> None:
    schedule(nodes[0], egg, "homeless", "http://127.0.0.1:9/")
    finished(nodes[0], "homeless")
    log = (nodes[0].folder / "logs" / "forumcrawl" / "forum" / "homeless.log").read_text("utf-8")
    assert log == (
        "MONGODB_URI and REDIS_URL must be set where Scrapyd runs: each node would keep data of its own "
        "(SINGLE_NODE=1 allows that where there is only this one)\n"
    )
    assert "Process died: exitstatus=2" in nodes[0].log()


def test_a_single_node_may_run_the_servers_from_inside_the_egg(tmp_path: Path, egg: Egg) -> None:
    with (
        ScrapydNode("node", tmp_path / "node", new_password(), {"SINGLE_NODE": "1", "IMAGES_STORE": ""}) as node,
        TreeProcess(Shape(pages=1)) as tree,
    ):
        schedule(node, egg, "alone", tree.url)
        finished(node, "alone")
        log = node.log()
    assert "frontier at redis://127.0.0.1:" in log
    assert "Ended (" in log
    assert (tmp_path / "node" / ".forumcrawl" / "mongodb").is_dir()
