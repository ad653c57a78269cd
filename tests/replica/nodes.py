"""The forum's tree: categories, boards, boards in boards, a page, a link, and boards that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.replica.words import BOARD_TITLES


@dataclass(slots=True)
class NodeInfo:
    """One node. `access` is open, forbidden, login or unknown (a page of a template nobody knows)."""

    id: int
    title: str
    kind: str
    parent: NodeInfo | None
    access: str = "open"
    description: str | None = None
    children: list[NodeInfo] = field(default_factory=list)

    @property
    def route(self) -> str:
        """The route that shows it."""
        return {"category": "categories", "forum": "forums", "page": "pages", "link": "link-forums"}[self.kind]

    @property
    def lists_threads(self) -> bool:
        """Whether its threads can be reached."""
        return self.kind == "forum" and self.access == "open"

    def walk(self) -> Iterator[NodeInfo]:
        """This node and all below it, in page order."""
        yield self
        for child in self.children:
            yield from child.walk()


NEWS = 11
"""The board of the seed thread."""
QUESTIONS, ARTICLES = 24, 25
_SHARES = {11: 5, 12: 2, 13: 3, 20: 2, 21: 2, 22: 1, 23: 2, QUESTIONS: 1, ARTICLES: 1, 35: 1}
"""How many of each 20 threads in a row stand in a board."""
_ROWS = (
    # id, parent, kind, access: titles follow in this order
    (11, 1, "forum", "open"),
    (12, 11, "forum", "open"),
    (13, 1, "forum", "open"),
    (14, 1, "link", "open"),
    (15, 1, "page", "open"),
    (20, 2, "forum", "open"),
    (21, 20, "forum", "open"),
    (22, 21, "forum", "open"),
    (23, 2, "forum", "open"),
    (QUESTIONS, 2, "forum", "open"),
    (ARTICLES, 2, "forum", "open"),
    (31, 3, "forum", "forbidden"),
    (32, 3, "forum", "forbidden"),
    (33, 3, "forum", "login"),
    (34, 3, "forum", "unknown"),
    (35, 20, "forum", "open"),
    (36, 3, "forum", "open"),
)


def _pattern() -> list[int]:
    slots = [(turn / share, node) for node, share in _SHARES.items() for turn in range(share)]
    return [node for _, node in sorted(slots)]


PATTERN = _pattern()
"""Board of thread index i is PATTERN[i % 20], so a board's k-th thread is found by arithmetic."""
SLOTS = {board: tuple(slot for slot, node in enumerate(PATTERN) if node == board) for board in _SHARES}
"""Board to its places in the pattern."""


def build_tree(language: str) -> list[NodeInfo]:
    """The categories, each with what stands in it. Board 36 lists no threads: an empty page."""
    titles = BOARD_TITLES[language]
    nodes = {n: NodeInfo(n, title, "category", None) for n, title in ((1, titles[0] + " +"), (2, "2"), (3, "3"))}
    nodes[2].title, nodes[3].title = f"{titles[5]} & {titles[6]}", titles[11]
    nodes[2].description = titles[8]
    for title, (number, parent, kind, access) in zip(titles, _ROWS, strict=True):
        node = NodeInfo(number, title, kind, nodes[parent], access)
        if number % 2:
            node.description = f"{titles[-1]} – {title}"
        nodes[number] = node
        nodes[parent].children.append(node)
    return [nodes[1], nodes[2], nodes[3]]
