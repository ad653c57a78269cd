"""Dates and times that articles show as text, in Arabic first. What is not certain stays unread."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, tzinfo
from typing import Literal

from forumcrawl.text.ago import read_ago
from forumcrawl.text.arabic import letters
from forumcrawl.text.clock import read_clock
from forumcrawl.text.dates import day_by_library
from forumcrawl.text.days import KNOWN_FORM, YEARS, days_in
from forumcrawl.text.zones import zone_abbreviated

LONGEST = 200
"""Only so many characters of a text are read."""
_MOST_OTHER_WORDS = 8
"""A date among more words than these is one of a story, not the date of it."""
_SIGNS = str.maketrans("،–—‐‑−", ",-----")
_STAMP = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d\S*|\d{8}T\d{4,6}\S*")
_LABEL = re.compile(
    r"(?<![^\W_])(?:"
    r"(?P<published>(?:تاريخ |تم )?(?:ال)?نشرت?|published|posted|publie|veroffentlicht|publicado)"
    r"|(?P<updated>(?:اخر |تم |تاريخ )?(?:ال)?(?:تحديث|تعديل)|(?:last )?(?:updated?|modified)|mis a jour|modifie"
    r"|aktualisiert|actualizado|обновлено|guncelle\w*)"
    r")(?![^\W_])"
)
_ARABIC = re.compile(r"[\u0621-\u064a\u0660-\u0669]")
_OTHER_ORDER = re.compile(r":\d\d:\d\d\s?[ap]m(?![^\W_])")
"""A time as servers print it for Americans, whatever the site's language: 1/12/2023 10:35:22 AM is of no sure order."""
_OTHER_WORD = re.compile(r"[^\W\d_]{2,}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""What software shows for no date."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When something was, as a text tells it."""

    at: datetime
    """UTC; midnight of the day where only that is known."""
    exact: Literal["minute", "day"]


def parse_moment(text: str, *, language: str = "", zone: tzinfo = UTC, now: datetime | None = None) -> Moment | None:
    """The moment that `text` tells; None where it tells none, more than one, or one that is not certain.

    A time without a zone of its own is one in `zone`. `language` is the page's (`html[lang]`) and decides 03/04/2020;
    a text with Arabic letters is Arabic. Forms such as "3 hours ago" are read only against `now`, which is aware.
    Where a text has a time of publication and one of the last change, the first counts; where it has a Hijri and a
    Gregorian day, the Gregorian one.
    """
    text = _cut(text)
    if any(each.isnumeric() and not each.isdecimal() for each in text):  # 2² is no 22
        return None
    if (at := _stamp(text.strip(), zone)) is not None:
        return _certain(at, "minute")
    plain = letters(text).translate(_SIGNS)
    spoken = "en" if _OTHER_ORDER.search(plain) else language.lower() or ("ar" if _ARABIC.search(text) else "")
    for part in _parts(plain):
        clock, rest = read_clock(part, zone_abbreviated(text, zone))
        found, rest = days_in(rest, spoken)
        if len(found) == 1 and (day := found.pop()) and len(_OTHER_WORD.findall(rest)) <= _MOST_OTHER_WORDS:
            return _on(day, clock)
        if now is not None and not found and (told := read_ago(rest, clock, zone, now)) is not None:
            return _told(*told, now)
    return _by_library(text, plain, spoken)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST].rpartition(" ")[0]


def _stamp(text: str, zone: tzinfo) -> datetime | None:
    if not _STAMP.fullmatch(text):
        return None
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _parts(plain: str) -> Iterator[str]:
    """What follows each label, by its worth: what was published, what stands under no label, what was updated."""
    labels = list(_LABEL.finditer(plain))
    starts = [0, *(label.end() for label in labels)]
    ends = [*(label.start() for label in labels), len(plain)]
    worth = [1, *(0 if label["published"] else 2 for label in labels)]
    for _, start, end in sorted(zip(worth, starts, ends, strict=True)):
        yield plain[start:end]


def _certain(at: datetime, exact: Literal["minute", "day"]) -> Moment | None:
    return Moment(at, exact) if at.year in YEARS and at != _EPOCH else None


def _on(day: datetime, clock: time | None) -> Moment | None:
    if clock is None:
        return _certain(day, "day")
    return _certain(datetime.combine(day, clock).astimezone(UTC), "minute")


def _told(at: datetime, to_the_minute: bool, now: datetime) -> Moment | None:
    if not to_the_minute:
        return _certain(at.replace(tzinfo=UTC), "day")
    return None if at > now else _certain(at.astimezone(UTC), "minute")


def _by_library(text: str, plain: str, language: str) -> Moment | None:
    # What holds a form that is known here was refused for a reason.
    if language[:2] in ("", "ar", "fa") or KNOWN_FORM.search(plain):
        return None
    day = day_by_library(text.strip(), language)
    return None if day is None or str(day.year) not in plain else _certain(day, "day")
