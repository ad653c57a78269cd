"""What all items share: the key, the envelope, and the role of each field in the content hash."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Protocol, TypeVar

T = TypeVar("T")


def counter(default: Any = None) -> Any:
    """A field that grows by itself on a live forum: outside the content hash, refreshed when it moves."""
    return field(default=default, metadata={"hashed": False, "counter": True})


def unhashed(default: Any = None) -> Any:
    """A field that is derived, or carries a token that changes without the content changing."""
    return field(default=default, metadata={"hashed": False})


class Stored(Protocol):
    """What has a collection: an item class, or a record of `items.run`."""

    collection: ClassVar[str]

    @property
    def key(self) -> str:
        """The natural key, used as `_id`."""


@dataclass(slots=True, kw_only=True)
class Item:
    """A document in the making. The storage layer fills the envelope; a parser fills the rest."""

    collection: ClassVar[str]
    partial: ClassVar[bool] = False
    """True where several pages each tell a part (a list row, the page itself): parts are merged."""
    counters_live: ClassVar[bool] = False
    """True where counters are written even if nothing else changed."""

    url: str | None = unhashed()
    """Canonical address."""
    first_seen_at: datetime | None = unhashed()
    """When this archive first stored it (UTC)."""
    fetched_at: datetime | None = unhashed()
    """When the page of the last write was fetched (UTC)."""
    changed_at: datetime | None = unhashed()
    """When its content hash last changed (UTC)."""
    content_hash: str | None = unhashed()
    """SHA-256 over what the source said; see `items.document`."""
    run_id: str | None = unhashed()
    """The run of the last write."""

    @property
    def key(self) -> str:
        """The natural key, used as `_id`."""
        raise TypeError(f"{type(self).__name__} has no natural key")

    @property
    def place(self) -> str:
        """The forum or the site it belongs to; "" for neither, which is not valid."""
        return getattr(self, "forum", None) or getattr(self, "site", None) or ""


@dataclass(slots=True, kw_only=True)
class ForumItem(Item):
    """What a forum shows."""

    forum: str
    """The forum: final host[:port][/base path], without scheme and www."""


@dataclass(slots=True, kw_only=True)
class SiteItem(Item):
    """What a source site shows, or is asked for."""

    site: str
    """The site: host[:port] without www."""


@dataclass(slots=True, kw_only=True)
class AnyItem(Item):
    """What befalls requests of forums and of source sites alike."""

    forum: str | None = None
    """The forum, where it is one: final host[:port][/base path], without scheme and www."""
    site: str | None = None
    """The source site, where it is one: host[:port] without www."""
