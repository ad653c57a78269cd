"""Each saved page against its golden: one test a field, so that a failure names page, record and field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from forumcrawl.pages import xenforo
from forumcrawl.pages.xenforo import Unrecognised, XenForoPage, open_page
from forumcrawl.pages.xenforo.outcome import ErrorPage, LoginPage
from tests.pages.golden import Record, actual, body, cases, expected


def _label(record: Record) -> str:
    """Type and number of a record: its name on its page."""
    number = next((f"-{value}" for name, value in record.items() if name.endswith("_id") and name != "_id"), "")
    return f"{record['type']}{number}{'-row' if 'from' in record else ''}"


def _by_label(found: list[Record]) -> dict[str, Record]:
    return {_label(each): each for each in found}


def _parameter(case: str, label: str, name: str) -> Any:
    return pytest.param(case, label, name, id="-".join(filter(None, (case, label, name))))


def _fields() -> Iterator[Any]:
    for case in cases():
        golden = expected(case)
        if golden is None:
            yield _parameter(case, "", "output.json")
        for label, record in _by_label(golden or []).items():
            yield from (_parameter(case, label, name) for name in record)


@pytest.mark.parametrize(("case", "label", "name"), list(_fields()))
def test_field(case: str, label: str, name: str) -> None:
    golden = expected(case)
    assert golden is not None, f"{case}/output.json is missing: write it with python -m tests.pages.golden {case}"
    assert _by_label(actual(case))[label][name] == _by_label(golden)[label][name]


@pytest.mark.parametrize("case", cases())
def test_no_record_and_no_field_more_or_less(case: str) -> None:
    def outline(found: list[Record]) -> list[tuple[str, list[str]]]:
        return sorted((_label(each), sorted(each)) for each in found)

    assert outline(actual(case)) == outline(expected(case) or [])


@pytest.mark.parametrize(("case", "label", "name"), [_parameter(case, "", "order") for case in cases()])
def test_page_order(case: str, label: str, name: str) -> None:
    assert list(map(_label, actual(case))) == list(map(_label, expected(case) or []))


@pytest.mark.parametrize("case", cases())
def test_folder_names_the_page_class(case: str) -> None:
    try:
        found = type(open_page(body(case))).__name__
    except Unrecognised as error:
        found = type(error).__name__
    assert found == case.partition("/")[0]


def test_every_page_class_has_a_case() -> None:
    classes = {each for each in vars(xenforo).values() if isinstance(each, type) and issubclass(each, XenForoPage)}
    concrete = {each.__name__ for each in classes | {LoginPage, ErrorPage} if each.kind is not None}
    assert concrete | {"Unrecognised"} == {case.partition("/")[0] for case in cases()}
