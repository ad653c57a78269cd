from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumcrawl.pages.articles.jalali import jalali_day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("۱۵ آبان ۱۳۹۸", "2019-11-06"),
        ("دوشنبه ۱۱ اردیبهشت ۱۴۰۲ - ۱۰:۲۰", "2023-05-01"),
        ("30 اسفند 1403", "2025-03-20"),
        ("۱ فروردین ۱۴۰۴", "2025-03-21"),
    ],
)
def test_days_in_words(text: str, day: str) -> None:
    assert jalali_day(text) == datetime.fromisoformat(day).replace(tzinfo=UTC)


def test_figures_alone_are_read_on_a_persian_page_only() -> None:
    assert jalali_day("۱۳۹۸/۰۸/۱۵", numeric=True) == datetime(2019, 11, 6, tzinfo=UTC)
    assert jalali_day("1398/08/15") is None


@pytest.mark.parametrize("text", ["30 اسفند 1402", "31 مهر 1400", "1400/13/01", "0 آبان 1398", "15 نوفمبر 2019", ""])
def test_a_day_that_is_none_stays_unread(text: str) -> None:
    assert jalali_day(text, numeric=True) is None


@given(st.dates(datetime(1971, 1, 1).date(), datetime(2090, 1, 1).date()))
def test_days_follow_one_another(day: object) -> None:
    first = datetime.fromisoformat(str(day)).replace(tzinfo=UTC)
    written = [
        f"{year}/{month}/{number}"
        for year in (first.year - 622, first.year - 621)
        for month in range(1, 13)
        for number in range(1, 32)
    ]
    days = [found for text in written if (found := jalali_day(text, numeric=True))]
    assert first in days
    assert all(after - before == timedelta(days=1) for before, after in pairwise(days))


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    assert jalali_day(text, numeric=True) is None or any(each.isdigit() for each in text)
