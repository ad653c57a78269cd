"""Each article page against its golden: one test a field, so that a failure names page and field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.pages.articles.golden import actual, cases, expected


def _fields() -> Iterator[Any]:
    for case in cases():
        for name in expected(case) or {"output.json": None}:
            yield pytest.param(case, name, id=f"{case}-{name}")


@pytest.mark.parametrize(("case", "name"), list(_fields()))
def test_field(case: str, name: str) -> None:
    golden = expected(case)
    assert golden is not None, (
        f"{case}/output.json is missing: write it with python -m tests.pages.articles.golden {case}"
    )
    assert actual(case)[name] == golden[name]


@pytest.mark.parametrize("case", cases())
def test_no_field_more_or_less(case: str) -> None:
    assert sorted(actual(case)) == sorted(expected(case) or {})


@pytest.mark.parametrize("case", cases())
def test_folder_names_what_reads_the_page(case: str) -> None:
    found = actual(case)
    assert found.get("page", found["type"]).partition("/")[0] == case.partition("/")[0]


def test_a_redesign_is_read_by_the_generic_page_and_warned_of() -> None:
    assert actual("GenericPage/alarabiya_redesigned")["warnings"] == [
        "AlArabiyaPage/1 found no headline where GenericPage/1 did"
    ]
