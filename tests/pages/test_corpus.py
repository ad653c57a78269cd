"""The parsers against facts read independently from real saved pages.

The pages are not part of the project: these tests run where FORUMCRAWL_CORPUS names their folder.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from forumcrawl.pages.extracting import records

_CORPUS = os.environ.get("FORUMCRAWL_CORPUS")
pytestmark = pytest.mark.skipif(not _CORPUS, reason="FORUMCRAWL_CORPUS names no folder of saved pages")
_FOLDER = Path(_CORPUS or ".") / "xenforo"
_EXPECTED: dict[str, Any] = json.loads((_FOLDER / "expected.json").read_text("utf-8")) if _CORPUS else {}


@cache
def read(name: str) -> list[dict[str, Any]]:
    return list(records((_FOLDER / name).read_bytes()))


def of_type(name: str, kind: str, source: str | None = None) -> list[dict[str, Any]]:
    return [each for each in read(name) if each["type"] == kind and each.get("from") == source]


@pytest.mark.parametrize("name", _EXPECTED)
def test_page(name: str) -> None:
    page = read(name)[0]
    assert page["type"] == "Page"
    assert page["template"] == _EXPECTED[name]["template"]
    if "title" in _EXPECTED[name]:
        assert page["title"] == _EXPECTED[name]["title"]


@pytest.mark.parametrize("name", _EXPECTED)
def test_posts(name: str) -> None:
    found = [
        {
            "post_id": post["post_id"],
            "author": post["author"]["name"],
            "created": int(post["created_at"].timestamp()),
            "images": len(post["images"]),
            "quotes": len(post["quotes"]),
            "external_links": Counter(link["kind"] in ("external", "unfurl") for link in post["links"])[True],
        }
        for post in of_type(name, "Post")
    ]
    assert found == _EXPECTED[name]["posts"]


@pytest.mark.parametrize("name", _EXPECTED)
def test_rows(name: str) -> None:
    found = [{"thread_id": row["thread_id"], "author": row["author"]["name"]} for row in of_type(name, "Thread", "row")]
    assert found == _EXPECTED[name]["rows"]


@pytest.mark.parametrize("name", _EXPECTED)
def test_boards(name: str) -> None:
    boards = [board["board_id"] for board in of_type(name, "Board") if board["kind"] != "category"]
    assert sorted(boards) == _EXPECTED[name]["nodes"]


def test_outcomes() -> None:
    outcomes = {name: [e["outcome"] for e in read(name) if e["type"] == "Outcome"] for name in _EXPECTED}
    assert {name: found for name, found in outcomes.items() if found} == {
        "legendware_error.html": ["error"],
        "tti_xf20_login_required.html": ["login_required"],
    }


def test_page_of_no_known_kind() -> None:
    assert [name for name in _EXPECTED if any(e["type"] == "Unrecognised" for e in read(name))] == [
        "hypixel_xf23_newsindex.html"
    ]
