"""When an article was published and changed: machine-readable stamps first, then shown dates, then its address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from itertools import chain
from urllib.parse import unquote, urlsplit

from lxml.etree import _Element

from forumcrawl.pages.articles.document import Document
from forumcrawl.pages.articles.jalali import jalali_day
from forumcrawl.pages.articles.meta import MODIFIED, PUBLISHED
from forumcrawl.pages.articles.vicinity import short_texts
from forumcrawl.text.moments import parse_moment

OLDEST = datetime(1995, 1, 1, tzinfo=UTC)
"""No news site is older: an earlier date is a misread one, a Persian or Hijri year taken for a Gregorian one."""
_MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d)[T ]00:00(?::00(?:\.0+)?)?\s?(?:Z|[+-]\d\d:?\d\d)?")
_EPOCH = re.compile(r"[12]\d{9}(?:\d{3})?", re.ASCII)
"""Seconds or milliseconds since 1970."""
_OFFSET = re.compile(r"\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s?([+-])(\d\d):?(\d\d)$")
_ZONED = re.compile(r"GMT|UTC|غرينتش|جرينتش|غرينيتش|جرينيتش|مكة", re.IGNORECASE)
_IN_ADDRESS = re.compile(
    r"/(\d{4})([/-])(\d{1,2})\2(\d{1,2})(?=[/_-]|$)|/((?:19|20)\d{2})(\d{2})(\d{2})(?=\d{4,}|[/_-]|$)"
)
_DIGITS = re.compile(r"[\d٠-٩۰-۹].*[\d٠-٩۰-۹]")
_YEAR = re.compile(r"(?<!\d)(?:1[34]|19|20)\d{2}(?!\d)|[١٢][٠-٩]{3}|[۱۲][۰-۹]{3}")
_CHANGED = re.compile(
    r"(?:تاريخ |آخر |تم |last )?(?:ال)?(?:تحديث|محدثة|تعديل|updated?|modified|به‌روزرسانی|بروزرسانی)", re.IGNORECASE
)
_LABEL = re.compile(
    r"\s*(?:(?:تم ال)?نشر(?:ت|\s*في| بتاريخ)?|تاريخ(?: ال(?:نشر|إضافة))?|(?:published|posted)(?: on| at)?|date"
    r"|تاریخ انتشار|انتشار)\s*[:：-]?\s*",
    re.IGNORECASE,
)
_RELATIVE = re.compile(r"(?:منذ|قبل)\s.+|.+\s(?:ago|پیش)", re.IGNORECASE)
_BESIDE = re.compile(r"\s*[|•\n]\s*|\s[-–—]\s")
_STAMPED = frozenset(
    ("datepublished", "datecreated", "dc:date", "dcterms:created", "pubdate", "article:published_time")
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time as it was read: UTC, how exact it is (minute or day), its text, and where it stood."""

    at: datetime
    exact: str
    raw: str
    source: str


def read_stamp(raw: str, source: str, page: Document, zone: timezone = UTC) -> Stamp | None:
    """The time that `raw` writes, None for none and for what no article can have; `zone` is for a time without one.

    An exact midnight is the day alone: sites that store days write them so.
    """
    text = " ".join(raw.split())
    if (day := jalali_day(text, numeric=page.language == "fa")) is not None:
        return Stamp(day, "day", text, source)
    if _EPOCH.fullmatch(text):
        text = f"{datetime.fromtimestamp(int(text[:10]), UTC):%Y-%m-%dT%H:%M:%SZ}"
    midnight = _MIDNIGHT.fullmatch(text)
    moment = parse_moment(midnight[1] if midnight else text, language=page.language or "", zone=zone, now=page.now)
    if moment is None or moment.at < OLDEST or moment.at > (page.now or datetime.now(UTC)) + timedelta(days=2):
        return None
    return Stamp(moment.at, moment.exact, text, source)


def published(page: Document, elements: Iterable[_Element] = ()) -> Stamp | None:
    """The time of publication; without `elements`, those around the headline, only head and JSON-LD are asked."""
    near = list(elements)
    zone = _zone(page)
    day: Stamp | None = None
    stamps = (read_stamp(raw, source, page, zone) for raw, source in _told(page, near))
    for stamp in chain(stamps, _shown(page, near, changed=False)):
        if stamp is None or (day is not None and abs(stamp.at - day.at) > timedelta(hours=38)):
            continue
        if stamp.exact == "minute":
            return stamp
        day = day or stamp
    return day or in_address(page)


def modified(page: Document, elements: Iterable[_Element] = ()) -> Stamp | None:
    """The time of the last change, as `published` reads that of publication."""
    zone = _zone(page)
    told = [(page.linked_data.modified, "json-ld"), *((raw, "meta") for raw in page.meta.each(*MODIFIED))]
    stamps = (read_stamp(raw, source, page, zone) for raw, source in told if raw)
    return next((stamp for stamp in chain(stamps, _shown(page, list(elements), changed=True)) if stamp), None)


def in_address(page: Document) -> Stamp | None:
    """The day in the article's address, None where there is no whole one."""
    for found in _IN_ADDRESS.finditer(unquote(urlsplit(page.url).path)):
        year, month, day = (found[1], found[3], found[4]) if found[1] else (found[5], found[6], found[7])
        stamp = read_stamp(f"{year}-{int(month):02}-{int(day):02}", "url", page)
        if stamp is not None:
            return Stamp(stamp.at, "day", found[0].strip("/"), "url")
    return None


def is_dated(text: str) -> bool:
    """Whether a text has the figures of a date: a year and others."""
    return _DIGITS.search(text) is not None and _YEAR.search(text) is not None


def _told(page: Document, near: list[_Element]) -> Iterator[tuple[str, str]]:
    if page.linked_data.published:
        yield page.linked_data.published, "json-ld"
    yield from ((raw, "meta") for raw in page.meta.each(*PUBLISHED))
    for element in near:
        names = (element.get("itemprop") or element.get("property") or "").lower().split()
        plain_time = element.tag == "time" and not names and not _CHANGED.search(_label_of(element))
        if (plain_time or not _STAMPED.isdisjoint(names)) and (
            raw := element.get("datetime") or element.get("content")
        ):
            yield raw, "selector"


def _label_of(element: _Element) -> str:
    above = element.getparent()
    before = "" if above is None or len(above) > 3 else above.text or ""
    return f"{before} {element.get('class') or ''} {element.text or ''}"


def _shown(page: Document, near: list[_Element], *, changed: bool) -> Iterator[Stamp]:
    """Dates that are shown; a time of day without a zone says no more than the day."""
    tries = 0
    for text in short_texts(near):
        if tries > 25 or not (is_dated(text) or (page.now and _RELATIVE.fullmatch(text))):
            continue
        tries += 1
        if (stamp := _in_text(text, page, changed=changed)) is not None:
            yield stamp


def _in_text(text: str, page: Document, *, changed: bool) -> Stamp | None:
    for part in dict.fromkeys((text, *_BESIDE.split(text))):
        mark = _CHANGED.match(part.strip(" ("))
        if bool(mark) is not changed:
            continue
        plain = part.strip(" ()")[mark.end() if mark else 0 :].lstrip(" :：")
        label = _LABEL.match(plain)
        stamp = read_stamp(plain[label.end() :] if label else plain, "heuristic", page)
        if stamp is not None:
            return stamp if _ZONED.search(text) else Stamp(_midnight(stamp.at), "day", text, "heuristic")
    return None


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def _zone(page: Document) -> timezone:
    """The offset that other stamps of the page carry, else UTC."""
    data = page.linked_data
    for raw in (data.published, data.modified, *page.meta.each(*PUBLISHED, *MODIFIED)):
        if found := _OFFSET.search(raw.strip()):
            offset = timedelta(hours=int(found[2]) % 24, minutes=int(found[3]) % 60)
            return timezone(offset if found[1] == "+" else -offset)
    return UTC
