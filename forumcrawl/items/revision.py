"""Earlier texts of posts and articles that changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from forumcrawl.items.base import AnyItem


@dataclass(slots=True, kw_only=True)
class Revision(AnyItem):
    """A text that a post or an article had until it was changed."""

    collection: ClassVar[str] = "revisions"

    item: str
    """`_id` of the post or the article."""
    text: str = ""
    """Its text then."""
    html: str = ""
    """Its body then, as the forum or the site sent it."""
    seen_from: datetime
    """When it was first seen with this text (UTC)."""
    seen_to: datetime
    """When it was first seen with another (UTC)."""

    @property
    def key(self) -> str:
        return f"{self.item} {self.seen_from:%Y-%m-%dT%H:%M:%S}.{self.seen_from.microsecond // 1000:03}Z"
