"""Broken pages: reading them never raises, ends soon, and what is read is JSON."""

from __future__ import annotations

import json
import time
from datetime import datetime

import pytest

from forumcrawl.pages.extracting import records
from forumcrawl.text.dates import parse_day
from tests.pages.broken import KINDS, variant

_SECONDS = 2.0


@pytest.fixture(scope="module", autouse=True)
def _languages_are_loaded() -> None:
    parse_day("no date 2019")  # dateparser reads its 200 languages at the first text it cannot place: seconds, once


@pytest.mark.parametrize("seed", range(500), ids=lambda seed: f"{seed}-{KINDS[seed % len(KINDS)].__name__}")
def test_a_broken_page_is_read_or_refused(seed: int) -> None:
    page = variant(seed)
    before = time.process_time()
    found = list(records(page, "https://boards.example/threads/x.1/"))
    took = time.process_time() - before
    assert took < _SECONDS
    assert found[-1]["type"] == "Unrecognised" or found[0]["type"] == "Page"
    for record in found:
        json.dumps(record, ensure_ascii=False, default=datetime.isoformat).encode("utf-8")
