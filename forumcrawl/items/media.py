"""Pictures: one document an address, whatever came of asking for it."""

from __future__ import annotations

import builtins
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from forumcrawl.items.base import SiteItem, counter, unhashed


@dataclass(slots=True, kw_only=True)
class ImageFile(SiteItem):
    """The picture at an address that posts, articles or members show."""

    collection: ClassVar[str] = "images"
    partial: ClassVar[bool] = True

    forum: str | None = None
    """The forum that showed it first."""
    proxy_url: str | None = None
    """The forum's own copy, asked for where the original is gone."""
    page_url: str | None = None
    """The page that showed it first, which is told to hosts that ask."""
    seen_in: list[str] = field(default_factory=list)
    """`_id`s of what shows it; of more than 1,000 those with the smallest hashes."""
    seen: int | None = unhashed()
    """How many show it; beyond 1,000 within about 3 %."""
    outcome: str | None = None
    """pending, stored, gone, refused, blocked, failed, too_large, not_an_image, unsafe, empty, truncated or broken."""
    reason: str | None = None
    """What the host or the file said, in one line."""
    status: int | None = None
    """HTTP status of the last try, where there was a response."""
    tries: int | None = counter()
    """How often it was asked for."""
    next_try_at: datetime | None = None
    """When it is to be asked for (UTC); None when that is settled."""
    sha256: str | None = None
    """Hash of the file, as hex."""
    path: str | None = None
    """Where the file is in the store."""
    thumbnail: str | None = None
    """Where its small copy is in the store."""
    format: str | None = None
    """jpeg, png, gif, webp ..., by its bytes."""
    width: int | None = None
    """Pixels."""
    height: int | None = None
    """Pixels."""
    frames: int | None = None
    """Number of frames; 1 for a still picture."""
    bytes: int | None = None
    """Size of the file."""
    source_uuid: str | None = None
    """The UUID in its address."""
    dhash: int | None = None
    """64-bit difference hash of its appearance; None for a picture of one colour."""
    dhash_keys: list[int] | None = unhashed()
    """Index keys of the difference hash, four; see `media.dhash`."""
    same_as: str | None = unhashed()
    """`_id` of the earliest stored picture that is the same by its bytes, by its source's UUID or by its appearance:
    its own where that is itself."""
    compared: bool | None = unhashed()
    """Further pictures are compared with it: the earliest of its group is, and what does not look like that one."""

    claimed_by: str | None = unhashed()
    """The job that is asking for it."""
    claimed_until: datetime | None = unhashed()
    """Until when no other job does (UTC)."""

    @property
    def key(self) -> str:
        return self.url or ""


@dataclass(frozen=True, slots=True)
class FetchedPicture:
    """A picture that may be kept: no item to store before its file is."""

    image: ImageFile
    """What is known of its address and its file."""
    body: builtins.bytes
    """The file."""
    extension: str
    """That its name gets, without a dot."""
    thumbnail: builtins.bytes | None = None
    """Its small copy, where it has one."""
