"""Counts as forums print them."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from forumcrawl.text.numbers import Count, parse_count

_SEPARATORS = {"en": ",", "de": ".", "fr": "\u202f", "fr-old": "\u00a0", "ru": " ", "ch": "’", "ar": "٬", "none": ""}
_EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_LIMIT = 2**63 - 1
counts = st.integers(0, _LIMIT)


@given(st.text())
@example("")
@example("²")
@example("٣" * 30)
@example("१२३")
@example("1.2.3K")
@example("K")
@example("٫")
def test_any_text_is_a_count_or_none(text: str) -> None:
    count = parse_count(text)
    assert count is None or 0 <= count.value <= _LIMIT


@pytest.mark.parametrize("text", ["9" * 5000, "1" + ",000" * 1500, "٩" * 5000])
def test_a_number_without_end_is_none(text: str) -> None:
    assert parse_count(text) is None


@pytest.mark.parametrize("text", ["9" * 4000 + "K", "9" * 400 + "m", "9" * 310 + ".5K"])
def test_a_short_form_without_end_is_none(text: str) -> None:
    assert parse_count(text) is None


@given(counts, st.sampled_from(sorted(_SEPARATORS)), st.sampled_from([None, _EASTERN, _PERSIAN]))
def test_what_a_forum_writes_is_read_back(value: int, language: str, digits: dict[int, int] | None) -> None:
    written = f"{value:,}".replace(",", _SEPARATORS[language])
    assert parse_count(written.translate(digits or {})) == Count(value, rounded=False)


@given(counts, st.sampled_from(["  {}\n", "\u200f{}", "\t{}\u00a0", "{}\u200e"]))
def test_white_space_and_marks_around_it_do_not_count(value: int, frame: str) -> None:
    assert parse_count(frame.format(value)) == Count(value, rounded=False)


@given(st.integers(_LIMIT + 1, 10**60))
def test_what_a_database_cannot_hold_is_none(value: int) -> None:
    assert parse_count(str(value)) is None
    assert parse_count(f"{value:,}") is None


@given(st.integers(0, 9999), st.integers(0, 9), st.sampled_from(".,٫"), st.sampled_from(["K", "k", "M", "m"]))
def test_short_forms(whole: int, tenth: int, point: str, unit: str) -> None:
    factor = {"K": 1_000, "M": 1_000_000}[unit.upper()]
    assert parse_count(f"{whole}{unit}") == Count(whole * factor, rounded=True)
    assert parse_count(f"{whole}{point}{tenth}{unit}") == Count(whole * factor + tenth * factor // 10, rounded=True)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("69,062", 69062),
        ("3.779", 3779),
        ("1 078", 1078),
        ("34.2K", 34200),
        ("1.2K", 1200),
        ("2M", 2000000),
        ("٣٤", 34),
        ("٣٤٫٢K", 34200),
        ("1.3 млн", 1300000),
        ("12 тыс.", 12000),
        ("1.55K", 1550),
        ("12,345,678", 12345678),
    ],
)
def test_forms_seen_on_forums(text: str, value: int) -> None:
    count = parse_count(text)
    assert count is not None
    assert count.value == value


@pytest.mark.parametrize(
    "text",
    "1.5|1,5|1.2345|12,34|1,2345,678|-1|+1|1e3|0x1|#12|12th|1/2|5%|–|—|1.2.3K|K|3 of 4|1K2|².5K|1..000".split("|"),
)
def test_what_is_no_count(text: str) -> None:
    assert parse_count(text) is None


@pytest.mark.parametrize("text", [None, "", " ", "\u200f"])
def test_nothing_is_no_count(text: str | None) -> None:
    assert parse_count(text) is None
