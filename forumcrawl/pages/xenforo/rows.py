"""A thread as a row of a list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml.etree import _Element

from forumcrawl.items.forum import Thread, ThreadAuthor
from forumcrawl.pages.html import Index, Selection, classes, data_id, first, first_tag, index, text_of, time_of
from forumcrawl.pages.xenforo.page import node_id
from forumcrawl.text import urls
from forumcrawl.text.numbers import Count, parse_count

if TYPE_CHECKING:
    from forumcrawl.pages.xenforo.page import XenForoPage

ROW_CLASS = "structItem--thread"
PREVIEW_CLASS = "message--articlePreview"
"""A row in the expanded list of an article board (XenForo 2.2 and later)."""
_WANTED = Selection(
    frozenset(
        "structItem-title structItem-startDate structItem-latestDate structItem-status structItem-cell--meta "
        "structItem-pageJump structItem-minor structItem-parts is-sticky avatar username "
        "articlePreview-title articlePreview-date articlePreview-replies".split()
    )
)
_ID = re.compile(r"js-threadListItem-(\d{1,18})(?!\d)")
_TYPES = frozenset({"article", "question", "poll", "suggestion"})


@dataclass(slots=True, kw_only=True)
class Row:
    """A thread row and what only the crawl needs of it."""

    thread: Thread
    """The thread, as far as a row tells it."""
    rounded: bool
    """The number of replies is abbreviated."""
    moved: bool
    """The row only points to where the thread went."""


def read_row(element: _Element, page: XenForoPage, board_id: int | None) -> Row | None:
    """The row, or None (counted as unread) where it holds no thread id."""
    found = _ID.search(element.get("class") or "")
    if found is None:
        page.unread["threads", "thread_id"] += 1
        return None
    parts = index(element, _WANTED)
    thread = Thread(forum=page.forum, thread_id=int(found[1]), board_id=board_id)
    if PREVIEW_CLASS in classes(element):
        return _read_preview(parts, element, thread, page)
    _read_title(first(parts.get("structItem-title")), thread, page)
    thread.author = _author(element, parts)
    thread.created_at = time_of(first(parts.get("structItem-startDate")))
    thread.last_post_at = time_of(first(parts.get("structItem-latestDate")))
    replies, views = _counts(parts)
    thread.replies, thread.views = replies and replies.value, views and views.value
    states = {
        name.rpartition("--")[2] for e in parts.get("structItem-status", ()) for name in classes(e) if "--" in name
    }
    thread.sticky = "sticky" in states or "is-sticky" in parts or "is-sticky" in classes(element)
    thread.locked = "locked" in states
    thread.kind = next(iter(sorted(states & _TYPES)), None)
    thread.pages = _pages(parts)
    if board_id is None:
        thread.board_id = _own_board(parts)
    for name in ("title", "last_post_at", "replies"):
        if getattr(thread, name) is None and "redirect" not in states:
            page.unread["threads", name] += 1
    return Row(thread=thread, rounded=bool(replies and replies.rounded), moved="redirect" in states)


def _read_preview(parts: Index, element: _Element, thread: Thread, page: XenForoPage) -> Row:
    """An article's preview tells no views and no last post."""
    _read_title(first(parts.get("articlePreview-title")), thread, page)
    thread.author, thread.kind = _author(element, parts), "article"
    thread.created_at = time_of(first(parts.get("articlePreview-date")))
    told = [parse_count(word) for word in text_of(first(parts.get("articlePreview-replies"))).replace(":", " ").split()]
    replies = next((count for count in told if count is not None), None)
    thread.replies = replies and replies.value
    if thread.title is None:
        page.unread["threads", "title"] += 1
    return Row(thread=thread, rounded=bool(replies and replies.rounded), moved=False)


def _read_title(cell: _Element | None, thread: Thread, page: XenForoPage) -> None:
    if cell is None:
        return
    links = [each for each in cell.iter("a") if "labelLink" not in classes(each) and each.get("href")]
    link = next((each for each in links if each.get("data-tp-primary")), links[-1] if links else None)
    thread.prefixes = [text_of(e) for e in cell.iter("span") if "label" in classes(e)]
    if link is None:
        return
    thread.title = text_of(link) or None
    for href in (link.get("href"), link.get("data-preview-url")):
        if (url := page.absolute(href)) and (base := urls.thread_base(url, thread.thread_id)):
            thread.url = base
            return


def _author(element: _Element, parts: Index) -> ThreadAuthor | None:
    name = element.get("data-author") or ""
    for each in (*parts.get("username", ())[:1], *parts.get("avatar", ())[:1]):
        name = name or text_of(each)
        if each.get("data-user-id") is not None:
            return ThreadAuthor(name=name, member_id=data_id(each, "data-user-id"))
    return ThreadAuthor(name=name) if name else None


def _counts(parts: Index) -> tuple[Count | None, Count | None]:
    cell = first(parts.get("structItem-cell--meta"))
    shown = [parse_count(text_of(each)) for each in cell.iter("dd")] if cell is not None else []
    shown += [None, None]
    return shown[0], shown[1]


def _pages(parts: Index) -> int:
    jump = first(parts.get("structItem-pageJump"))
    numbers = (
        [count.value for each in jump.iter("a") if (count := parse_count(text_of(each)))] if jump is not None else []
    )
    return max(numbers, default=1)


def _own_board(parts: Index) -> int | None:
    # Outside its own board a row names the board: the last link among its small print that is no member or thread.
    holder = first(parts.get("structItem-parts"))
    links = (
        []
        if holder is None
        else [e for e in holder.iter("a") if "username" not in classes(e) and first_tag(e, "time") is None]
    )
    return node_id(links[-1].get("href") or "") if links else None
