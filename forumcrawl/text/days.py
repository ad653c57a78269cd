"""Days within a text, Gregorian and Hijri."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from hijridate import Hijri

from forumcrawl.text.dates import midnight, numeric_day
from forumcrawl.text.months import HIJRI_MONTH_LETTERS, MONTH_LETTERS

YEARS = range(1900, 2100)


def _any_of(names: dict[str, int]) -> str:
    return rf"(?:{'|'.join(sorted(map(re.escape, names), key=len, reverse=True))})(?![^\W\d_])"


_ALONE = r"(?<![^\W_])(?<!\d[-/.:])"
_END = r"(?!\d|[-/.]\d)"
_DAY = r"(?P<day>\d{1,2})"
_YEAR = r"(?P<year>\d{4})"
_HIJRI_YEAR = r"(?P<year>1[345]\d\d)"
_NUMBER = r"(?P<number>\d{1,2})"
_MARK = r"\s?(?P<mark>[-/.])\s?"
_AGAIN = r"\s?(?P=mark)\s?"
_NAME = _any_of(MONTH_LETTERS)
_MONTH = rf"(?<![^\W\d_])(?P<month>{_NAME})(?:\.?\s*[/(|-]?\s*(?P<also>{_NAME})\s*\)?)?"
_ISO = re.compile(rf"{_ALONE}{_YEAR}{_MARK}{_NUMBER}{_AGAIN}{_DAY}{_END}")
_NUMERIC = re.compile(rf"{_ALONE}{_DAY}{_MARK}{_NUMBER}{_AGAIN}{_YEAR}{_END}")
_DAY_FIRST = re.compile(
    rf"(?<![^\W_]){_DAY}(?:st|nd|rd|th|er)?[\s,./-]*(?:(?:de|of|من)\s+)?(?:شهر\s+)?{_MONTH}"
    rf"[\s,./-]*(?:(?:de|del|عام|سنه|لعام|لسنه)\s+)?{_YEAR}(?!\d)"
)
_MONTH_FIRST = re.compile(rf"(?<!\d)(?<!\d\s){_MONTH}\.?\s*{_DAY}(?:st|nd|rd|th)?[\s,]+{_YEAR}(?!\d)")
_HIJRI_MARK = r"\s*ه(?![^\W_])(?!\s?\.?\s?ش)"
"""The letter of the Hijri year, but not that of the Persian solar one."""
_HIJRI = (
    re.compile(
        rf"(?<![^\W_]){_DAY}[\s,/-]*(?:من\s+)?(?:شهر\s+)?(?P<month>{_any_of(HIJRI_MONTH_LETTERS)})"
        rf"[\s,/-]*(?:(?:عام|سنه|لعام|لسنه)\s+)?{_HIJRI_YEAR}(?!\d)(?:{_HIJRI_MARK})?"
    ),
    re.compile(rf"{_ALONE}{_DAY}{_MARK}{_NUMBER}{_AGAIN}{_HIJRI_YEAR}{_HIJRI_MARK}"),
    re.compile(rf"{_ALONE}{_HIJRI_YEAR}{_MARK}{_NUMBER}{_AGAIN}{_DAY}{_HIJRI_MARK}"),
)
KNOWN_FORM = re.compile(rf"\d\s?[-/.]\s?\d|(?<![^\W\d_]){_NAME}")
"""What any form of a day that is read here holds: two numbers with a mark between, or a month."""
_SPAN = re.compile(r"(?<!\d)\d{1,2}\s*(?:[-/.:&,]|و|او|and|or|to|الي|حتي|et|und|bis|y|и)\s*$")
"""What stands before the second day of several."""
_ISSUE = re.compile(r"(?<![^\W_])(?:(?:ال)?عدد|السنه|(?:ال)?رقم|issue|no|vol)\.?\s*[:#]?\s*\(?\d+")
_GLUED = re.compile(r"(?:الاحد|الاثنين|الثلاثاء|الاربعاء|الخميس|الجمعه|السبت)(?=\d)")


def days_in(plain: str, language: str) -> tuple[set[datetime | None], str]:
    """The days (midnight UTC) that a text (in `letters`) holds, and what remains of the text.

    Hijri days count only where there is no Gregorian one. None among the days stands for what looks like a day but is
    not certain: the 31st of February, two months, the end of a span, an order of numbers that `language` leaves open.
    """
    rest = _GLUED.sub(" ", _ISSUE.sub("|", plain))
    found: set[datetime | None] = set()
    hijri: set[datetime | None] = set()
    for form in _HIJRI:
        hijri |= {_hijri(each) for each in form.finditer(rest)}
        rest = form.sub("|", rest)
    for form, read in _FORMS:
        for each in form.finditer(rest):
            day = None if _SPAN.search(rest[: each.start()]) else read(each, language)
            found.add(day if day and day.year in YEARS else None)
        rest = form.sub("|", rest)
    return found or hijri, rest


def _iso(found: re.Match[str], language: str) -> datetime | None:
    return midnight(int(found["year"]), int(found["number"]), int(found["day"]))


def _numeric(found: re.Match[str], language: str) -> datetime | None:
    return numeric_day(int(found["day"]), int(found["number"]), int(found["year"]), language, found["mark"])


def _named(found: re.Match[str], language: str) -> datetime | None:
    month = MONTH_LETTERS[found["month"]]
    if found["also"] and MONTH_LETTERS[found["also"]] != month:
        return None
    return midnight(int(found["year"]), month, int(found["day"]))


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str], datetime | None]], ...] = (
    (_ISO, _iso),
    (_NUMERIC, _numeric),
    (_DAY_FIRST, _named),
    (_MONTH_FIRST, _named),
)


def _hijri(found: re.Match[str]) -> datetime | None:
    named = found.groupdict().get("month")
    month = HIJRI_MONTH_LETTERS[named] if named else int(found["number"])
    try:
        day = Hijri(int(found["year"]), month, int(found["day"])).to_gregorian()
    except (ValueError, OverflowError):  # no such day, or beyond the table of the Umm al-Qura calendar
        return None
    return midnight(day.year, day.month, day.day)
