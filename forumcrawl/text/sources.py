"""Which address a text names as its source."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LABELLED = re.compile(
    r"^\W*(?:المصدر|مصدر الخبر|رابط المصدر|source|quelle|fuente|источник)\s*[:：]\s*(.+)$",
    re.IGNORECASE | re.MULTILINE,
)

_PARTS = ("مصدر", "ource", "OURCE", "uelle", "uente", "сточник")


def named_source(text: str, links: Iterable[tuple[str, str]]) -> str | None:
    """The address of the first link that stands behind a label such as "المصدر:" on one line; None without one.

    `links` are (address, text as shown) of the links that lead out of the forum.
    """
    if not any(part in text for part in _PARTS):
        return None
    for found in _LABELLED.finditer(text):
        for url, shown in links:
            if shown and shown in found[1]:
                return url
    return None
