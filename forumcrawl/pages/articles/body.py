"""The body of an article on a page of no known site: its paragraphs by trafilatura, and the element that holds them."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from itertools import islice
from typing import cast

from lxml import etree
from lxml.etree import _Element
from lxml.html import HtmlElement

from forumcrawl.pages.articles.document import Document
from forumcrawl.pages.articles.stamps import is_dated
from forumcrawl.pages.html import text_of

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # a page without a body has an outcome of its own
ENOUGH = 60
"""Words below which the thorough, slower way is tried too."""
_SHARE = 0.25
"""Share of all running text on the page below which it is."""
_MAX_HTML = 500_000
_START = 24
"""Letters by which a paragraph is found again."""
_JOINER, _STAND_IN = "\u200c", "\u240c"
"""The library takes the first for a control character."""
_LISTED = re.compile(r"- (?:\w+[,،] )?\S")
_ALSO = re.compile(
    r"(?:- )?(?:[إا]قر[أا]\S* (?:أيض|ايض|المزيد|كذلك|أكثر)|شاهد أيض|للمزيد\b|المزيد من|مواضيع متعلقة|أخبار متعلقة"
    r"|مقالات ذات صلة|تابعونا على|بیشتر بخوانید|read (?:more|also)|see also|also read|related:)",
    re.IGNORECASE,
)
_FOLD = re.compile(r"\W+")


def paragraphs(page: Document, not_text: set[str]) -> list[str]:
    """Paragraphs of the article on a page, without links to other articles.

    `not_text` are lines that a page shows above its text and that are none of it: headline, byline.

    The library's fast way gives the same on most pages in half the time; where it finds little, the thorough one is
    asked as well.
    """
    if page.root is None:
        return []
    root = _with_marks(page.root)
    found = _extracted(root, fast=True)
    if sum(len(line.split()) for line in found) < max(ENOUGH, _SHARE * sum(page.runs)):
        found = _extracted(root, fast=False) or found
        if sum(len(line.split()) for line in found) < ENOUGH and next(root.iter("td"), None) is not None:
            found = max(found, _extracted(_without_tables(root), fast=True), key=lambda lines: sum(map(len, lines)))
    return _tidy([line.replace(_STAND_IN, _JOINER) for line in found], not_text)


def points_elsewhere(line: str) -> bool:
    """Whether a line only leads to other articles ("اقرأ أيضا: …")."""
    return _ALSO.match(line) is not None and len(line.split()) < 25


def _extracted(root: _Element, *, fast: bool) -> list[str]:
    import trafilatura  # a tenth of a second, which only a page of no known site is worth

    # The library copies the tree before it changes it.
    try:
        text = trafilatura.extract(
            cast(HtmlElement, root),
            with_metadata=False,
            favor_precision=True,
            include_comments=False,
            include_tables=False,
            fast=fast,
        )
    except (RecursionError, AssertionError, AttributeError, IndexError, etree.LxmlError):
        return []  # a tree that no browser makes
    return [line.strip() for line in (text or "").split("\n") if line.strip()]


def _with_marks(root: _Element) -> _Element:
    """A tree in which the library leaves the zero-width non-joiner, which Persian words need, where it is."""
    if _JOINER not in "".join(islice(cast("Iterator[str]", root.itertext()), 20_000)):
        return root
    marked = deepcopy(root)
    for each in marked.iter():
        each.text = each.text and each.text.replace(_JOINER, _STAND_IN)
        each.tail = each.tail and each.tail.replace(_JOINER, _STAND_IN)
    return marked


def _without_tables(root: _Element) -> _Element:
    """A tree in which cells are plain blocks: old sites lay their pages out in tables."""
    flat = deepcopy(root)
    for each in flat.iter("table", "tbody", "tr", "td"):
        each.tag = "div"
    return flat


def _tidy(lines: list[str], not_text: set[str]) -> list[str]:
    """Less the list (byline, role) and the date before the first paragraph, and pointers to other articles."""
    kept: list[str] = []
    for line in lines:
        before_text = not any(len(each.split()) > 8 for each in kept)
        short = len(line.split()) < 12
        if before_text and (line.strip("# ") in not_text or (short and (_LISTED.match(line) or is_dated(line)))):
            continue
        if not points_elsewhere(line):
            kept.append(line)
    return kept


def container(root: _Element | None, lines: list[str]) -> _Element | None:
    """The innermost element that holds most of the paragraphs, None where the page does not show them as they are."""
    if root is None:
        return None
    wanted = {_folded(line)[:_START] for line in lines if len(line) > 40}
    holders = list(islice(_holders(root, wanted), 300))
    inside = Counter(above for holder in holders for above in (holder, *holder.iterancestors()))
    shared = [each for each, count in inside.items() if count * 2 > len(holders)]  # one inside the other
    return max(shared, key=lambda each: sum(1 for _ in each.iterancestors()), default=None)


def _holders(root: _Element, wanted: set[str]) -> Iterator[_Element]:
    """The elements in which paragraphs begin, outermost first of one branch."""
    for element in root.iter():
        if element.text and _begins(element.text, wanted):
            yield element
        above = element.getparent()
        if element.tail and above is not None and _begins(element.tail, wanted):
            yield above


def _begins(text: str, wanted: set[str]) -> bool:
    return len(text) > _START and _folded(text)[:_START] in wanted


def _folded(text: str) -> str:
    return _FOLD.sub("", text[:300])[:80]


def lead(elements: list[_Element], description: str, text: str) -> str:
    """The opening paragraph where it stands apart from the body: it is what the page's description begins with."""
    start = _folded(description)[:60]
    for element in elements if len(start) >= 40 else ():
        if element.tag in ("p", "div") and not any(each.tag in ("p", "div") for each in element):
            found = text_of(element)
            if 12 <= len(found.split()) < 120 and found[-1] in '.!؟?…»"' and _folded(found).startswith(start):
                return "" if _folded(found)[:60] in _FOLD.sub("", text) else found
    return ""


def written(element: _Element | None) -> str:
    """An element as HTML, "" where it is too long to keep."""
    sent = "" if element is None else etree.tostring(element, encoding="unicode", method="html", with_tail=False)
    return sent if len(sent) <= _MAX_HTML else ""
