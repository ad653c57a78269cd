"""Whatever ends, stops or goes away in mid-crawl: every page is stored once, and only a killer is given up."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.frontier.cases import CASES, run_case

PAGES = 300


@pytest.mark.parametrize("name", CASES)
def test_nothing_is_lost(name: str, tmp_path: Path) -> None:
    assert run_case(name, PAGES, tmp_path, chance=random.Random(1)).wrong == []


@pytest.mark.parametrize("name", ["kill_one_at_40", "terminate_one", "mongodb_away"])
def test_nothing_is_lost_on_its_way_through_a_slow_pipeline(name: str, tmp_path: Path) -> None:
    assert run_case(name, PAGES, tmp_path, slow=True, chance=random.Random(2)).wrong == []
