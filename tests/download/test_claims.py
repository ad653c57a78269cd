"""Pictures are claimed before they are asked for; all else passes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from forumcrawl.download.claims import PICTURE, Claimed, PictureClaimsMiddleware

KNOWN = {"url": "https://h.example/a", "site": "h.example"}


class Claimant(Spider):
    name = "claimant"

    def __init__(self, *, free: bool) -> None:
        super().__init__()
        self.free = free
        self.asked: list[tuple[str, Mapping[str, Any]]] = []

    async def claim(self, key: str, image: Mapping[str, Any]) -> bool:
        self.asked.append((key, image))
        return self.free


def claimed(claimant: Claimant, request: Request) -> None:
    crawler = Crawler(Claimant)
    crawler.spider = claimant
    asyncio.run(PictureClaimsMiddleware.from_crawler(crawler).process_request(request))


def picture() -> Request:
    return Request("https://forum.example/proxy", meta={PICTURE: "key"}, cb_kwargs={"image": KNOWN})


def test_a_picture_that_is_free_is_asked_for_under_its_key_whatever_the_address() -> None:
    claimant = Claimant(free=True)
    claimed(claimant, picture())
    assert claimant.asked == [("key", KNOWN)]


def test_a_picture_of_another_job_is_not_asked_for() -> None:
    with pytest.raises(Claimed, match="key is asked for by another job, or settled") as raised:
        claimed(Claimant(free=False), picture())
    assert raised.value.stored is None
    assert issubclass(Claimed, IgnoreRequest)


def test_other_requests_claim_nothing() -> None:
    claimant = Claimant(free=False)
    claimed(claimant, Request("https://h.example/a"))
    assert claimant.asked == []
