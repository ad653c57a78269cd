"""A crawl in a process of its own: `python -m tests.pipelines.crawl SCENARIO`, settings as JSON on stdin.

Prints one JSON object: the stats and the items that went through, or the error that kept it from starting.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from typing import Any

from scrapy import Spider, signals
from scrapy.crawler import AsyncCrawlerProcess

from forumcrawl import settings as project
from tests.items.samples import card, full_post, page, read_of, row

USED = ("MONGODB_", "STORAGE_", "EMBEDDED_", "FORUMCRAWL_", "ITEM_PIPELINES", "TWISTED_REACTOR")


class Probe(Spider):
    """Yields items without any page."""

    name = "probe"
    scenario = ""

    async def start(self) -> AsyncIterator[Any]:
        if self.scenario == "items":
            for number in range(30):
                yield full_post(number, fetched_at=None, run_id=None)
            for item in (row(), page(), card(), full_post(1), read_of(1), {"not": "ours"}):
                yield item
            yield full_post(31, text="\ud800", run_id=None)
        number = 0
        while self.scenario == "endless":
            yield full_post(number)
            number += 1
            await asyncio.sleep(0.005)
            if number == 20:
                print("started", flush=True)


def main() -> None:
    given = json.load(sys.stdin)
    settings = {name: getattr(project, name) for name in dir(project) if name.startswith(USED)}
    process = AsyncCrawlerProcess({**settings, "LOG_LEVEL": "INFO", "TELNETCONSOLE_ENABLED": False, **given})
    crawler = process.create_crawler(Probe)
    scraped: list[str] = []
    crawler.signals.connect(
        lambda item: scraped.append(getattr(item, "key", "other")), signals.item_scraped, weak=False
    )
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
