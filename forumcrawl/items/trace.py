"""By what the archive finds texts and pictures again: derived from a post or an article, and stored before it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(slots=True, kw_only=True)
class Trace:
    """Kept apart from what it is of: small documents are read quickly, and a change of one costs the other nothing."""

    collection: ClassVar[str]

    item: str
    """`_id` of the post or the article, and its own."""
    keys: list[int] = field(default_factory=list)
    """Index keys of the text, at most eight (see `text.sketch`); none of a post whose like is found by the keys of the
    one it is a copy of, word for word."""
    sketch: bytes = b""
    """Sketch of the text."""
    pictures: list[str] = field(default_factory=list)
    """UUIDs that its pictures have at their source."""

    @property
    def key(self) -> str:
        return self.item


@dataclass(slots=True, kw_only=True)
class PostTrace(Trace):
    """By what a post is found."""

    collection: ClassVar[str] = "post_traces"


@dataclass(slots=True, kw_only=True)
class ArticleTrace(Trace):
    """By what an article is found."""

    collection: ClassVar[str] = "article_traces"


TRACES: tuple[type[Trace], ...] = (PostTrace, ArticleTrace)
"""All of them, in the order the documentation lists them."""
