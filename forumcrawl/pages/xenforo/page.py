"""What all XenForo pages share: template, title, address, paging."""

from __future__ import annotations

import re
from collections import Counter
from enum import StrEnum
from functools import cached_property
from typing import ClassVar

from lxml.etree import _Element

from forumcrawl.items.forum import Author
from forumcrawl.pages.html import Index, Selection, first, index, text_of, text_without
from forumcrawl.text import urls
from forumcrawl.text.numbers import parse_count, whole_number

COMMON = frozenset("p-title-value js-pageJumpPage pageNav-page pageNav-jump--next p-breadcrumbs p-description".split())
"""Classes that every kind of page is searched for."""
LABELS = frozenset({"label", "label-append"})
_FULL_BASE = re.compile(rb"""fullBase["']?\s*:\s*["']([^"']+)["']""")
_BASE_PATH = re.compile(rb"""basePath["']?\s*:\s*["']([^"']+)["']""")
_PAGE_IN_URL = re.compile(r"/page-(\d{1,9})/?$")
_FIRST_PAGE = re.compile(r"(?<=\d/)[a-z-]+(?:-\d+)?/?$")
_TRAILING_ID = re.compile(r"[./#](\d{1,18})/?$")


class Kind(StrEnum):
    """The kinds of page that a page object exists for."""

    BOARD_INDEX = "board_index"
    CATEGORY = "category"
    THREAD_LIST = "thread_list"
    THREAD = "thread"
    MEMBER = "member"
    LOGIN = "login"
    ERROR = "error"


class XenForoPage:
    """A parsed page. `url` is where it was fetched, None for a file without a known address.

    `forum` is the key of the forum it belongs to; left out, it is worked out from the page.
    """

    selection: ClassVar[Selection] = Selection(COMMON)
    """What its walk looks for."""
    kind: ClassVar[Kind | None] = None

    def __init__(self, root: _Element, body: bytes, *, url: str | None = None, forum: str | None = None) -> None:
        self.root = root
        self.body = body
        self.fetched_from = url
        self._forum = forum
        self.unread: Counter[tuple[str, str]] = Counter()
        """(collection, field) of what stood on the page and could not be read."""
        self.cards: dict[str, Author] = {}
        """Authors read so far, by what tells their cards apart."""
        self.member_urls: dict[int, str] = {}
        """Addresses of members' own pages, where the page links them."""

    @cached_property
    def parts(self) -> Index:
        """The page's elements by class."""
        return index(self.root, self.selection)

    @cached_property
    def template(self) -> str | None:
        """`html[data-template]`: the page type in any language."""
        return self.root.get("data-template")

    @cached_property
    def language(self) -> str:
        """`html[lang]`, '' where there is none."""
        return self.root.get("lang") or ""

    @cached_property
    def title(self) -> str | None:
        """The heading without prefix labels."""
        heading = first(self.parts.get("p-title-value"))
        return None if heading is None else text_without(heading, LABELS) or None

    @cached_property
    def declared_url(self) -> str | None:
        """The absolute canonical link, else og:url, else None."""
        head = self.root[0] if len(self.root) and self.root[0].tag == "head" else self.root
        canonical = og_url = None
        for element in head.iter("link", "meta"):
            if canonical is None and element.get("rel") == "canonical":
                canonical = urls.join(None, element.get("href") or "")
            elif og_url is None and element.get("property") == "og:url":
                og_url = urls.join(None, element.get("content") or "")
        return canonical or og_url

    @cached_property
    def url(self) -> str | None:
        """The page's canonical address: what it declares, where that lies in the forum, else where it was fetched."""
        declared = self.declared_url
        if self.fetched_from and not (declared and urls.in_forum(declared, self.forum)):
            return urls.canonical(self.fetched_from)
        return declared

    @cached_property
    def base(self) -> str | None:
        """The address that relative links are resolved against."""
        return self.fetched_from or self.declared_url or self._full_base

    @cached_property
    def _full_base(self) -> str | None:
        place = self.body.find(b"fullBase")
        found = _FULL_BASE.match(self.body, place) if place >= 0 else None
        return None if found is None else urls.join(None, found[1].decode("utf-8", "replace").replace("\\/", "/"))

    @cached_property
    def _told_base_path(self) -> str | None:
        if self._full_base and (parts := urls.split(self._full_base)):
            return parts[2] or "/"
        found = _BASE_PATH.search(self.body)
        return None if found is None else found[1].decode("utf-8", "replace").replace("\\/", "/")

    @cached_property
    def base_path(self) -> str:
        """Path the forum lives under, with a slash at both ends: from its script settings, else from its links."""
        return self._told_base_path or urls.base_path_of_link(self.sample_link or "")

    @property
    def sample_link(self) -> str | None:
        """First-page address of a board, thread or member of this forum, to tell the base path by where the page does
        not say it."""
        address = self.declared_url or self.fetched_from
        return None if address is None else _FIRST_PAGE.sub("", address)

    @cached_property
    def forum(self) -> str:
        """The forum's key; '' where neither the page nor its address tells the host."""
        if self._forum is not None:
            return self._forum
        origin = self.fetched_from or self.declared_url or self._full_base
        return "" if origin is None else urls.forum_key(origin, self.base_path)

    def absolute(self, href: str | None) -> str | None:
        """Absolute address of a link on this page, or None."""
        return None if not href else urls.join(self.base, href)

    @cached_property
    def page_number(self) -> int:
        """Which page of a list or thread this is, from 1: as its navigation says, else as its address does."""
        for each in self.parts.get("pageNav-page", ()):
            if "pageNav-page--current" in (each.get("class") or ""):
                count = parse_count(text_of(each))
                return count.value if count else 1
        found = _PAGE_IN_URL.search(self.fetched_from or self.declared_url or "")
        return int(found[1]) if found else 1

    @cached_property
    def last_page(self) -> int:
        """Number of pages of the list or thread as far as this page shows it, at least 1."""
        numbers = [1, self.page_number + 1 if self.next_url else 1]
        numbers += [whole_number(each.get("max")) or 1 for each in self.parts.get("js-pageJumpPage", ())]
        for each in self.parts.get("pageNav-page", ()):
            if count := parse_count(text_of(each)):
                numbers.append(count.value)
        return max(numbers)

    @cached_property
    def next_url(self) -> str | None:
        """Address of the following page, where there is one."""
        link = first(self.parts.get("pageNav-jump--next"))
        return None if link is None else self.absolute(link.get("href"))

    @cached_property
    def crumb_ids(self) -> list[int | None]:
        """Node ids in the breadcrumbs, outermost first; None for one whose address holds no id."""
        crumbs = first(self.parts.get("p-breadcrumbs"))
        if crumbs is None:
            return []
        return [node_id(each.get("href") or "") for each in crumbs.iter("a")]

    @cached_property
    def container_id(self) -> int | None:
        """Node id in `html[data-container-key]` (XenForo 2.1 and later)."""
        return whole_number((self.root.get("data-container-key") or "").removeprefix("node-"))


def node_id(href: str) -> int | None:
    """The id at the end of a board's, category's or thread's address ("…/name.12/", "…/#name.12"), or None."""
    found = _TRAILING_ID.search(href.split("?")[0] if "index.php?" not in href else href)
    return None if found is None else int(found[1])
