"""A picture's address is asked for by one job at a time."""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from forumcrawl.items import ImageFile

PICTURE = "picture"
"""Key in `Request.meta`: the `_id` of the picture that the request is for."""


class Claimed(IgnoreRequest):
    """Another job asks for the picture, or its outcome is settled. `stored`: who shows it, where its file is."""

    def __init__(self, reason: str, stored: ImageFile | None = None) -> None:
        super().__init__(reason)
        self.stored = stored


class PictureClaimsMiddleware:
    """Claims a picture before it is downloaded; what a worker of the same job claimed may be claimed again."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PictureClaimsMiddleware:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raises Claimed for a picture that is not this job's to ask for."""
        key = request.meta.get(PICTURE)
        if key is None:
            return
        spider: Any = self._crawler.spider
        if not await spider.claim(key, request.cb_kwargs["image"]):
            raise Claimed(f"{key} is asked for by another job, or settled")
