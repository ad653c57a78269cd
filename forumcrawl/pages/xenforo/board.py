"""Pages that list boards, and pages that list a board's threads."""

from __future__ import annotations

import re
from functools import cached_property

from lxml.etree import _Element

from forumcrawl.items.forum import Board, Thread
from forumcrawl.pages.html import Index, Selection, classes, first, index, text_of, text_without
from forumcrawl.pages.xenforo.page import COMMON, Kind, XenForoPage, node_id
from forumcrawl.pages.xenforo.rows import PREVIEW_CLASS, ROW_CLASS, Row, read_row
from forumcrawl.text import urls
from forumcrawl.text.numbers import parse_count

_NODE = re.compile(r"(?<![\w-])node--id(\d{1,18})(?!\d)")
_CATEGORY = re.compile(r"(?<![\w-])block--category(\d{1,18})(?!\d)")
_NODE_PARTS = Selection(frozenset({"node-title", "node-description", "node-stats", "node-statsMeta", "subNodeLink"}))
_CATEGORY_PARTS = Selection(frozenset({"block-header", "block-desc"}), leaves=frozenset({"node"}))
_STATES = frozenset({"read", "unread", "depth", "id", "page", "forum", "link", "category"})


class NodeList(XenForoPage):
    """What the index, a category and a board's list of subforums have in common."""

    @cached_property
    def unnamed(self) -> list[str]:
        """Addresses of boards that the page links without telling their ids; known once `nodes` is."""
        return []

    @cached_property
    def nodes(self) -> list[Board]:
        """Categories and boards in page order, as the page lists or links them."""
        found: dict[int, Board] = {}
        for element in self.root.iter("div", "li", "section", "article"):
            names = classes(element)
            board, below = None, list[Board]()
            if "block--category" in names:
                board = self._category(element)
            elif "node" in names:
                board, below = self._node(element)
            if board is not None:
                found[board.board_id] = board
            for each in below:  # what a page only links it may also list, and then tells more of
                found.setdefault(each.board_id, each)
        return list(found.values())

    @cached_property
    def _own_id(self) -> int | None:
        return None

    def _category(self, block: _Element) -> Board | None:
        number = _CATEGORY.search(block.get("class") or "")
        if number is None:
            return None
        board = Board(forum=self.forum, board_id=int(number[1]), kind="category")
        parts = index(block, _CATEGORY_PARTS)
        header = first(parts.get("block-header"))
        for link in () if header is None else header.iter("a"):
            if link.get("href") and text_of(link):
                board.title, board.url = text_of(link), self.absolute(link.get("href"))
                break
        board.title = board.title or (
            None if header is None else text_without(header, frozenset({"block-desc"})) or None
        )
        board.description = text_of(first(parts.get("block-desc"))) or None
        return board

    def _node(self, element: _Element) -> tuple[Board | None, list[Board]]:
        names = element.get("class") or ""
        number = _NODE.search(names)
        if number is None:
            self.unread["boards", "board_id"] += 1
            return None, []
        parts = index(element, _NODE_PARTS)
        board = Board(forum=self.forum, board_id=int(number[1]), kind=_kind(names), parent_id=self._parent(element))
        title = first(parts.get("node-title"))
        link = None if title is None else next((a for a in title.iter("a") if a.get("href")), None)
        if link is not None:
            board.title, board.url = text_of(link) or None, self.absolute(link.get("href"))
        board.description = text_of(first(parts.get("node-description"))) or None
        board.threads, board.posts = _counts(parts)
        if board.title is None:
            self.unread["boards", "title"] += 1
        return board, self._below(parts, board.board_id)

    def _below(self, parts: Index, node: int) -> list[Board]:
        """The boards that a node links below itself; a list in a list holds the boards of the one it stands in."""
        boards: list[Board] = []
        for link in parts.get("subNodeLink", ()):
            if (board_id := node_id(link.get("href") or "")) is None:
                if (url := self.absolute(link.get("href"))) is not None and url not in self.unnamed:
                    self.unnamed.append(url)
                continue
            board = Board(forum=self.forum, board_id=board_id, parent_id=_above(link) or node)
            board.title, board.kind = text_of(link) or None, _kind(link.get("class") or "", "subNodeLink--")
            board.url = self.absolute(link.get("href"))
            boards.append(board)
        return boards

    def _parent(self, element: _Element) -> int | None:
        for above in element.iterancestors("div", "li"):
            names = above.get("class") or ""
            if found := _NODE.search(names) or _CATEGORY.search(names):
                return int(found[1])
        return self._own_id


class IndexPage(NodeList):
    """The forum's front page (`forum_list`)."""

    kind = Kind.BOARD_INDEX

    @cached_property
    def base_path(self) -> str:
        """Where the page's script settings do not tell it, the index itself stands at the base path."""
        if self._told_base_path is not None:
            return self._told_base_path
        parts = urls.split(self.declared_url or self.fetched_from or "")
        return "/" if parts is None else parts[2].removesuffix("index.php") or "/"


class CategoryPage(NodeList):
    """A category's own page (`category_view`)."""

    kind = Kind.CATEGORY

    @cached_property
    def _own_id(self) -> int | None:
        return self.container_id or node_id(self.url or "")


class BoardPage(NodeList):
    """A board: its subforums and a page of its threads (`forum_view` and its types)."""

    kind = Kind.THREAD_LIST
    selection = Selection(COMMON, leaves=frozenset({ROW_CLASS, PREVIEW_CLASS}))

    asked_for: int | None = None
    """The board that was asked for, for a page that does not say which it is."""

    @cached_property
    def board_id(self) -> int | None:
        """The board's node id; None where neither the page nor its address nor who asked for it tells."""
        return self.container_id or node_id((self.url or "").partition("/page-")[0]) or self.asked_for

    @cached_property
    def _own_id(self) -> int | None:
        return self.board_id

    @cached_property
    def board_url(self) -> str | None:
        """Address of the board's first page."""
        return None if self.url is None else re.sub(r"page-\d+/?$", "", self.url)

    @cached_property
    def board(self) -> Board | None:
        """The board itself, as far as its own page tells it."""
        if self.board_id is None:
            return None
        board = Board(forum=self.forum, board_id=self.board_id, title=self.title, kind="forum")
        board.url = self.board_url
        board.description = text_of(first(self.parts.get("p-description"))) or None
        crumbs = [each for each in self.crumb_ids if each != self.board_id]
        board.parent_id = crumbs[-1] if crumbs else None
        return board

    @cached_property
    def rows(self) -> list[Row]:
        """The thread rows in page order."""
        elements = [*self.parts.get(ROW_CLASS, ()), *self.parts.get(PREVIEW_CLASS, ())]
        rows = [row for element in elements if (row := read_row(element, self, self.board_id)) is not None]
        if not rows and b"js-threadListItem-" in self.body:
            self.unread["threads", "row"] += 1  # a layout of its own: nothing of this list was read
        return rows

    @property
    def threads(self) -> list[Thread]:
        """The threads of the rows."""
        return [row.thread for row in self.rows]


def _above(link: _Element) -> int | None:
    """Id of the board in whose list of boards the link stands; None where that is the node's own list."""
    entries = [entry for entry in link.iterancestors("li") if any("subNodeLink" in classes(each) for each in entry)]
    if len(entries) < 2:
        return None
    return next(node_id(each.get("href") or "") for each in entries[1] if "subNodeLink" in classes(each))


def _kind(names: str, prefix: str = "node--") -> str:
    for name in names.split():
        if name.startswith(prefix):
            kind = name.removeprefix(prefix)
            if kind in ("forum", "category", "page", "link"):
                return kind
    for name in names.split():
        kind = name.removeprefix(prefix)
        if name.startswith(prefix) and kind.isalpha() and kind not in _STATES:
            return kind
    return "forum"


def _counts(parts: Index) -> tuple[int | None, int | None]:
    for name in ("node-stats", "node-statsMeta"):
        if (holder := first(parts.get(name))) is not None:
            counts = [parse_count(text_of(each)) for each in holder.iter("dd")] + [None, None]
            return counts[0] and counts[0].value, counts[1] and counts[1].value
    return None, None
