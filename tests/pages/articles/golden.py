"""Goldens of article pages: what each page under fixtures/ gives, as JSON beside it.

`python -m tests.pages.articles.golden GenericPage/graph` writes one; nothing else does. Read it against the page
before you commit it.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from forumcrawl.items.article import Article
from forumcrawl.pages.articles import Reading, read_article
from tests.goldens import Goldens

FIXTURES = Path(__file__).with_name("fixtures")
NOW = datetime(2025, 6, 1, tzinfo=UTC)
_LEFT_OUT = ("content_hash", "html")
"""The hash follows from the other fields; how libxml2 writes HTML is its own affair."""


_goldens = Goldens(FIXTURES)
cases, body = _goldens.cases, _goldens.body


def url(case: str) -> str:
    """The address that the page of a case was fetched from."""
    return (FIXTURES / case / "url.txt").read_text("utf-8").strip()


def reading(case: str) -> Reading:
    """What is read from a case's page now."""
    return read_article(body(case), url(case), now=NOW)


@cache
def actual(case: str) -> dict[str, Any]:
    """`reading` as it is after a trip through JSON: fields with a value, and the warnings."""
    found = reading(case)
    kind = "Article" if isinstance(found.found, Article) else "NotArticle"
    fields = {name: value for name, value in asdict(found.found).items() if value not in (None, "", [])}
    record = {"type": kind, **fields, "warnings": found.warnings}
    kept = {name: value for name, value in record.items() if name not in _LEFT_OUT}
    read: dict[str, Any] = json.loads(json.dumps(kept, default=datetime.isoformat))
    return read


@cache
def expected(case: str) -> dict[str, Any] | None:
    """What must be read, None where nobody wrote it down."""
    found: dict[str, Any] | None = _goldens.expected(case)
    return found


if __name__ == "__main__":
    for name in sys.argv[1:]:
        _goldens.write(name, actual(name))
