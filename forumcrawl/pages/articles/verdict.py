"""Is it an article at all? Challenges, consent and login pages, home and section pages, pages that are gone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote, urlsplit

from forumcrawl.gate.marks import CHALLENGE, CHALLENGE_TITLE, CONSENT, COOKIE_GATE
from forumcrawl.pages.articles.document import Document
from forumcrawl.pages.articles.marks import GONE, GONE_ALONE, WALL
from forumcrawl.pages.html import text_of

FULL = 250
"""Words of running text from which a page is no challenge, wall or error, whatever it mentions."""
_LITTLE, _SHORT = 25, 40
_HEAD = 300_000
_HOME = re.compile(
    r"(?:/(?:[a-z]{2}|arabic|arabia|persian|english|news|home|index|default|main)(?:\.\w{2,5})?)*/?", re.IGNORECASE
)
_SLUG = re.compile(r"\d{4}|[^/]+[-_][^/]+[-_][^/]+[-_]|\.html?$")


@dataclass(frozen=True, slots=True)
class NotArticle:
    """A page or an answer that is no article, and why in one line."""

    outcome: Literal["not_article", "unparsed", "blocked", "gone", "failed"]
    reason: str


def outcome_of(status: int, body: bytes, url: str) -> NotArticle | None:
    """What an HTTP status settles; None where the page is to be read.

    A 503 is a refusal where its body carries a challenge and a failure where it does not.
    """
    if status in (404, 410):
        return NotArticle("gone", f"HTTP {status}")
    if status in (401, 402, 403, 429, 451) or (status == 503 and _challenge_mark(body)):
        return NotArticle("blocked", f"HTTP {status}")
    return NotArticle("failed", f"HTTP {status}") if status >= 400 else None


def refusal(page: Document) -> NotArticle | None:
    """Why a page cannot be an article, None where it may be one. A full text is never refused for what it mentions."""
    if page.root is None:
        return NotArticle("unparsed", "no HTML")
    words = sum(page.runs)
    if words < FULL:
        titles = [title for title in (page.title, *_headings(page)) if len(title.split()) <= 12]
        known = page.is_article
        refused = _blocked(page, titles, words, known) or _gone(titles, words, known)
        return refused or _wall(page, titles, words, known) or _front(page)
    return _front(page)


def _challenge_mark(body: bytes) -> str:
    found = CHALLENGE.search(body[:_HEAD]) or (len(body) < 30_000 and COOKIE_GATE.search(body))
    return found[0].decode("ascii", "replace")[:40] if found else ""


def _blocked(page: Document, titles: list[str], words: int, known: bool) -> NotArticle | None:
    if not (known and words >= _LITTLE):
        if found := _search(CHALLENGE_TITLE, titles[:2]):
            return NotArticle("blocked", f"challenge: {found}")
        if words < _LITTLE and not known and (mark := _challenge_mark(bytes(page.response.body))):
            return NotArticle("blocked", f"challenge: {mark}")
    return None


def _gone(titles: list[str], words: int, known: bool) -> NotArticle | None:
    if known and words >= _LITTLE:
        return None
    found = _search(GONE, titles) or (_search(GONE_ALONE, titles) if words < _SHORT else "")
    return NotArticle("gone", f"error page: {found}") if found else None


def _wall(page: Document, titles: list[str], words: int, known: bool) -> NotArticle | None:
    """A page that asks for consent, a login or a subscription, and shows no text worth the name."""
    root = page.root
    if root is None or words >= 4 * _SHORT or (known and words >= _SHORT):
        return None
    asks = next(root.iter("form", "button"), None) is not None
    if asks and not known and (found := _search(CONSENT, titles)):
        return NotArticle("blocked", f"consent page: {found}")
    if words < _SHORT and (found := _search(WALL, [text_of(root)[:20_000]])):
        return NotArticle("blocked", f"paywall: {found}")
    if words < _LITTLE and any(each.get("type") == "password" for each in root.iter("input")):
        return NotArticle("blocked", "login page")
    return None


def _front(page: Document) -> NotArticle | None:
    """Home pages by their address; sections by what they say of themselves, or by headlines that outweigh text."""
    parts = urlsplit(page.url)
    if parts.netloc and not parts.query and _HOME.fullmatch(parts.path):
        return NotArticle("not_article", "home page")
    if page.is_article or page.root is None:
        return None
    if page.linked_data.is_list:
        return NotArticle("not_article", "list of articles, as JSON-LD says")
    links = sum(1 for each in page.root.iter("a") if len(text_of(each).split()) >= 4)
    in_paragraphs = sum(words for words in page.runs if words >= 20)
    little = in_paragraphs < 60 if _SLUG.search(unquote(parts.path)) else sum(page.runs) < links * 15
    return NotArticle("not_article", f"section page: {links} headlines") if links >= 12 and little else None


def _search(pattern: re.Pattern[str], texts: list[str]) -> str:
    return next((found[0] for text in texts if (found := pattern.search(text))), "")


def _headings(page: Document) -> list[str]:
    return [] if page.root is None else [text_of(each) for each in list(page.root.iter("h1", "h2"))[:6]]
