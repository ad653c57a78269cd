"""Days that people wrote: read whole or not at all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forumcrawl.text import dates
from forumcrawl.text.dates import from_epoch, parse_day, parse_stamp

_NAMES = sorted(dates._MONTH.items())
_EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_LANGUAGES = ["", "ar", "en", "en-US", "en-GB", "de-DE", "fr-FR", "ru-RU", "es-ES", "tr", "xx", "not a language"]
days = st.dates(date(1990, 1, 1), date(2099, 12, 31))


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


@settings(max_examples=150)
@given(st.text(max_size=50), st.sampled_from(_LANGUAGES))
@example("31.02.2019", "de-DE")
@example("٣١/١٣/٢٠١٩", "ar")
@example("99 May 2019", "en")
@example("1" * 30 + " 2019", "en")
@example("\u0660" * 40, "ar")
@example("May 5, 0000", "en")
@example("²2 May 2019", "en")
@example("١४ May 2019", "en")
def test_any_text_is_a_midnight_or_none(text: str, language: str) -> None:
    found = parse_day(text, language)
    assert found is None or (found.tzinfo is UTC and (found.hour, found.minute, found.second) == (0, 0, 0))


@settings(max_examples=100)
@given(
    st.from_regex(r"[0-9]{1,4}[ ./-][a-zéäуمй0-9]{1,8}[ ./-][0-9]{1,5}", fullmatch=True), st.sampled_from(_LANGUAGES)
)
def test_what_looks_like_a_date_never_raises(text: str, language: str) -> None:
    found = parse_day(text, language)
    assert found is None or str(found.year) in text


@pytest.mark.parametrize(("name", "month"), _NAMES)
@pytest.mark.parametrize(
    "form", ["{d} {m} {y}", "{d}. {m} {y}", "{d} de {m} de {y}", "{m} {d}, {y}", "{m} {d} {y}", "\u200f{d} {m}, {y}"]
)
def test_every_month_name_is_read_in_every_form(name: str, month: int, form: str) -> None:
    for day in (date(2019, month, 1), date(2004, month, 28)):
        for written in (name, name.capitalize(), name.upper()):
            if written.lower() == name:
                assert parse_day(form.format(d=day.day, m=written, y=day.year)) == midnight(day)


@given(days, st.sampled_from(_NAMES), st.sampled_from([{}, _EASTERN, _PERSIAN]))
def test_a_known_month_name_round_trips(day: date, name: tuple[str, int], digits: dict[int, int]) -> None:
    word, month = name
    day = date(day.year, month, min(day.day, 28))
    assert parse_day(f"{day.day} {word} {day.year}".translate(digits)) == midnight(day)


@given(days, st.sampled_from([{}, _EASTERN, _PERSIAN]))
def test_iso_days_round_trip(day: date, digits: dict[int, int]) -> None:
    assert parse_day(day.isoformat().translate(digits)) == midnight(day)


@given(days)
def test_a_point_means_day_first_everywhere(day: date) -> None:
    for language in _LANGUAGES:
        assert parse_day(f"{day.day}.{day.month}.{day.year}", language) == midnight(day)


@given(days)
def test_a_slash_means_what_the_language_says_or_nothing(day: date) -> None:
    day_first, month_first = f"{day.day}/{day.month}/{day.year}", f"{day.month}/{day.day}/{day.year}"
    assert parse_day(day_first, "ar") == midnight(day)
    assert parse_day(month_first, "en-US") == midnight(day)
    for language in ("", "en"):
        for written in (day_first, month_first):
            assert parse_day(written, language) in (None, midnight(day))


@pytest.mark.parametrize("language", _LANGUAGES)
@pytest.mark.parametrize("text", [
    "2019", "May 2019", "5 May", "May 5", "5/2019", "2019-05", "May", "5", "yesterday", "today", "a moment ago",
    "Monday", "Monday at 5:03 PM", "أمس", "اليوم", "منذ 5 دقائق", "مايو 2019", "31 February 2019", "Feb 30, 2019",
    "30 فبراير 2019", "2019-02-29", "2019-13-01", "32 May 2019", "0 May 2019", "31.11.2019", "Egypt", "1,234",
    "12 2019",
])  # fmt: skip
def test_what_is_no_whole_date_stays_unread(text: str, language: str) -> None:
    assert parse_day(text, language) is None


@pytest.mark.parametrize("text", ["03 / 04 / 2010", "3 4 2010", "03-04 2010", "3/4/2010, 10:00 AM", "05/2019 1"])
@pytest.mark.parametrize("language", ["", "en", "en-GB"])
def test_an_order_that_nothing_decides_is_not_guessed(text: str, language: str) -> None:
    april = datetime(2010, 4, 3, tzinfo=UTC)
    assert parse_day(text, language) in ((None, april) if language == "en-GB" else (None,))


@pytest.mark.parametrize("text", ["age 5, 2019", "sat 5 2019"])
def test_words_of_any_language_are_not_taken_for_months(text: str) -> None:
    assert parse_day(text) is None


@given(days, st.integers(0, 86399), st.integers(-14 * 4, 14 * 4))
def test_stamps_become_utc(day: date, second: int, quarter: int) -> None:
    zone = timezone(timedelta(minutes=15 * quarter))
    when = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(seconds=second)
    assert parse_stamp(when.strftime("%Y-%m-%dT%H:%M:%S%z")) == when
    found = parse_stamp(when.isoformat())
    assert found == when
    assert found is not None
    assert found.tzinfo is UTC


@given(st.text())
@example("2016-05-25T16:09:57")
def test_a_stamp_without_an_offset_is_none(text: str) -> None:
    found = parse_stamp(text)
    assert found is None or found.tzinfo is UTC


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_stamp_beyond_the_calendar_is_none(text: str) -> None:
    assert parse_stamp(text) is None


@given(st.one_of(st.text(), st.integers().map(str)))
@example("9" * 5000)
def test_any_epoch_is_a_time_or_none(text: str) -> None:
    found = from_epoch(text)
    assert found is None or found.timestamp() == int(text)


def test_an_epoch_is_utc() -> None:
    assert from_epoch("1733321730") == datetime(2024, 12, 4, 14, 15, 30, tzinfo=UTC)
