"""What the answer for a picture says of it."""

from __future__ import annotations

from dataclasses import replace

from scrapy.http import Response

from forumcrawl.download.redirect import LOOP
from forumcrawl.items.media import FetchedPicture, ImageFile
from forumcrawl.media.dhash import bands
from forumcrawl.media.verdict import Inspection

_GONE = (404, 410)
_REFUSING = (401, 402, 403, 429, 451, 503)
_UNDECIDED = (None, "pending", "gone")


def has_file(response: Response) -> bool:
    """Whether the answer should be a file, which is then to be looked into."""
    return response.status == 200 and LOOP not in response.flags


def outcome_of_status(status: int) -> str:
    """The outcome of an answer that is no file."""
    return "gone" if status in _GONE else "blocked" if status in _REFUSING else "failed"


def fetched(told: ImageFile, body: bytes, found: Inspection) -> FetchedPicture:
    """A picture with what its bytes say."""
    image = replace(
        told,
        outcome=None,
        reason=None,
        sha256=found.sha256,
        format=found.format,
        width=found.width,
        height=found.height,
        frames=found.frames,
        bytes=found.bytes,
        dhash=found.dhash,
        dhash_keys=None if found.dhash is None else bands(found.dhash),
    )
    return FetchedPicture(image, body, found.extension, found.thumbnail)


def without(told: ImageFile, outcome: str, reason: str) -> ImageFile:
    """A picture that was not to be had, of which `told` may say what its own host answered before the forum's copy
    was asked for: that stays the outcome unless it was that the picture is gone."""
    if told.outcome not in _UNDECIDED:
        return told
    return replace(told, outcome=outcome, reason=reason)
