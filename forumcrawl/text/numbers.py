"""Counts as forums print them, in any language."""

from __future__ import annotations

import re
from typing import NamedTuple

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٬", "01234567890123456789.,")
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009\u200e\u200f'’]+")
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_SHORT = re.compile(r"(\d{1,9}(?:[.,]\d{1,9})?)(k|m|b|тыс\.?|млн\.?|ألف|مليون)", re.IGNORECASE)
_FACTOR = {
    "k": 1_000,
    "m": 1_000_000,
    "b": 1_000_000_000,
    "тыс": 1_000,
    "млн": 1_000_000,
    "ألف": 1_000,
    "مليون": 1_000_000,
}


class Count(NamedTuple):
    """A count and whether the page rounded it ("1.2K")."""

    value: int
    rounded: bool


def parse_count(text: str | None) -> Count | None:
    """Read a count: "69,062", "3.779", "1 078", "1.2K", "٣٤". None when `text` is not one bare number."""
    if not text or len(text) > 100:
        return None
    if text.isdecimal() and text.isascii():
        return _count(int(text), rounded=False)
    packed = _SPACES.sub("", text.translate(_DIGITS))
    if packed.isdecimal() and packed.isascii():
        return _count(int(packed), rounded=False)
    if _GROUPED.fullmatch(packed):
        return _count(int(packed.replace(",", "").replace(".", "")), rounded=False)
    if short := _SHORT.fullmatch(packed):
        factor = _FACTOR[short[2].lower().rstrip(".")]
        return _count(round(float(short[1].replace(",", ".")) * factor), rounded=True)
    return None


def whole_number(text: str | None) -> int | None:
    """A number above 0 written in plain digits, as ids are; None for anything else, or beyond 64 bits."""
    if text and len(text) < 19 and text.isdecimal() and text.isascii():
        return int(text) or None
    return None


def _count(value: int, *, rounded: bool) -> Count | None:
    # Beyond 64 bits it is not a count, and MongoDB could not hold it.
    return Count(value, rounded) if value < 2**63 else None
