"""What stands around the headline: the places where pages show dates and bylines."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator

from lxml.etree import _Element

from forumcrawl.pages.html import text_of

_BEFORE, _AFTER = 30, 160
"""How many elements before and behind the headline are looked at."""
_CLIMB = 6
_ELSEWHERE = frozenset(("nav", "aside", "form", "select", "button"))
_OTHERS = re.compile(
    r"related|latest|most[-_]?(?:read|view|pop)|popular|sidebar|comment|recommend|trending|ticker|breaking|navbar|menu|copyright",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"by-?line|author|writ(?:er|e-?by|ten)|reporter|journalist|كاتب", re.IGNORECASE)
_MAX_TEXT = 160


def around(root: _Element | None, heading: _Element | None) -> list[_Element]:
    """Elements that stand near the headline, those behind it first, in page order; of the whole page without one."""
    if root is None:
        return []
    scope = root if heading is None else _scope(heading)
    before: deque[_Element] = deque(maxlen=_BEFORE)
    behind: list[_Element] = []
    started = heading is None
    for element in _walk(scope, frozenset() if heading is None else frozenset(heading.iterancestors())):
        if element is heading:
            started = True
        elif not started:
            before.append(element)
        else:
            behind.append(element)
            if len(behind) >= (_AFTER if heading is not None else 4 * _AFTER):
                break
    return [*behind, *reversed(before)]


def _scope(heading: _Element) -> _Element:
    """The article or main part that the headline stands in, else what is a few levels above."""
    above = heading
    for level, each in enumerate(heading.iterancestors()):
        if each.tag == "html" or level >= _CLIMB:
            break
        above = each
        if level and each.tag in ("article", "main"):
            break
    return above


def _walk(scope: _Element, always: frozenset[_Element]) -> Iterator[_Element]:
    """Elements inside `scope` in page order; what leads to other articles is not entered, unless it is in `always`."""
    waiting = [iter(scope)]
    while waiting:
        element = next(waiting[-1], None)
        if element is None:
            waiting.pop()
        elif element in always or not (is_elsewhere(element) or _is_of_the_site(element)):
            yield element
            waiting.append(iter(element))


def is_elsewhere(element: _Element) -> bool:
    """Whether an element is a menu, a form or a box of other articles, by its tag or its class."""
    return element.tag in _ELSEWHERE or bool(_OTHERS.search(element.get("class") or element.get("id") or ""))


def _is_of_the_site(element: _Element) -> bool:
    """Whether an element is the page's head or foot, and not an article's."""
    above = element.getparent()
    return element.tag in ("header", "footer") and above is not None and above.tag == "body"


def short_texts(elements: list[_Element]) -> Iterator[str]:
    """What is written in those of the elements that hold a short line, and not only other elements."""
    for element in elements:
        if len(element) <= 4 and element.tag != "h1" and _has_own_text(element):
            text = text_of(element)
            if len(text) <= _MAX_TEXT:
                yield text


def _has_own_text(element: _Element) -> bool:
    return any(text and not text.isspace() for text in (element.text, *(each.tail for each in element)))


def bylines(elements: list[_Element]) -> Iterator[str]:
    """What is written in elements that call themselves the author's: by class, `rel` or `itemprop`."""
    for element in elements:
        named = element.get("rel") == "author" or element.get("itemprop") == "author"
        if named or _BYLINE.search(element.get("class") or ""):
            text = text_of(element)
            if text and len(text) <= _MAX_TEXT:
                yield text
