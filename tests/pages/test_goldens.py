"""Each saved page against its golden: one test a field, so that a failure names page, record and field."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from forumcrawl.pages import xenforo
from forumcrawl.pages.xenforo import Unrecognised, XenForoPage, open_page
from forumcrawl.pages.xenforo.outcome import ErrorPage, LoginPage
from tests.pages.golden import Record, actual, body, cases, expected

_KNOWN_BUGS: dict[tuple[str, int, str], str] = {}
"""(case, index of the record, field) to what is wrong: such a test must fail until the parser is mended."""


def _label(record: Record) -> str:
    own_id = next((str(value) for name, value in record.items() if name.endswith("_id") and name != "_id"), "")
    return f"{record['type']}{own_id}{'-row' if 'from' in record else ''}"


def _fields() -> Iterator[object]:
    for case in cases():
        golden = expected(case)
        if golden is None:
            yield pytest.param(case, 0, "output.json", id=f"{case}-output.json")
        for position, record in enumerate(golden or ()):
            for name in record:
                bug = _KNOWN_BUGS.get((case, position, name))
                marks = [] if bug is None else [pytest.mark.xfail(strict=True, reason=bug)]
                yield pytest.param(case, position, name, id=f"{case}-{_label(record)}-{name}", marks=marks)


@pytest.mark.parametrize(("case", "position", "name"), _fields())
def test_field(case: str, position: int, name: str) -> None:
    golden = expected(case)
    assert golden is not None, f"{case}/output.json is missing: write it with python -m tests.pages.golden {case}"
    assert len(actual(case)) > position
    assert actual(case)[position][name] == golden[position][name]


@pytest.mark.parametrize("case", cases())
def test_no_record_and_no_field_more_or_less(case: str) -> None:
    def outline(found: list[Record]) -> list[tuple[str, list[str]]]:
        return [(_label(each), list(each)) for each in found]

    assert outline(actual(case)) == outline(expected(case) or [])


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
