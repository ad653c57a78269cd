"""The requests for pictures."""

from __future__ import annotations

from typing import Any

from scrapy import Request

from forumcrawl.download.claims import PICTURE
from forumcrawl.download.fingerprint import IDENTITY
from forumcrawl.download.private import SHOWN_BY
from forumcrawl.download.retry import SOURCE
from forumcrawl.frontier.bands import BAND, Band
from forumcrawl.items import ImageFile
from forumcrawl.media.addresses import candidates, referer_for

_TRIES = 1  # beyond the first, in one run
_KNOWN = ("url", "site", "forum", "proxy_url", "page_url")
_ANSWER = ("outcome", "reason")


def picture_request(image: ImageFile, callbacks: Any, most_bytes: int, place: int = 0) -> Request | None:
    """The request for a picture: its own address first, at the next `place` the forum's copy; None where none is left.

    `most_bytes`: a larger file is not downloaded to its end. With the forum's copy goes what the picture's own host
    answered, which `image` says.
    """
    addresses = candidates(image.url or "", image.proxy_url)
    if place >= len(addresses):
        return None
    address = addresses[place]
    referer = referer_for(address, image.page_url or "")
    known = {name: getattr(image, name) for name in (_KNOWN if place == 0 else _KNOWN + _ANSWER)}
    return Request(
        address,
        callbacks.parse_picture,
        errback=callbacks.failed_picture,
        headers={"Referer": referer, "Accept": "image/*"} if referer else {"Accept": "image/*"},
        cb_kwargs={"image": known, "tries": image.tries or 0, "place": place},
        meta={
            IDENTITY: f"picture/{image.key}/{place}",
            BAND: Band.PICTURE.label,
            PICTURE: image.key,
            SOURCE: True,
            SHOWN_BY: image.page_url or f"https://{image.forum or ''}",
            "max_retry_times": _TRIES,
            "download_maxsize": most_bytes,
        },
    )
