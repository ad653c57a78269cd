"""The image of a node."""

from __future__ import annotations

import re

from tests.deploy.reading import DEPLOY, is_pinned
from tests.storage import ROOT

TEXT = (DEPLOY / "scrapyd" / "Dockerfile").read_text("utf-8")
STAGES = dict(re.findall(r"^FROM \S+ AS (\w+)\n(.*?)(?=^FROM|\Z)", TEXT, re.M | re.S))


def test_its_base_is_slim_and_pinned() -> None:
    bases = re.findall(r"^FROM (\S+) AS \w+$", TEXT, re.MULTILINE)
    (image,) = [base for base in bases if base not in STAGES]
    assert is_pinned(image)
    assert "-slim-" in image


def test_what_runs_is_not_root() -> None:
    for name in ("node", "project"):
        assert re.findall(r"^USER (\S+)$", STAGES[name], re.MULTILINE) == ["10001:10001"]


def test_dependencies_are_the_locked_ones_and_the_browser_is_debians() -> None:
    assert "--require-hashes -r /tmp/run.txt" in STAGES["base"]
    assert "chromium-headless-shell" in STAGES["base"]
    locked = (ROOT / "lock" / "run.txt").read_text("utf-8")
    version = re.search(r"^setuptools==(\d+)", locked, re.MULTILINE)
    assert version
    assert int(version[1]) < 81
    assert re.search(r"^scrapyd==", locked, re.MULTILINE)


def test_a_node_holds_no_copy_of_the_project() -> None:
    copied = [line.split()[-2] for line in STAGES["node"].splitlines() if line.startswith("COPY")]
    assert copied == ["deploy/scrapyd/scrapyd.conf"]
    assert not re.search(r"^COPY.* forumcrawl ", STAGES["base"] + STAGES["node"], re.MULTILINE)


def test_all_that_is_copied_exists_and_is_let_through() -> None:
    let = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    for line in re.findall(r"^COPY (.+)$", TEXT, re.MULTILINE):
        for source in [word for word in line.split() if not word.startswith("--")][:-1]:
            assert (ROOT / source).exists(), source
            assert any(source == each or source.startswith(f"{each}/") for each in let), source


def test_no_secret_is_baked_in() -> None:
    assert not re.search(r"^(ENV|ARG).*(PASS|SECRET|TOKEN|KEY)", TEXT, re.MULTILINE)
