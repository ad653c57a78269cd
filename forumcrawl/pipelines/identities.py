"""What pictures and addresses are known by elsewhere, derived from what the page said."""

from __future__ import annotations

from typing import Any

from scrapy.crawler import Crawler

from forumcrawl.items import Article, Post
from forumcrawl.items.article import Picture
from forumcrawl.items.forum import Image
from forumcrawl.text.addresses import image_uuid, tail_of


class IdentitiesPipeline:
    """Fills the identities of the pictures of posts and articles, and the end of an article's address."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> IdentitiesPipeline:
        return cls()

    def process_item(self, item: Any) -> Any:
        """The item, with its derived fields filled; what is neither post nor article passes as it is."""
        if isinstance(item, Post | Article):
            for image in item.images:
                image.source_uuid = image.source_uuid or _identity(image)
        if isinstance(item, Article):
            item.tail = tail_of(item.key)
        return item


def _identity(image: Image | Picture) -> str | None:
    """Of a post's picture the alternative text may be its file's name, and the proxy's address hold its own."""
    names = (image.url, image.alt, image.proxy_url or "") if isinstance(image, Image) else (image.url,)
    return next((uuid for name in names if (uuid := image_uuid(name))), None)
