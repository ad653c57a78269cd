"""Which page links to which: page 0 is the root, the others are numbered in the order of their depth."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A stem, where each page has one child, and on top of it a tree whose pages have `branching` each."""

    pages: int
    branching: int = 8
    stem: int = 0

    def children(self, page: int) -> range:
        """The pages that a page links to, of those there are."""
        if page < self.stem:
            first, last = page + 1, page + 2
        else:
            first = self.stem + (page - self.stem) * self.branching + 1
            last = first + self.branching
        return range(min(first, self.pages), min(last, self.pages))

    def leaves(self) -> range:
        """The pages that link to none."""
        return range(next(page for page in range(self.pages) if not self.children(page)), self.pages)
