"""Times told from now."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumcrawl.text.moments import Moment, parse_moment
from tests.text.moments import minute, noise, whole

NOW = datetime(2023, 1, 12, 18, 20, 30, tzinfo=UTC)
TUNIS = ZoneInfo("Africa/Tunis")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("منذ 5 دقائق", minute(12, 18, 15)),
        ("قبل دقيقتين", minute(12, 18, 18)),
        ("منذ 3 ساعات", whole(12)),
        ("آخر تحديث: منذ ساعة", whole(12)),
        ("قبل ساعة واحدة", whole(12)),
        ("منذ 19 ساعة", None),
        ("قبل يومين", whole(10)),
        ("منذ ٤ أيام", whole(8)),
        ("أمس 14:30", minute(11, 13, 30)),
        ("أمس", whole(11)),
        ("أول أمس", whole(10)),
        ("اليوم الساعة 10:35 ص", minute(12, 9, 35)),
        ("اليوم 23:35", None),
        ("منذ أيام", None),
        ("منذ شهر", None),
        ("5 minutes ago", minute(12, 18, 15)),
        ("an hour ago", whole(12)),
        ("hours ago", None),
        ("yesterday at 14:30", minute(11, 13, 30)),
        ("il y a 3 heures", whole(12)),
        ("3 ساعات", None),
        ("منذ 999 يوما", whole(18, 4, 2020)),
    ],
)
def test_what_is_told_from_now_is_as_exact_as_its_words(text: str, expected: Moment | None) -> None:
    assert parse_moment(text, zone=TUNIS, now=NOW) == expected


@given(noise, st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))
def test_with_a_now_nothing_raises_either(text: str, now: datetime) -> None:
    parse_moment(text, now=now, zone=TUNIS)
