"""The headline: the heading that agrees with what head and JSON-LD call the article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lxml.etree import _Element

from forumcrawl.pages.html import text_of

_AGREES = 0.5
"""Share of the shorter title's words that a heading must have."""
_SEPARATOR = re.compile(r"\s+(?:[-–—|·•«»]|::|//)\s+|\s*\|\s*")
_WORD = re.compile(r"\w+")


def heading(root: _Element | None, titles: Sequence[str]) -> _Element | None:
    """The `h1` that agrees best with one of `titles`, the first of equals; the only one where there is no title."""
    headings = [] if root is None else [each for each in list(root.iter("h1"))[:30] if text_of(each)]
    if not titles:
        return headings[0] if len({text_of(each) for each in headings}) == 1 else None
    scores = [(max(agreement(text_of(each), title) for title in titles), each) for each in headings]
    best = max((score for score, _ in scores), default=0.0)
    return next((each for score, each in scores if score == best and best >= _AGREES), None)


def agreement(one: str, other: str) -> float:
    """Share of words that two titles have in common, of the shorter one's; a single common word is little."""
    first, second = set(_WORD.findall(one.lower())), set(_WORD.findall(other.lower()))
    common = len(first & second)
    return 0.0 if not common else common / max(2, min(len(first), len(second)))


def without_site(title: str, site_names: Iterable[str], host: str) -> str:
    """A title less the site's name before or behind it ("… - اليوم السابع", "… | Assabah")."""
    names = [_folded(name) for name in site_names] + [host.split(".")[0]]
    for separator in reversed(list(_SEPARATOR.finditer(title[:500]))):
        before, behind = title[: separator.start()].strip(), title[separator.end() :].strip()
        if before and _names_site(behind, names):
            return without_site(before, site_names, host)
        if behind and _names_site(before, names):
            return behind
    return title.strip()


def _names_site(text: str, names: list[str]) -> bool:
    folded = _folded(text)
    return (
        bool(folded)
        and any(name and (folded == name or f" {name} " in f" {folded} ") for name in names)
        and (len(folded.split()) <= 6)
    )


def _folded(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))
