"""Which pictures posts, articles and members show."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TypeAlias

from forumcrawl.items import Article, ImageFile, Member, Post
from forumcrawl.items.merge import merged
from forumcrawl.text.addresses import image_uuid, site_of
from forumcrawl.text.urls import canonical

Shows: TypeAlias = Post | Article | Member
_PICTURE = re.compile(r"[.-](?:jpe?g|png|gif|webp|avif|bmp|tiff?)(?:\.\d+/?)?$", re.IGNORECASE)
"""The end of a picture's file name, or of the address that XenForo gives it: "storm-jpg.123/"."""


def shown_images(shown: Sequence[Shows]) -> list[ImageFile]:
    """The pictures of posts, articles and members, one an address, each with all that show it; they wait to be asked
    for. Attached files are among them whose names are those of pictures."""
    images: dict[str, ImageFile] = {}
    for item in shown:
        for url, proxy_url in _addresses(item):
            address = canonical(url)
            image = ImageFile(
                site=site_of(address),
                url=address,
                forum=None if isinstance(item, Article) else item.forum,
                proxy_url=proxy_url,
                page_url=item.url,
                seen_in=[item.key],
                seen=1,
                outcome="pending",
                next_try_at=this_second(),
                source_uuid=image_uuid(address),
            )
            if image.site:
                images[address] = merged(images.get(address), image)
    return list(images.values())


def _addresses(item: Shows) -> Iterator[tuple[str, str | None]]:
    """Address of each picture, and of the forum's copy of it where there is one."""
    if isinstance(item, Member):
        if item.avatar_url:
            yield item.avatar_url, None
        return
    for image in item.images:
        yield image.url, getattr(image, "proxy_url", None)
    for file in item.attachments if isinstance(item, Post) else ():
        if _PICTURE.search(file.name) or _PICTURE.search(file.url):
            yield file.url, None


def this_second() -> datetime:
    """To the second: what is kept must be what was said, and MongoDB does not keep microseconds."""
    return datetime.now(UTC).replace(microsecond=0)
