"""A crawl in a process of its own: `python -m tests.pipelines.crawl SCENARIO`, settings as JSON on stdin.

Prints one JSON object: the stats and the items that went through, or the error that kept it from starting.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response

from forumcrawl import settings as project
from tests.items.samples import card, full_post, page, read_of, row

MANY = 400
"""Posts of the scenario "many", which takes a few seconds."""
BEGUN = 20
"""Stored items after which the crawl says that it has started."""
USED = ("MONGODB_", "STORAGE_", "EMBEDDED_", "FORUMCRAWL_", "ITEM_PIPELINES", "TWISTED_REACTOR")


class Probe(Spider):
    """Yields items without any page."""

    name = "probe"
    scenario = ""

    async def start(self) -> AsyncIterator[Any]:
        if self.scenario == "items":
            yield Request("data:,", self.parse_all)
        for number in range(0, MANY if self.scenario == "many" else 0, 4):
            yield Request(f"data:,{number}", cb_kwargs={"first": number})

    def parse_all(self, _: Response) -> Iterator[Any]:
        for number in range(30):
            yield full_post(number, fetched_at=None, run_id=None)
        yield from (row(), page(), card(), full_post(1), read_of(1), {"not": "ours"})
        yield full_post(31, text="\ud800", run_id=None)

    async def parse(self, _: Response, first: int = 0) -> AsyncIterator[Any]:
        for number in range(first, first + 4):
            yield full_post(number)
            await asyncio.sleep(0.1)


def main() -> None:
    given = json.load(sys.stdin)
    settings = {name: getattr(project, name) for name in dir(project) if name.startswith(USED)}
    process = AsyncCrawlerProcess({**settings, "LOG_LEVEL": "INFO", "TELNETCONSOLE_ENABLED": False, **given})
    crawler = process.create_crawler(Probe)
    scraped: list[str] = []

    def note(item: Any) -> None:
        scraped.append(getattr(item, "key", "other"))
        if len(scraped) == BEGUN:
            print("started", flush=True)

    crawler.signals.connect(note, signals.item_scraped)
    crawler.run_id = "the run"  # type: ignore[attr-defined]
    task = process.crawl(crawler, scenario=sys.argv[1])
    process.start()
    error = None if task.cancelled() else task.exception()
    if error:
        print(json.dumps({"error": f"{type(error).__name__}: {error}"}))
    else:
        print(json.dumps({"stats": crawler.stats.get_stats(), "scraped": scraped}, default=str))


if __name__ == "__main__":
    main()
