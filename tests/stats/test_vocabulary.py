"""The vocabulary: what is counted is declared, and declared once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from forumcrawl.stats.describe import vocabulary
from forumcrawl.stats.names import ITEMS, JOB, PAGES, UNREAD
from forumcrawl.stats.vocabulary import ALL, OURS, declared, labels_of, undeclared
from tests.storage import ROOT

COUNTING = ("inc_value", "set_value", "max_value", "min_value")


def counted_names(path: Path) -> Iterator[ast.expr]:
    """What each call of a stats collector names first."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in COUNTING:
            yield node.args[0]


@pytest.mark.parametrize("path", sorted((ROOT / "forumcrawl").rglob("*.py")), ids=lambda path: path.name)
def test_no_code_counts_under_a_name_that_it_makes_up(path: Path) -> None:
    made_up = [name.lineno for name in counted_names(path) if isinstance(name, ast.Constant | ast.JoinedStr)]
    assert made_up == []


def test_the_documentation_is_that_of_the_vocabulary() -> None:
    assert (ROOT / "docs" / "stats.md").read_text("utf-8") == vocabulary()


def test_a_name_belongs_to_the_stat_that_it_is_made_of() -> None:
    assert declared("pages/thread") is PAGES
    assert declared("items/posts/new") is ITEMS
    assert declared("unread/posts/quotes/0/author") is UNREAD
    assert declared("job") is JOB
    assert declared("spider_exceptions/count") == "spider_exceptions/count"
    assert labels_of("items/posts/new") == {"type": "posts", "verdict": "new"}
    assert labels_of("status/forum.example:8080/503") == {"host": "forum.example:8080", "status": "503"}


def test_a_name_that_nobody_declared_is_found() -> None:
    assert undeclared(["pages/thread", "pages", "posts_seen", "job"]) == ["pages", "posts_seen"]
    assert declared("posts_seen") is None
    assert labels_of("posts_seen") == {}


def test_each_stat_is_declared_once_and_says_what_it_means() -> None:
    assert len(set(ALL)) == len(ALL)
    assert all(stat.meaning.endswith(".") for stat in ALL)
    assert all(stat.unit for stat in OURS if stat.kind != "fact")
