"""Times of day beside a date: in their zone and their half of the day, or unread."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from forumcrawl.text.moments import Moment, parse_moment
from tests.text.moments import minute, whole

CAIRO = ZoneInfo("Africa/Cairo")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 يناير 2023 10:35", minute(12, 8, 35)),
        ("12 يوليو 2023 10:35", minute(12, 7, 35, month=7)),
        ("12 يناير 2023 بتوقيت مدينة بعيدة 10:35", whole(12)),
        ("12 يناير 2023 10:35 بالتوقيت المحلي", minute(12, 8, 35)),
        ("12 يناير 2023 10:35 بتوقيت غرينتش 13:35 بتوقيت السعودية", whole(12)),
        ("12 يناير 2023 13:35 ص", whole(12)),
        ("12 يناير 2023 12:30 ليلا", whole(12)),
        ("12 يناير 2023 25:61", whole(12)),
        ("12 يناير 2023 م 10:35", whole(12)),
        ("12 يناير 2023م 10:35", minute(12, 8, 35)),
        ("12 يناير 2023 10:35 من مساء الخميس", whole(12)),
        ("12 يناير 2023 10:35-12:45", whole(12)),
        ("12 يناير 2023 10:35 +3 GMT", whole(12)),
        ("12 يناير 2023 10:35 ت.غ", minute(12, 10, 35)),
        ("12 يناير 2023 10:35 (القاهرة)", whole(12)),
        ("12 يناير 2023 10:35 (مكة المكرمة)", minute(12, 7, 35)),
        ("(لندن) 12 يناير 2023 10:35", minute(12, 8, 35)),
        ("il est 10:35, le 12 janvier 2023", minute(12, 8, 35)),
        ("am 12.01.2023 um 10:35 Uhr", minute(12, 8, 35)),
        ("12 Jan 2023 PM 10:35", whole(12)),
        ("12 Jan 2023 10:35 PM EST", minute(13, 3, 35)),
        ("12 Jan 2023 10:35 (CST)", whole(12)),
        ("12 يوليو 2023 10:35 بتوقيت المغرب", minute(12, 9, 35, month=7)),
        ("12 يوليو 2023 10:35 بتوقيت أبو ظبي (13:35 بتوقيت موسكو)", whole(12, month=7)),
        ("12 يناير 2023 10:35 GMT+99", whole(12)),
        ("12 يناير 2023 10:35 GMT-5", minute(12, 15, 35)),
        ("10:35 مساء الخميس 12 يناير 2023", minute(12, 20, 35)),
    ],
)
def test_a_time_is_read_in_the_zone_of_the_site_or_the_one_it_names_or_not_at_all(text: str, expected: Moment) -> None:
    assert parse_moment(text, zone=CAIRO) == expected


@pytest.mark.parametrize(
    ("written", "hour"),
    [("12:10 ص", 0), ("1:10 ص", 1), ("12:10 م", 12), ("1:10 مساءً", 13), ("14:10 م", 14), ("11:10 ظهراً", 11),
     ("1:10 ظهرا", 13), ("4:10 عصرا", 16), ("5:10 فجرا", 5), ("10:10 ليلا", 22), ("2:10 ليلاً", 2), ("12:10 a.m.", 0),
     ("9:10 بعد الظهر", 21), ("9:10 p. m.", 21), ("٩:١٠ ص", 9)],
)  # fmt: skip
def test_a_half_of_the_day_makes_an_hour_of_twenty_four(written: str, hour: int) -> None:
    assert parse_moment(f"الخميس 12 يناير 2023 {written}") == minute(12, hour, 10)
    assert parse_moment(f"{written} | الخميس 12 يناير 2023") == minute(12, hour, 10)
