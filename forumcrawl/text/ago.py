"""Times that are told from now: "3 hours ago", "yesterday 14:30"."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta, tzinfo

_UNITS = {
    "minutes": "دقيقه|دقيقتين|دقيقتان|دقايق|minutes?|mins?",
    "hours": "ساعه|ساعتين|ساعتان|ساعات|hours?|heures?",
    "days": "يوم|يوما|يومين|يومان|ايام|days?|jours?",
}
_TWO = ("ين", "ان")
_MANY = ("دقايق", "ساعات", "ايام")
_UNIT = "|".join(f"(?P<{name}>{words})" for name, words in _UNITS.items())
_AGO = re.compile(
    rf"(?:(?P<before>منذ|قبل|il y a)\s+)?(?:(?P<count>\d{{1,3}}|an?|une?)\s+)?(?:{_UNIT})(?:\s+واحده?)?"
    r"(?P<after>\s+ago)?",
    re.ASCII,
)
_DAY = re.compile(
    r"(?:(?P<zero>اليوم|today|aujourd'hui)|(?P<one>امس|البارحه|yesterday|hier)|(?P<two>اول امس|اول من امس))"
    r"(?:\s*(?:الساعه|في الساعه|عند الساعه|at|a))?"
)
_EDGES = " \n\t|,.:-()"


def read_ago(plain: str, clock: time | None, local: tzinfo, now: datetime) -> tuple[datetime, bool] | None:
    """When a text (in `letters`, its time of day taken out of it) says that something was, and whether to the minute.

    None unless the whole text says it. Minutes give the minute; hours give the day, where the hour that they may be off
    does not change it; days are those of the calendar in `local`.
    """
    said, here = " ".join(plain.strip(_EDGES).split()), now.astimezone(local)
    if found := _DAY.fullmatch(said):
        day = here.date() - timedelta(days=1 if found["one"] else 2 if found["two"] else 0)
        if clock is None:
            return datetime(day.year, day.month, day.day), False
        return datetime.combine(day, clock), True
    found = _AGO.fullmatch(said)
    if found is None or bool(found["before"]) == bool(found["after"]):
        return None
    word = next(found[name] for name in _UNITS if found[name])
    if found["count"] is None and (word in _MANY or word.endswith("s")):  # "days ago"
        return None
    count = int(found["count"]) if (found["count"] or "").isdigit() else 2 if word.endswith(_TWO) else 1
    return _before(here, next(name for name in _UNITS if found[name]), count)


def _before(here: datetime, unit: str, count: int) -> tuple[datetime, bool] | None:
    then = here - timedelta(**{unit: count})
    if unit == "minutes":
        return then.replace(second=0, microsecond=0), True
    if unit == "hours" and (then - timedelta(hours=1)).date() != then.date():
        return None
    return datetime(then.year, then.month, then.day), False
