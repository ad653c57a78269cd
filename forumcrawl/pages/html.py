"""What every page reader needs of lxml: one parse, one walk, look-ups by class."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from lxml import etree
from lxml.etree import _Element

from forumcrawl.text.dates import from_epoch, parse_stamp
from forumcrawl.text.numbers import whole_number

MAX_DEPTH = 250
"""Elements nested deeper than on any real page are not entered: recursion has an end."""
Index = dict[str, list[_Element]]
"""Class name to the elements that carry it, in page order."""


def parse(body: bytes) -> _Element | None:
    """The root of a page, or None where there is no element at all.

    XenForo always writes UTF-8, so what a header says of the charset is not asked. `huge_tree` because
    libxml2 otherwise drops the rest of a page behind 256 nested elements or a text of 10 MB.
    """
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False
    )
    try:
        root: _Element | None = etree.fromstring(body, parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
    return root


class Selection:
    """Which classes a reader looks for: `wanted` ones, and `leaves` whose elements are not entered."""

    def __init__(self, wanted: frozenset[str], leaves: frozenset[str] = frozenset()) -> None:
        self.wanted = wanted
        self.leaves = leaves
        # A page repeats a few dozen class attributes thousands of times.
        self.known: dict[str, tuple[tuple[str, ...], bool]] = {}

    def sort(self, attribute: str) -> tuple[tuple[str, ...], bool]:
        """The names in a class attribute that are looked for, and whether one of them is a leaf."""
        names = list(dict.fromkeys(attribute.split()))  # themes write a name twice
        leaf = not self.leaves.isdisjoint(names)
        sorted_ = tuple(name for name in names if name in self.wanted or name in self.leaves), leaf
        if len(self.known) < 2000:
            self.known[attribute] = sorted_
        return sorted_


def index(root: _Element, selection: Selection) -> Index:
    """One walk over what is inside `root`: its elements by the classes that are looked for."""
    found: Index = {}
    _collect(root, selection, found, 0)
    return found


def _collect(above: _Element, selection: Selection, found: Index, depth: int) -> None:
    known = selection.known
    for element in above:
        attribute = element.get("class")
        if attribute is not None:
            names, leaf = known.get(attribute) or selection.sort(attribute)
            for name in names:
                if name in found:
                    found[name].append(element)
                else:
                    found[name] = [element]
            if leaf:
                continue
        if len(element) and depth < MAX_DEPTH:
            _collect(element, selection, found, depth + 1)


def classes(element: _Element) -> list[str]:
    """Class names of an element."""
    return (element.get("class") or "").split()


def text_of(element: _Element | None) -> str:
    """All text in an element, white space folded."""
    if element is None:
        return ""
    text = "".join(element.itertext()) if len(element) else (element.text or "")  # type: ignore[arg-type]
    return " ".join(text.split())


def text_without(element: _Element, unwanted: frozenset[str]) -> str:
    """Text in a heading less that of descendants with one of these classes, white space folded."""
    if sum(1 for _ in element.iter()) > 100:  # no heading is that full: a broken page, and recursion has an end
        return text_of(element)
    return " ".join("".join(_texts(element, unwanted)).split())


def _texts(element: _Element, unwanted: frozenset[str]) -> Iterable[str]:
    if element.text:
        yield element.text
    for child in element:
        if unwanted.isdisjoint(classes(child)):
            yield from _texts(child, unwanted)
        if child.tail:
            yield child.tail


def first(elements: list[_Element] | None) -> _Element | None:
    """The first of them, or None."""
    return elements[0] if elements else None


def first_tag(element: _Element | None, *tags: str) -> _Element | None:
    """The first descendant with one of these tags, or None."""
    return None if element is None else next(element.iter(*tags), None)


def first_link(element: _Element | None) -> str | None:
    """`href` of the first link with one in an element."""
    if element is not None:
        for anchor in element.iter("a"):
            if href := anchor.get("href"):
                return href
    return None


def time_of(element: _Element | None) -> datetime | None:
    """The time of the first `time` in an element (or of itself), in UTC.

    The epoch stands in `data-time` up to XenForo 2.2 and in `data-timestamp` from 2.3, where `data-time` is text.
    """
    stamp = first_tag(element, "time")
    if stamp is None:
        return None
    epoch = stamp.get("data-timestamp") or stamp.get("data-time") or ""
    if epoch.isdecimal():
        return from_epoch(epoch)
    return parse_stamp(stamp.get("datetime") or "")


def data_id(element: _Element | None, name: str) -> int | None:
    """A positive number in a data attribute, or None."""
    return None if element is None else whole_number(element.get(name))
