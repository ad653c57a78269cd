"""Broken article pages: reading them never raises and ends soon, and what is read is JSON."""

from __future__ import annotations

import json
import random
import time
from dataclasses import asdict
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumcrawl.pages.articles import read_article
from tests.pages.articles.golden import body, cases, url
from tests.pages.broken import cut, emptied, flipped, nested, untagged

_SECONDS = 2.0
_BREAKERS = (cut, flipped, untagged, nested, emptied)


def check(page: bytes, address: str) -> None:
    before = time.process_time()
    reading = read_article(page, address)
    assert time.process_time() - before < _SECONDS
    json.dumps(asdict(reading.found), ensure_ascii=False, default=datetime.isoformat).encode("utf-8")


@pytest.fixture(scope="module", autouse=True)
def _libraries_are_loaded() -> None:
    read_article(body("GenericPage/graph"), url("GenericPage/graph"))


@pytest.mark.parametrize("seed", range(150))
def test_a_broken_page_is_read_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    case = chance.choice(cases())
    check(_BREAKERS[seed % len(_BREAKERS)](body(case), chance), url(case))


@given(st.binary(max_size=400), st.text(max_size=40))
def test_any_bytes_from_any_address_are_read_or_refused(page: bytes, address: str) -> None:
    check(page, f"https://x.example/{address}")


@pytest.mark.parametrize(
    "page",
    [
        b"<div>" * 200_000 + b"x",
        b"<h1>a</h1>" + b"<p>word word word word word word word word word word</p>" * 33_000,
        b"<p>" + b"word " * 400_000,
        b"<h1>t</h1>" + b"<a href=/x>one two three four five</a> " * 45_000,
        b"<table>" + b"<tr><td>one two three four five six seven eight" * 35_000,
        b"<script type=application/ld+json>" + b"[" * 900_000 + b"</script><h1>a</h1>",
        b"<script type=application/ld+json>{" + b" " * 900_000 + b"}</script><h1>a</h1>",
        b"<script type=application/ld+json>{" + b", " * 450_000 + b"</script><h1>a</h1>",
        b"<title>" + b"a - " * 250_000 + b"</title><meta property=og:title content='" + b"a | " * 250_000 + b"'>",
        b"<h1>t</h1><span class=date>" + b"1/" * 500_000 + b"</span>",
        b"<meta name=author content='" + " و".encode() * 300_000 + b"'>",
    ],
    ids=["deep", "paragraphs", "words", "links", "table", "brackets", "blanks", "commas", "titles", "date", "author"],
)
def test_a_page_of_a_megabyte_or_two_takes_at_most_two_seconds(page: bytes) -> None:
    check(page, "https://x.example/2020/01/02/a-b-c-d")
