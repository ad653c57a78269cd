"""The card beside a post: who wrote it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from lxml import etree
from lxml.etree import _Element

from forumcrawl.items.forum import Author
from forumcrawl.pages.html import Selection, classes, data_id, first, first_link, first_tag, index, text_of
from forumcrawl.pages.xenforo.labels import meaning_of
from forumcrawl.text.dates import parse_day
from forumcrawl.text.numbers import parse_count

if TYPE_CHECKING:
    from forumcrawl.pages.xenforo.page import XenForoPage

_PARTS = Selection(
    frozenset(), leaves=frozenset({"message-name", "message-userTitle", "userBanner", "message-userExtras", "avatar"})
)
_MARK = etree.XPath("concat(string(.//@data-user-id), '|', string(.//dl/..))", smart_strings=False)
"""The first id on a card and the text of its fields, at the cost of a glance."""
SLOTS = ("messages", "reaction_score", "points")
"""The order in which XenForo prints a card's numbers, after the date of registration."""
_HAS_YEAR = re.compile(r"(?:19|20)\d\d|[٠-٩]{4}|[۰-۹]{4}")


def read_author(post: _Element, cards: list[_Element], page: XenForoPage) -> Author:
    """The author of a post from its element and the cards in it.

    A page shows the same card beside each post of a member, so that it is read once a page: cards with the same name,
    first id and fields are the same. (Some themes put the post's own date and number into the card.)
    """
    name = post.get("data-author")
    if not cards or not name:
        return _read_card(name, _member_id(cards[0] if cards else post), cards, page)
    mark = f"{name}|{_MARK(cards[0])!s}"
    author = page.cards.get(mark)
    if author is None:
        author = page.cards[mark] = _read_card(name, _member_id(cards[0]), cards, page)
    return replace(author, banners=list(author.banners), extras=dict(author.extras))


def _read_card(name: str | None, member_id: int | None, cards: list[_Element], page: XenForoPage) -> Author:
    author = Author(name=name or None, member_id=member_id)
    for card in cards:
        parts = index(card, _PARTS)
        author.name = author.name or text_of(first(parts.get("message-name"))) or None
        _note_address(first(parts.get("message-name")), member_id, page)
        for each in parts.get("message-userTitle", ()):
            author.title = author.title or text_of(each) or None
        author.banners += [text for each in parts.get("userBanner", ()) if (text := text_of(each))]
        picture = first_tag(first(parts.get("avatar")), "img")
        if picture is not None:
            author.avatar_url = page.absolute(picture.get("src"))
        for extras in parts.get("message-userExtras", ()):
            _read_extras(extras, author, page)
    return author


def _member_id(holder: _Element) -> int | None:
    """The name's id decides; some boards link no name for guests and leave the id on the avatar."""
    avatar_id = None
    for each in holder.iter("a", "span"):
        given = each.get("data-user-id")
        if given is None:
            continue
        if "username" in (each.get("class") or ""):
            return data_id(each, "data-user-id")
        avatar_id = avatar_id or data_id(each, "data-user-id")
    return avatar_id


def _note_address(name: _Element | None, member_id: int | None, page: XenForoPage) -> None:
    if member_id is not None and (url := page.absolute(first_link(name))):
        page.member_urls[member_id] = url


def _read_extras(extras: _Element, author: Author, page: XenForoPage) -> None:
    pairs = [read_pair(each) for each in extras.iter("dl", "div") if each is not extras and "pairs" in classes(each)]
    for (label, value, icon), field in zip(pairs, fields_of(pairs), strict=True):
        if field == "joined" or (field is None and author.joined_raw is None and _is_day(value, page)):
            _set_joined(author, value, page)
        elif field in SLOTS and (count := parse_count(value)) is not None:
            setattr(author, field, count.value)
        elif value:
            author.extras[label or icon] = value


def _is_day(value: str, page: XenForoPage) -> bool:
    return _HAS_YEAR.search(value) is not None and parse_day(value, page.language) is not None


def fields_of(pairs: list[tuple[str, str, str]], told: list[str | None] | None = None) -> list[str | None]:
    """What each (label, value, icon) of a card is: joined, one of SLOTS, "other", or None where nothing tells.

    `told` is what is known otherwise. Then a known label or icon tells, and for a number with an unknown one XenForo's
    order: a board's own fields come behind the forum's. (Where a forum hides its score or points, a number of its own
    under an unknown label is therefore taken for it.)
    """
    found: list[str | None] = []
    free = 0
    for (label, value, icon), known in zip(pairs, told or [None] * len(pairs), strict=True):
        field = known or meaning_of(label, icon)
        if field is None and free < len(SLOTS) and parse_count(value) is not None:
            field = SLOTS[free]
        if field in SLOTS:
            free = max(free, SLOTS.index(field) + 1)
        found.append(field)
    return found


def read_pair(pair: _Element) -> tuple[str, str, str]:
    """(label, value, icon name) of a `dl.pairs`, or of a `div.pairs` whose label is its title."""
    term = value = None
    for part in pair:
        if part.tag == "dt":
            term = part
        elif part.tag == "dd":
            value = part
    if term is None:
        return (pair.get("title") or "").strip(), text_of(pair), ""
    label = text_of(term) or (term.get("title") or "").strip()
    icon = ""
    if not label and (mark := first_tag(term, "i", "svg", "span")) is not None:
        icon = (mark.get("class") or "").split(" ")[-1].rpartition("--")[2].removeprefix("fa-")
        label = (mark.get("title") or mark.get("aria-label") or "").strip()
    return label.rstrip(":： "), text_of(value), icon


def _set_joined(author: Author, value: str, page: XenForoPage) -> None:
    author.joined_raw = value
    author.joined_at = parse_day(value, page.language)
    if author.joined_at is None:
        page.unread["posts", "author.joined_at"] += 1
