"""Time zones that a written time names."""

from __future__ import annotations

import re
from datetime import timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from forumcrawl.text.arabic import letters

GREENWICH = "gmt|utc|غرينتش|غرينيتش|جرينتش|جرينيتش"
_HOURS = {"GMT": 0, "UTC": 0, "KSA": 3, "GST": 4, "MSK": 3, "TRT": 3, "EST": -5, "EDT": -4, "PST": -8, "PDT": -7}
_HOURS |= {"CET": 1, "CEST": 2, "EET": 2, "EEST": 3}
"""Abbreviations that mean one zone only."""
_PLACES = {
    "Africa/Algiers": "الجزائر",
    "Africa/Cairo": "القاهرة|مصر",
    "Africa/Casablanca": "المغرب|الرباط",
    "Africa/Khartoum": "الخرطوم|السودان",
    "Africa/Tripoli": "ليبيا",
    "Africa/Tunis": "تونس",
    "America/New_York": "واشنطن|نيويورك",
    "Asia/Aden": "اليمن|صنعاء|عدن",
    "Asia/Amman": "الأردن",
    "Asia/Baghdad": "بغداد|العراق",
    "Asia/Bahrain": "البحرين",
    "Asia/Beirut": "بيروت|لبنان",
    "Asia/Damascus": "دمشق|سوريا",
    "Asia/Dubai": "الإمارات|أبوظبي|أبو ظبي|دبي",
    "Asia/Kuwait": "الكويت",
    "Asia/Muscat": "مسقط|سلطنة عمان",
    "Asia/Qatar": "قطر|الدوحة",
    "Asia/Riyadh": "السعودية|المملكة العربية السعودية|مكة المكرمة|مكة|الرياض",
    "Asia/Tehran": "طهران|إيران",
    "Europe/Berlin": "برلين",
    "Europe/Istanbul": "تركيا|إسطنبول|أنقرة",
    "Europe/London": "لندن",
    "Europe/Moscow": "موسكو",
    "Europe/Paris": "باريس",
    "UTC": "العالمي|العالمي الموحد",
}
_PLACE = {letters(name): key for key, names in _PLACES.items() for name in names.split("|")}
_ANY_PLACE = rf"(?P<place>{'|'.join(sorted(_PLACE, key=len, reverse=True))})(?![^\W_])"
_TIME_OF = re.compile(rf"توقيت\s+{_ANY_PLACE}")
_BESIDE = re.compile(rf"\n\s*\(\s*{_ANY_PLACE}")
_AT_GREENWICH = re.compile(rf"(?<![^\W_])ب?(?:{GREENWICH}|ت\.?\s?غ)(?![^\W_])")
_FOREIGN = re.compile(r"توقيت(?!\s+(?:ال)?محلي)")
_CAPITALS = re.compile(r":\d\d\s*(?:[AaPp]\.?\s?[Mm]\.?|[صم])?\s*\(?([A-Z]{2,5})\b")


def zone_named(plain: str, local: tzinfo | None) -> tzinfo | None:
    """The zone that a text names, `local` where it names none, None where it names two or one that is unknown.

    The text is in `letters` with a line end for its time of day. A place in brackets beside the time is a zone at
    Mecca; another one may be where the news comes from, and is unknown.
    """
    found = {_placed(_PLACE[name]) for name in _TIME_OF.findall(plain)}
    found |= {_placed("Asia/Riyadh") if name.startswith("مكه") else None for name in _BESIDE.findall(plain)}
    if _AT_GREENWICH.search(plain):
        found.add(_placed("UTC"))
    if not found:
        return None if _FOREIGN.search(plain) else local
    return found.pop() if len(found) == 1 else None


def zone_abbreviated(text: str, local: tzinfo) -> tzinfo | None:
    """The zone whose capitals follow a time in a text as it was written (10:35 GMT).

    `local` where none do, None where they are two or mean no zone, or several (IST).
    """
    names = {name for name in _CAPITALS.findall(text) if name not in ("AM", "PM")}
    if not names:
        return local
    hours = {_HOURS.get(name) for name in names}
    only = hours.pop() if len(hours) == 1 else None
    return None if only is None else timezone(timedelta(hours=only))


@lru_cache
def _placed(key: str) -> tzinfo | None:
    try:
        return ZoneInfo(key)
    except ZoneInfoNotFoundError:  # a system without time zones
        return None
