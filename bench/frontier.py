"""What sharing costs one worker: pages a second against Scrapy's scheduler in memory, and against scrapy-redis.

`python -m bench.frontier [PAIRS]` prints one JSON line: the medians of the ratios, and the pages a second by round.
The pages are trivial and their items go nowhere, so that hardly anything but the scheduler takes time.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.frontier.crew import Crew
from tests.tree.rates import mean_of_pages
from tests.tree.shape import Shape

PAGES = 3_000
SAME: dict[str, Any] = {"ROBOTSTXT_OBEY": False, "ITEM_PIPELINES": {"tests.tree.pipelines.NoPipeline": 100}}
SCHEDULERS: dict[str, dict[str, Any]] = {
    "frontier": {},
    "memory": {"SCHEDULER": "scrapy.core.scheduler.Scheduler"},
    "scrapy_redis": {
        "SCHEDULER": "scrapy_redis.scheduler.Scheduler",
        "DUPEFILTER_CLASS": "scrapy_redis.dupefilter.RFPDupeFilter",
    },
}


def pages_per_second(settings: dict[str, Any]) -> float:
    """Of one worker with these settings, from its first request to its last."""
    with tempfile.TemporaryDirectory() as folder, Crew(Path(folder), Shape(pages=PAGES), **SAME, **settings) as crew:
        crew.start_worker()
        codes = crew.wait_finished()
        log = crew.tree.log()
        assert codes == [0], crew.told("the worker failed")
        assert len(crew.tree.asked()) == PAGES, crew.told("pages are missing")
    return mean_of_pages(log)


def main(pairs: int) -> None:
    """One round after the other, so that what else the machine does falls on all schedulers alike."""
    rounds = [{name: pages_per_second(each) for name, each in SCHEDULERS.items()} for _ in range(pairs)]
    figures = {
        "bench": "frontier",
        "ratio": round(statistics.median(each["frontier"] / each["memory"] for each in rounds), 3),
        "scrapy_redis_ratio": round(statistics.median(each["scrapy_redis"] / each["memory"] for each in rounds), 3),
        "pairs": [{name: round(rate, 1) for name, rate in each.items()} for each in rounds],
    }
    print(json.dumps(figures), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
