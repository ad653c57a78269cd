"""Article pages against facts read independently from real saved ones.

The pages are not part of the project: these tests run where FORUMCRAWL_CORPUS names their folder.
"""

from __future__ import annotations

import json
import os
import re
import statistics
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from forumcrawl.items.article import Article
from forumcrawl.pages.articles import read_article

_CORPUS = os.environ.get("FORUMCRAWL_CORPUS")
pytestmark = pytest.mark.skipif(not _CORPUS, reason="FORUMCRAWL_CORPUS names no folder of saved pages")
_FOLDER = Path(_CORPUS or ".") / "articles"
_EXPECTED: dict[str, Any] = json.loads((_FOLDER / "expected.json").read_text("utf-8")) if _CORPUS else {}


@cache
def read(name: str) -> Article:
    article = read_article((_FOLDER / f"{name}.html").read_bytes(), _EXPECTED[name]["url"]).article
    assert article is not None
    return article


def _grams(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[place : place + 4]) for place in range(len(words) - 3))


@cache
def body_f1(name: str) -> float:
    """F1 of the four-word runs of the body."""
    found, wanted = _grams(read(name).text), _grams("\n".join(_EXPECTED[name]["body"]))
    return 2 * (found & wanted).total() / max(1, found.total() + wanted.total())


@pytest.mark.parametrize("name", _EXPECTED)
def test_headline(name: str) -> None:
    assert read(name).headline == _EXPECTED[name]["headline"]


@pytest.mark.parametrize("name", _EXPECTED)
def test_time_of_publication_to_what_the_page_tells(name: str) -> None:
    wanted, found = datetime.fromisoformat(_EXPECTED[name]["published"]), read(name).published_at
    assert found is not None
    if wanted.tzinfo is None:
        assert (found.date(), read(name).published_to) == (wanted.date(), "day")
    else:
        assert found.replace(second=0, microsecond=0) == wanted.astimezone(UTC)
        assert read(name).published_to == "minute"


@pytest.mark.parametrize("name", _EXPECTED)
def test_authors_and_none_invented(name: str) -> None:
    assert read(name).authors == _EXPECTED[name]["authors"]


@pytest.mark.parametrize("name", _EXPECTED)
def test_main_picture(name: str) -> None:
    assert _EXPECTED[name]["image"] in read(name).images[0].url


@pytest.mark.parametrize("name", _EXPECTED)
def test_body(name: str) -> None:
    assert body_f1(name) >= 0.97
    assert read(name).html


def test_bodies_together() -> None:
    assert statistics.mean(map(body_f1, _EXPECTED)) >= 0.98


def test_a_head_without_a_body_is_no_article() -> None:
    page = (_FOLDER / "alarabiya_head_2023-01-12.html").read_bytes()
    assert read_article(page, "https://www.alarabiya.net/arab-and-world/yemen/2023/01/12/x").outcome == "unparsed"
