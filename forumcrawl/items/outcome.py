"""What did not become content: failed requests, pages nobody understands, items that are not valid."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, ClassVar

from forumcrawl.items.base import AnyItem, counter, unhashed


@dataclass(slots=True, kw_only=True)
class Failure(AnyItem):
    """A request that yielded no content, with the reason. One document an address: the latest outcome."""

    collection: ClassVar[str] = "failures"
    counters_live: ClassVar[bool] = True

    outcome: str
    """forbidden, login_required, not_found, moved, redirected_out, unrecognised, robots, http_error,
    timeout, connection, truncated, too_large, redirect_loop, parse_error or error; of a gate: challenge,
    blocked, consent, needs_browser or browser_failed."""
    status: int | None = None
    """HTTP status, where there was a response."""
    reason: str = ""
    """What the page or the error said, in one line."""
    tries: int = counter(1)
    """How often it was requested in the run that gave up on it."""
    referer: str | None = unhashed()
    """The page that led to it."""
    failed_in: str | None = counter()
    """The run that last gave up on it."""

    @property
    def key(self) -> str:
        return self.url or ""


@dataclass(slots=True, kw_only=True)
class UnparsedPage(AnyItem):
    """A page no parser understands, kept whole so that one can be written for it."""

    collection: ClassVar[str] = "pages_unparsed"

    reason: str
    """Why no parser took it."""
    html: bytes = dataclasses.field(default=b"", metadata={"hashed": False})
    """The body, zlib-compressed."""

    @property
    def key(self) -> str:
        return self.url or ""


@dataclass(slots=True, kw_only=True)
class Rejected(AnyItem):
    """An item that is not valid, with the first thing that is wrong with it."""

    collection: ClassVar[str] = "rejected"

    item: dict[str, Any]
    """The document as it would have been written."""
    type: str
    """Its collection."""
    field: str | None = None
    """The field at fault, where one is."""
    reason: str = ""
    """What is wrong with it."""

    @property
    def key(self) -> str:
        return f"{self.type}:{self.item.get('_id')}"
