"""A member's own page."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

from lxml.etree import _Element

from forumcrawl.items.forum import Member
from forumcrawl.pages.html import Index, Selection, data_id, first, first_link, first_tag, index, text_of, time_of
from forumcrawl.pages.xenforo.card import SLOTS, fields_of, read_pair
from forumcrawl.pages.xenforo.page import COMMON, Kind, XenForoPage
from forumcrawl.text.numbers import parse_count

_PARTS = Selection(
    frozenset({"memberHeader-name", "memberHeader-avatar", "memberHeader-blurb", "memberHeader-stats", "userTitle"})
)


class MemberPage(XenForoPage):
    """`member_view`: name, title, dates and numbers of one member."""

    kind = Kind.MEMBER
    selection = Selection(COMMON | {"memberHeader"})

    @cached_property
    def _header(self) -> Index:
        header = first(self.parts.get("memberHeader"))
        return {} if header is None else index(header, _PARTS)

    @cached_property
    def title(self) -> str | None:
        """The member's name: such a page has no other heading."""
        return text_of(first(self._header.get("memberHeader-name"))) or None

    @cached_property
    def member(self) -> Member | None:
        """The member, or None (counted as unread) where the page does not say who it is about."""
        member_id = self._member_id()
        if member_id is None:
            self.unread["members", "member_id"] += 1
            return None
        member = Member(forum=self.forum, member_id=member_id, name=self.title, url=self.url, extras={})
        member.title = text_of(first(self._header.get("userTitle"))) or None
        picture = first_tag(first(self._header.get("memberHeader-avatar")), "img")
        member.avatar_url = None if picture is None else self.absolute(picture.get("src"))
        self._read_times(member)
        self._read_numbers(member)
        return member

    def _member_id(self) -> int | None:
        for name in ("memberHeader-name", "memberHeader-avatar"):
            holder = first(self._header.get(name))
            for each in () if holder is None else holder.iter("a", "span"):
                if (found := data_id(each, "data-user-id")) is not None:
                    return found
        return None

    def _read_times(self, member: Member) -> None:
        """Registration and last activity, told apart by where they stand and which is earlier, not by label."""
        in_stats = _times(self._header.get("memberHeader-stats", []))
        blurbs = _times([each for each in self._header.get("memberHeader-blurb", ()) if _is_date_pair(each)])
        if in_stats:
            member.joined_at, member.last_seen_at = in_stats[0], blurbs[-1] if blurbs else None
        elif blurbs:
            member.joined_at, member.last_seen_at = min(blurbs), max(blurbs) if len(blurbs) > 1 else None
        else:
            self.unread["members", "joined_at"] += 1

    def _read_numbers(self, member: Member) -> None:
        stats = first(self._header.get("memberHeader-stats"))
        shown = [each for each in stats.iter("dl") if first_tag(each, "time") is None] if stats is not None else []
        pairs = [read_pair(each) for each in shown]
        told = [_by_link(first_link(each)) for each in shown]
        for (label, value, icon), name in zip(pairs, fields_of(pairs, told), strict=True):
            if name in SLOTS and (count := parse_count(value)) is not None:
                setattr(member, name, count.value)
            elif value and member.extras is not None:
                member.extras[label or icon] = value


def _by_link(href: str | None) -> str | None:
    # XenForo links the number of messages to a search and the points to the list of trophies.
    if href is None:
        return None
    if "trophies" in href:
        return "points"
    return "messages" if "user_id=" in href else None


def _is_date_pair(element: _Element) -> bool:
    return element.tag == "dl" or first_tag(element, "dl") is not None


def _times(elements: list[_Element]) -> list[datetime]:
    return [found for element in elements for each in element.iter("time") if (found := time_of(each)) is not None]
