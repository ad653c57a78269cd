"""Which of a post's links, or of the addresses in its text, is the source of what the post tells."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from forumcrawl.citing.hosts import is_never_source, is_news
from forumcrawl.citing.labels import announces_source, is_label
from forumcrawl.citing.written import Place, places_of
from forumcrawl.items.forum import Post
from forumcrawl.text.addresses import article_address
from forumcrawl.text.urls import in_forum, split

Why = Literal["label", "alone", "edge"]

_TITLE_WORDS = 12
"""A post with no more words beside its link is the link and perhaps its title."""
_COPIED_WORDS = 30
"""A post with as many words beside its link, which stands above or below them, reads as a copy."""
_CARD_REACH = 4000
"""Characters of the text that are searched for the label of a card."""
_MEDIA = re.compile(r"\.(?:jpe?g|png|gif|webp|bmp|svg|avif|mp4|webm|mov|avi|mp3|m3u8)$", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_LETTER = re.compile(r"[^\W\d_]")
_AND = re.compile(r"[\W\d]{0,20}(?:و|and|und|et|y|и|ve)?[\W\d]{0,20}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NamedSource:
    """What a post names as its source: an address, or what is left of one."""

    url: str | None
    """The address as the post has it; None where only its ends are left."""
    cut: str | None
    """The text of an address shown cut in the middle, where no link is left behind it."""
    why: Why
    """label: said to be the source; alone: all that the post is; edge: above or below a text that reads as copied."""


def source_of(post: Post) -> NamedSource | None:
    """The source that a post names: the first of `sources_of`."""
    named = sources_of(post)
    return named[0] if named else None


def sources_of(post: Post) -> list[NamedSource]:
    """The sources that a post names, the main one first, each once.

    All that stand behind a label ("المصدر: ...", on its line or the line below), in the order of the text. Without a
    label the only address of a known news host, if it stands as a card, or on a line of its own at the beginning or
    the end, and the post is nothing else or has a text of thirty words. Never a link in a quotation, to the forum
    itself, to a picture or a site's front page, or to a host where no article stands: a post that calls a tweet its
    source has none.
    """
    if not post.links and "://" not in post.text and "www." not in post.text:
        return []
    places = places_of(post)
    labelled = _labelled(post.text, places)
    if labelled:
        return _named((each for each in labelled if _can_be_source(each, post.forum)), "label")
    news = [each for each in places if _can_be_source(each, post.forum) and is_news(each.url or each.cut or "")]
    if len(_named(news, "edge")) != 1:
        return []
    why = _why_unlabelled(post.text, places, news)
    return [] if why is None else _named(news, why)


def _named(places: Iterable[Place], why: Why) -> list[NamedSource]:
    once: dict[str | None, NamedSource] = {}
    for each in places:
        once.setdefault(article_address(each.url) if each.url else each.cut, NamedSource(each.url, each.cut, why))
    return list(once.values())


def _can_be_source(place: Place, forum: str) -> bool:
    url = place.url or place.cut or ""
    parts = split(url)
    if place.kind not in ("external", "unfurl") or parts is None or is_never_source(url) or in_forum(url, forum):
        return False
    path, query = parts[2], parts[3]
    return bool(path.strip("/") or query) and _MEDIA.search(path) is None


def _labelled(text: str, places: list[Place]) -> list[Place]:
    """The places that stand behind a label, or behind one that does with nothing between them."""
    labelled: list[Place] = []
    before = 0
    following = _next_shown(places)
    for place, behind in zip(places, following, strict=True):
        goes_on = bool(labelled) and labelled[-1].end == before and _AND.fullmatch(text, before, place.start)
        if goes_on or is_label(place.title) or _announced(text, before, place, behind):
            labelled.append(place)
        before = place.end
    return labelled


def _next_shown(places: list[Place]) -> list[Place | None]:
    """For each place the next one that the text shows."""
    following: list[Place | None] = []
    shown: Place | None = None
    for place in reversed(places):
        following.append(shown)
        shown = place if place.shown else shown
    return following[::-1]


def _announced(text: str, before: int, place: Place, following: Place | None) -> bool:
    """Whether a label stands between the end of the address before and this one."""
    if place.shown:
        return _announces(text[before : place.start])
    between = text[before : len(text) if following is None else following.start]
    if following is not None and _announces(between):  # the label is that of the link which the text shows
        return False
    return any(map(announces_source, between[-_CARD_REACH:].split("\n")))  # a card stands behind any of them


def _announces(text: str) -> bool:
    """Whether a text ends in a label, on its last line or, where that has no letter, on the one above."""
    above, _, own = text.rpartition("\n")
    return announces_source(own if _LETTER.search(own) else above.rstrip("\n").rpartition("\n")[2])


def _why_unlabelled(text: str, places: list[Place], news: list[Place]) -> Why | None:
    if not any(_at_edge(text, each) for each in news):
        return None
    beside = len(_WORD.findall(text)) - sum(len(_WORD.findall(each.shown)) for each in places)
    if beside <= _TITLE_WORDS:
        return "alone"
    return "edge" if beside >= _COPIED_WORDS else None


def _at_edge(text: str, place: Place) -> bool:
    """Whether a place is a card, or a line of its own with at most one more above or below it."""
    if not place.shown:
        return True
    above, _, left = text[: place.start].rpartition("\n")
    right, _, below = text[place.end :].partition("\n")
    if _LETTER.search(left + right):
        return False
    return "\n" not in above.strip("\n") or "\n" not in below.strip("\n")
