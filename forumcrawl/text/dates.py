"""Dates that people wrote: days in many languages. A date that is not whole stays unread."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import dateparser

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_MONTHS = (
    "jan january januar jänner janvier enero janeiro gennaio januari styczen"
    " ocak янв январь января يناير جانفي كانون_الثاني",
    "feb february februar feber février fevrier febrero fevereiro febbraio februari"
    " şubat фев февраль февраля فبراير فيفري شباط",
    "mar march märz maerz mär mars marzo março maart mart мар март марта مارس آذار",
    "apr april avril abril aprile nisan апр апрель апреля أبريل ابريل إبريل أفريل نيسان",
    "may mai mayo maio maggio mei mayıs май мая مايو ماي أيار",
    "jun june juni juin junio junho giugno haziran июн июнь июня يونيو جوان يونيه حزيران",
    "jul july juli juillet julio julho luglio temmuz июл июль июля يوليو جويلية يوليوز يوليه تموز",
    "aug august août aout agosto augustus ağustos авг август августа أغسطس اغسطس أوت غشت آب",
    "sep sept september septembre septiembre setembro settembre eylül сен сентябрь сентября سبتمبر شتنبر أيلول",
    "oct okt october oktober octobre octubre outubro ottobre ekim окт октябрь октября أكتوبر اكتوبر تشرين_الأول",
    "nov november novembre noviembre novembro kasım ноя ноябрь ноября نوفمبر نونبر تشرين_الثاني",
    "dec dez december dezember décembre decembre diciembre dezembro dicembre aralık"
    " дек декабрь декабря ديسمبر دجنبر كانون_الأول",
)
_MONTH = {name.replace("_", " "): number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
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
        return _day(int(found[3]), _MONTH[found[2]], int(found[1]))
    if found := _MONTH_FIRST.fullmatch(plain):
        return _day(int(found[3]), _MONTH[found[1]], int(found[2]))
    if found := _ISO.fullmatch(plain):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMERIC.fullmatch(plain):
        return _numeric(int(found[1]), int(found[3]), int(found[4]), language.lower(), found[2])
    return _by_library(plain, language)


def _numeric(first: int, second: int, year: int, language: str, mark: str) -> datetime | None:
    if first > 12 or mark == "." or (language and language not in ("en", "en-us")):
        return _day(year, second, first)
    if second > 12 or language == "en-us":
        return _day(year, first, second)
    return _day(year, first, second) if first == second else None


def _by_library(text: str, language: str) -> datetime | None:
    # Only a text with a year, a day and a word, in a known language: the library guesses what it is not told, and what
    # is no date at all costs it milliseconds.
    if not language or len(text) > 40 or not _YEAR.search(text) or not re.search(r"[^\W\d_]", text) or "/" in text:
        return None
    settings: dict[str, Any] = {"REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"]}
    try:
        found = dateparser.parse(text, languages=[language.split("-")[0].lower()], settings=settings)
    except ValueError:  # a language that the library does not know
        return None
    return None if found is None else _day(found.year, found.month, found.day)


def _day(year: int, month: int, day: int) -> datetime | None:
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
