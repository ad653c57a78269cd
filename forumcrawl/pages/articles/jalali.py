"""Days of the Persian solar calendar, in which Persian sites show dates: "۱۵ آبان ۱۳۹۸", "۱۳۹۸/۰۸/۱۵"."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹يك", "01234567890123456789یک")
_MONTHS = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند".split()
_NAMED = re.compile(rf"(?<!\d)(\d{{1,2}})\s*(?:/\s*)?({'|'.join(_MONTHS)})(?:\s*ماه)?\s*(?:/\s*)?(1[34]\d\d)(?!\d)")
_NUMERIC = re.compile(r"(?<!\d)(1[34]\d\d)([/-])(\d{1,2})\2(\d{1,2})(?!\d)")
_LEAP = frozenset((1, 5, 9, 13, 17, 22, 26, 30))
"""Leap years in the cycle of 33 years, which is exact for the years 1343 to 1472."""
_FIRST_YEAR, _BEGINS = 1349, datetime(1970, 3, 21, tzinfo=UTC)
_YEARS = range(_FIRST_YEAR, 1472)


def jalali_day(text: str, *, numeric: bool = False) -> datetime | None:
    """The day of the Persian calendar that a text holds, as midnight UTC; None where it holds none.

    A date in figures alone counts where `numeric` says that the page is Persian: elsewhere it may be of any calendar.
    """
    plain = text[:200].translate(_DIGITS)
    if found := _NAMED.search(plain):
        return _day(int(found[3]), _MONTHS.index(found[2]) + 1, int(found[1]))
    if numeric and (found := _NUMERIC.search(plain)):
        return _day(int(found[1]), int(found[3]), int(found[4]))
    return None


def _day(year: int, month: int, day: int) -> datetime | None:
    longest = 31 if month <= 6 else 30 if month <= 11 or _is_leap(year) else 29
    if year not in _YEARS or not 1 <= month <= 12 or not 1 <= day <= longest:
        return None
    before = sum(366 if _is_leap(each) else 365 for each in range(_FIRST_YEAR, year))
    in_year = 31 * (month - 1) if month <= 7 else 186 + 30 * (month - 7)
    return _BEGINS + timedelta(days=before + in_year + day - 1)


def _is_leap(year: int) -> bool:
    return year % 33 in _LEAP
