"""Times of day in written dates: of twelve hours and of twenty-four."""

from __future__ import annotations

import re
from datetime import time, timedelta, timezone, tzinfo

from forumcrawl.text.zones import GREENWICH, zone_named

_HALVES = {
    "am": r"ص|صباحا|صباح|فجرا|قبل الظهر|a\.?\s?m\b\.?",
    "pm": r"م|مساء|عصرا|بعد الظهر|p\.?\s?m\b\.?",
    "noon": "ظهرا",
    "night": "ليلا",
}
_HALF = "|".join(f"(?P<{name}>{words})" for name, words in _HALVES.items())
_CLOCK = re.compile(
    r"(?:(?<![\d:.])|(?<=[/.-](?:19|20)\d\d))"  # 12/1/202310:35 is two elements without a space
    r"(?P<hour>\d{1,2})(?::|\s?h\s?)(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?(?![\d:])"
    rf"(?:\s*(?:{_HALF})(?![^\W_]))?"
    rf"(?:\s?(?P<zulu>z)(?![^\W_])"
    rf"|\s*\(?(?:{GREENWICH})?\s?(?P<offset>[+-](?:0\d|1[0-4]):?(?:00|15|30|45))(?![\d:/.-])"
    rf"|\s*\(?(?:بتوقيت\s+)?(?:{GREENWICH})\s?(?P<hours>[+-](?:1[0-4]|0?\d))(?![\d:]))?"
)
_AS_WRITTEN = {
    "": range(24),
    "am": range(12),
    "pm": range(12, 24),
    "noon": range(10, 16),
    "night": [1, 2, 3, 4, *range(18, 24)],
}
_PLUS_TWELVE = {"pm": range(1, 12), "noon": range(1, 4), "night": range(6, 12)}
_STRAY = re.compile(
    r"(?<![^\W_])(?:ص|صباح|صباحا|مساء|ظهرا|عصرا|ليلا|فجرا)(?![^\W_])|(?<![^\W_])(?:م|am|pm)\s*\n|\d\s?\+|\+\s?\d"
)
"""A half of the day or an offset apart from its time, so that nothing says how to read them together."""


def read_clock(plain: str, local: tzinfo | None) -> tuple[time | None, str]:
    """The one time of day in a text (in `letters`) with its zone, and the text with a line end for each time.

    `local` is the zone of a time that names none. The time is None where there is none, where there are two, and where
    its half of the day or its zone is unsure.
    """
    rest = _CLOCK.sub("\n", plain)
    zone = zone_named(rest, local)
    found = {_time(each, zone) for each in _CLOCK.finditer(plain)}
    return (found.pop() if len(found) == 1 and not _STRAY.search(rest) else None), rest


def _time(found: re.Match[str], named: tzinfo | None) -> time | None:
    zone = _offset(found) or named
    if found["offset"] and found["offset"][0] == "-" and ":" in found["offset"] and not found["second"]:
        return None  # 10:35-12:45 is a span of time
    hour = _hour(int(found["hour"]), next((name for name in _HALVES if found[name]), ""))
    if zone is None or hour is None:
        return None
    try:
        return time(hour, int(found["minute"]), int(found["second"] or 0), tzinfo=zone)
    except ValueError:
        return None


def _offset(found: re.Match[str]) -> tzinfo | None:
    if found["zulu"]:
        return timezone(timedelta())
    if found["offset"]:
        sign, digits = found["offset"][0], found["offset"][1:].replace(":", "")
        minutes = int(digits[:2]) * 60 + int(digits[2:])
        return timezone(timedelta(minutes=-minutes if sign == "-" else minutes))
    return timezone(timedelta(hours=int(found["hours"]))) if found["hours"] else None


def _hour(hour: int, half: str) -> int | None:
    """Hour of twenty-four; None where the half of the day contradicts it or, as for 12 at night, leaves it open."""
    if half == "am" and hour == 12:
        return 0
    if hour in _PLUS_TWELVE.get(half, ()):
        return hour + 12
    return hour if hour in _AS_WRITTEN[half] else None
