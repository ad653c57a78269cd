"""Which page is this: told by its template and structure, never by words or routes."""

from __future__ import annotations

from lxml.etree import _Element

from forumcrawl.pages import html
from forumcrawl.pages.xenforo.board import BoardPage, CategoryPage, IndexPage
from forumcrawl.pages.xenforo.member import MemberPage
from forumcrawl.pages.xenforo.outcome import ErrorPage, LoginPage
from forumcrawl.pages.xenforo.page import XenForoPage
from forumcrawl.pages.xenforo.thread import ThreadPage

_TELLING = html.Selection(frozenset({"message--post", "structItem--thread", "node", "memberHeader"}))


class Unrecognised(Exception):
    """A page of no known kind; the message says what it was instead."""

    def __init__(self, reason: str, page: XenForoPage | None = None) -> None:
        super().__init__(reason)
        self.page = page


_BY_TEMPLATE: tuple[tuple[str, type[XenForoPage]], ...] = (
    ("forum_list", IndexPage),
    ("category_view", CategoryPage),
    ("forum_view", BoardPage),
    ("thread_view", ThreadPage),
    ("member_view", MemberPage),
    ("login", LoginPage),
    ("error", ErrorPage),
)


def open_page(body: bytes, *, url: str | None = None, forum: str | None = None) -> XenForoPage:
    """The page object for a body. Raises Unrecognised for a page of no known kind."""
    root = html.parse(body)
    if root is None:
        raise Unrecognised("the body holds no HTML")
    if root.get("id") != "XF":
        raise Unrecognised("not a XenForo 2 page (html#XF is missing)")
    template = root.get("data-template") or ""
    for name, page_class in _BY_TEMPLATE:
        if template == name or template.startswith(f"{name}_type_"):
            return page_class(root, body, url=url, forum=forum)
    guessed = None if template else _by_structure(root)
    if guessed is not None:
        return guessed(root, body, url=url, forum=forum)
    reason = f"no page object for template {template!r}" if template else "html[data-template] is missing"
    raise Unrecognised(reason, XenForoPage(root, body, url=url, forum=forum))


def _by_structure(root: _Element) -> type[XenForoPage] | None:
    # Some themes drop the template's name: then what fills the page tells.
    found = html.index(root, _TELLING)
    if "message--post" in found:
        return ThreadPage
    if "memberHeader" in found:
        return MemberPage
    if "structItem--thread" in found:
        return BoardPage
    return IndexPage if "node" in found else None
