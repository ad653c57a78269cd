"""Where in a post's text its links stand, and the addresses that stand there without a link."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from forumcrawl.items.forum import Link, Post
from forumcrawl.text.addresses import cut_address, site_of
from forumcrawl.text.urls import is_loopback

_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"«»]+", re.IGNORECASE)
_AROUND = ".,;:!?،؛؟'*]}\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_LONGEST = 2000
_MOST_LINKS = 300
"""A post with more links is a list; those behind them are not looked at."""


@dataclass(slots=True)
class Place:
    """An address in a post."""

    url: str | None
    """The address; None where only its ends are left."""
    cut: str | None
    """The text of an address shown cut, where no address is left behind it."""
    shown: str
    """What the text has of it; "" for a card, which is not in the text."""
    start: int
    """Where it stands in the text; the earliest place where it can stand for a card."""
    kind: str = "external"
    """The kind of its link."""
    title: str = ""
    """The text of its link."""

    @property
    def end(self) -> int:
        return self.start + len(self.shown)


def places_of(post: Post) -> list[Place]:
    """The addresses of a post outside quotations in the order of its text."""
    flat = post.text.replace("\n", " ")  # a link's text has a space where its line is broken
    places: list[Place] = []
    after = 0
    for link in post.links[:_MOST_LINKS]:
        if not link.in_quote:
            places.append(_of_link(link, flat, after))
            after = places[-1].end
    written = list(_unlinked(flat, places))
    return sorted([*places, *written], key=lambda each: each.start) if written else places


def without_addresses(text: str) -> str:
    """`text` without the addresses in it, whole or cut."""
    return _ADDRESS.sub("", text) if "://" in text or "www." in text else text


def _of_link(link: Link, flat: str, after: int) -> Place:
    """A link, or what its text shows where the address behind it is dead: "http://http/", or one of the forum's own."""
    start = flat.find(link.text, after) if link.text and link.kind != "unfurl" else -1
    shown, start = (link.text, start) if start >= 0 else ("", after)
    dead = link.kind == "internal" or ("." not in site_of(link.url) and not is_loopback(link.url))
    if dead and (told := _ADDRESS.fullmatch(link.text)) and (place := _unlinked_place(told[0], start)) is not None:
        return Place(place.url, place.cut, shown, start)
    return Place(link.url, None, shown, start, link.kind, link.text)


def _unlinked(flat: str, links: list[Place]) -> Iterator[Place]:
    """The addresses of the text that are in no link."""
    spans = iter(links)
    link = next(spans, None)
    for found in _ADDRESS.finditer(flat):
        while link is not None and link.end <= found.start():
            link = next(spans, None)
        inside = link is not None and link.start < found.end()
        if not inside and (place := _unlinked_place(found[0], found.start())) is not None:
            yield place


def _unlinked_place(address: str, start: int) -> Place | None:
    if len(address) > _LONGEST:
        return None
    shown = _bare(address)
    if cut_address(shown) is not None:
        return Place(None, shown, shown, start)
    if "..." in shown or "…" in shown:  # what is left of it leads nowhere and finds nothing
        return None
    return Place(shown if "://" in shown else f"http://{shown}", None, shown, start)


def _bare(address: str) -> str:
    """An address without the signs that stand behind it in a sentence."""
    address = address.rstrip(_AROUND)
    while address.endswith(")") and address.count(")") > address.count("("):
        address = address[:-1].rstrip(_AROUND)
    return address
