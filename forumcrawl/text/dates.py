"""Dates that people wrote: days in many languages. A date that is not whole stays unread."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import dateparser

from forumcrawl.text import months

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_MONTH = months.MONTH
_NAME = "|".join(sorted(map(re.escape, _MONTH), key=len, reverse=True))
_DAY_FIRST = re.compile(rf"(\d{{1,2}})\.?\s+(?:de\s+)?({_NAME})\.?,?\s+(?:de\s+)?(\d{{4}})")
_MONTH_FIRST = re.compile(rf"({_NAME})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_NUMERIC = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})")


@lru_cache(maxsize=8192)
def parse_day(text: str, language: str = "") -> datetime | None:
    """The day that `text` names, as midnight UTC; None unless day, month and year all stand there.

    `language` is the page's (`html[lang]`): it decides 03/04/2010, which is April in most of the world
    and March in en-US. Where it does not decide, such a date stays unread.
    """
    plain = " ".join(text.translate(_DIGITS).replace("\u200f", "").replace("\u200e", "").lower().split())
    if found := _DAY_FIRST.fullmatch(plain):
        return midnight(int(found[3]), _MONTH[found[2]], int(found[1]))
    if found := _MONTH_FIRST.fullmatch(plain):
        return midnight(int(found[3]), _MONTH[found[1]], int(found[2]))
    if found := _ISO.fullmatch(plain):
        return midnight(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMERIC.fullmatch(plain):
        return numeric_day(int(found[1]), int(found[3]), int(found[4]), language.lower(), found[2])
    return day_by_library(plain, language)


def numeric_day(first: int, second: int, year: int, language: str, mark: str) -> datetime | None:
    """The day of 3/4/2010 with `mark` between its numbers on a page in `language`; None where the order is unsure."""
    if first > 12 or mark == "." or (language and language not in ("en", "en-us")):
        return midnight(year, second, first)
    if second > 12 or language == "en-us":
        return midnight(year, first, second)
    return midnight(year, first, second) if first == second else None


def day_by_library(text: str, language: str) -> datetime | None:
    """The day that dateparser finds in a short text in a known language that holds a whole date; else None."""
    # Only a text with a year, a day and a word, in a known language: the library guesses what it is not told, and what
    # is no date at all costs it milliseconds.
    if not language or len(text) > 40 or not _YEAR.search(text) or not re.search(r"[^\W\d_]", text) or "/" in text:
        return None
    settings: dict[str, Any] = {"REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"]}
    try:
        found = dateparser.parse(text, languages=[language.split("-")[0].lower()], settings=settings)
    except ValueError:  # a language that the library does not know
        return None
    return None if found is None else midnight(found.year, found.month, found.day)


def midnight(year: int, month: int, day: int) -> datetime | None:
    """Midnight UTC of a day; None where the calendar has no such day."""
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None


def parse_stamp(text: str) -> datetime | None:
    """An ISO 8601 time with an offset ("2016-05-25T16:09:57+0530") as UTC; None for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    try:
        return None if found.tzinfo is None else found.astimezone(UTC)
    except OverflowError:  # beyond the years 1 and 9999
        return None


def from_epoch(text: str) -> datetime | None:
    """Seconds since 1970 as UTC; None for anything else."""
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError):
        return None
