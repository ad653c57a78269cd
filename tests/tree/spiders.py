"""A spider that reads the tree: one post a page, one request a link."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator, Iterator

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from forumcrawl.items import Post


class FaultySpider(Spider):
    """Reads the root, and from it one page that is well, one whose callback fails, one whose item is lost, and one
    whose request cannot be queued."""

    name = "faulty"
    url: str

    async def start(self) -> AsyncIterator[Request]:
        yield Request(self.url, self.root)

    def root(self, response: Response) -> Iterator[Request]:
        """The four."""
        for name, callback in {"well": self.well, "fails": self.fails, "loses": self.loses}.items():
            yield Request(response.urljoin(f"/p/1?{name}"), callback)
        yield Request(response.urljoin("/p/1?nobody"), _nobody)

    def well(self, response: Response) -> Iterator[Post]:
        """An item as it should be."""
        yield Post(forum=urlparse_cached(response).netloc, url=response.url, post_id=1, thread_id=0)

    def fails(self, response: Response) -> Iterator[Post]:
        """An error half-way."""
        yield from self.well(response)
        raise LookupError("no such field")

    def loses(self, response: Response) -> Iterator[dict[str, str]]:
        """An item that a pipeline fails on."""
        yield {"fail": "the disk is on fire"}


def _nobody(response: Response) -> None:
    """No method of a spider, so that it has no name to travel by."""


class TreeSpider(Spider):
    """Arguments: `url` of the root, `job`, and `killer`: the page whose callback kills the process, -1 for none."""

    name = "tree"
    url: str
    killer = "-1"

    async def start(self) -> AsyncIterator[Request]:
        yield Request(self.url, self.page, cb_kwargs={"number": 0, "depth": 0})

    def page(self, response: Response, number: int, depth: int) -> Iterator[Post | Request]:
        """What a page says and where it leads."""
        if number == int(self.killer):
            os.kill(os.getpid(), signal.SIGKILL)
        forum, text = urlparse_cached(response).netloc, response.css("h1::text").get("")
        yield Post(forum=forum, url=response.url, post_id=number, thread_id=0, text=text)
        for link in response.css("a"):
            child = int(link.css("::text").get(""))
            url = response.urljoin(link.attrib["href"])
            yield Request(url, self.page, cb_kwargs={"number": child, "depth": depth + 1})
