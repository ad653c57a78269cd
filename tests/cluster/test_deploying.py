"""Deploying to real nodes, some of which cannot take it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from forumcrawl.cluster.deploying import deploy
from forumcrawl.cluster.egg import Egg
from forumcrawl.cluster.scrapyd import Node
from forumcrawl.cluster.targets import Target
from tests.cluster.nodes import ScrapydNode, addresses, new_password
from tests.storage import ROOT

pytestmark = pytest.mark.timeout(600)  # a busy machine takes long to start so many processes

NOWHERE = Target(name="away", url="http://127.0.0.1:9", project="forumcrawl")


def deployed(nodes: list[Node], egg: Egg) -> tuple[list[str], list[str]]:
    """Names of the nodes that have it, and what was said."""
    said: list[str] = []
    return [node.name for node in deploy(nodes, egg, said.append)], said


def named(egg: Egg, version: str) -> Egg:
    return replace(egg, version=version)


def test_a_wrong_password_and_a_node_that_is_down_cost_the_others_nothing(nodes: list[ScrapydNode], egg: Egg) -> None:
    wrong = Node(replace(nodes[0].client.target, name="wrong", password="guessed"))
    served, said = deployed([wrong, Node(NOWHERE), nodes[1].client], named(egg, "v1"))
    assert served == ["node2"]
    assert said == [
        f"wrong: {nodes[0].url} refuses the login: correct username and password of this node (see scrapy.cfg)",
        "away: no answer from http://127.0.0.1:9: Connection refused",
        "node2: has version v1",
    ]
    assert nodes[1].client.look().versions[-1] == "v1"


def test_an_egg_that_fails_to_import_is_told_and_not_kept(nodes: list[ScrapydNode], egg: Egg) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(egg.data)) as good, zipfile.ZipFile(data, "w") as bad:
        for name in good.namelist():
            spoilt = name == "forumcrawl/spiders/forum.py"
            bad.writestr(name, b"import no_such_module\n" if spoilt else good.read(name))
    served, said = deployed([nodes[0].client], Egg("v2", data.getvalue()))
    assert served == []
    assert said == ["node1: ModuleNotFoundError: No module named 'no_such_module'"]
    assert "v2" not in nodes[0].client.look().versions


@pytest.fixture
def full_node(tmp_path: Path) -> Iterator[ScrapydNode]:
    """A node whose folder of eggs has room for one egg, and no more."""
    eggs = tmp_path / "full" / "eggs"
    eggs.mkdir(parents=True)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(eggs)], capture_output=True).returncode:
        pytest.skip("a file system of 1 MB cannot be mounted here")
    try:
        with ScrapydNode("full", tmp_path / "full", new_password(), {}) as node:
            yield node
    finally:
        subprocess.run(["umount", "-l", str(eggs)], check=True)


def test_a_full_disk_is_told_and_no_half_egg_kept(full_node: ScrapydNode, nodes: list[ScrapydNode], egg: Egg) -> None:
    (full_node.folder / "eggs" / "other").write_bytes(bytes(900_000))
    served, said = deployed([full_node.client, nodes[1].client], named(egg, "v3"))
    assert served == ["node2"]
    assert said == ["full: OSError: [Errno 28] No space left on device", "node2: has version v3"]
    assert full_node.client.look().versions == []


def test_what_is_no_scrapyd_is_said(nodes: list[ScrapydNode], egg: Egg) -> None:
    elsewhere = Node(replace(nodes[0].client.target, name="elsewhere", url=f"{nodes[0].url}/jobs"))
    assert deployed([elsewhere], egg)[1][0].endswith("answers as no Scrapyd does (HTTP 404): correct its address")


def test_the_command_says_a_line_a_node_and_fails_where_one_did(nodes: list[ScrapydNode]) -> None:
    command = [sys.executable, "-m", "scrapy", "cluster", "deploy", "--version", "v4"]
    variables = {**os.environ, **addresses(*nodes), "SCRAPYD_URL_2": NOWHERE.url}
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == "node1: has version v4\nnode2: no answer from http://127.0.0.1:9: Connection refused\n"


def test_scrapyds_own_client_deploys_the_same_egg(nodes: list[ScrapydNode], tmp_path: Path) -> None:
    for name in ("setup.py", "pyproject.toml", "README.md", "scrapy.cfg", "forumcrawl"):
        (tmp_path / name).symlink_to(ROOT / name)  # it leaves what it builds where it is run
    program = str(Path(sys.executable).with_name("scrapyd-deploy"))
    variables = {**os.environ, **addresses(*nodes)}
    command = [program, "node1", "--version", "v5"]
    done = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, text=True, timeout=300)
    assert '"status": "ok"' in done.stdout, done.stdout + done.stderr
    assert '"spiders": 3' in done.stdout
