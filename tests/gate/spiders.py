"""A spider that asks for the pages it is given, of any number of hosts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

from scrapy import Request, Spider
from scrapy.http import Response


class HostsSpider(Spider):
    """`file` names a file with an address a line; each is asked for, in turn."""

    name = "hosts"
    file: str

    async def start(self) -> AsyncIterator[Request]:
        for url in Path(self.file).read_text("utf-8").split():
            yield Request(url, self.page)

    def page(self, response: Response) -> None:
        """Nothing is kept: the servers' logs tell."""
