"""Reading a thread page against the bare lxml parse of the same bytes.

`python -m bench.parsing PAGE…` prints one JSON line a page and one for all. The two are timed in turn,
so that a machine whose speed drifts drifts for both; a ratio is the median of the pairs' ratios.
"""

from __future__ import annotations

import gc
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from lxml import etree

from forumcrawl.pages.xenforo import ThreadPage, Unrecognised, open_page

ROUNDS = 41


def bare(body: bytes) -> None:
    """What lxml alone does with the page."""
    etree.fromstring(body, etree.HTMLParser())


def whole(body: bytes) -> int:
    """Everything the crawl reads from a thread page, as it reads it; the number of posts."""
    try:
        page = open_page(body, url="https://forum.example/threads/x.1/", forum="forum.example")
    except Unrecognised:
        return 0
    if not isinstance(page, ThreadPage):
        return 0
    _ = page.thread, page.members, page.read
    return len(page.posts)


def seconds(call: Callable[[bytes], object], body: bytes) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    call(body)
    return time.perf_counter() - start


def main(names: list[str]) -> None:
    """Print the ratio of each thread page, then the median and the largest of all."""
    gc.collect()
    gc.freeze()  # as the crawl command does
    ratios: list[float] = []
    for name in names:
        body = Path(name).read_bytes()
        if not (posts := whole(body)):
            continue
        pairs = [(seconds(bare, body), seconds(whole, body)) for _ in range(ROUNDS)]
        ratio = statistics.median(each / base for base, each in pairs)
        ratios.append(ratio)
        base_ms = statistics.median(base for base, _ in pairs) * 1000
        print(
            json.dumps(
                {"page": Path(name).name, "posts": posts, "lxml_ms": round(base_ms, 2), "ratio": round(ratio, 2)}
            )
        )
    if ratios:
        summary = {"bench": "parsing", "pages": len(ratios), "median": statistics.median(ratios), "max": max(ratios)}
        print(
            json.dumps(
                {name: round(value, 2) if isinstance(value, float) else value for name, value in summary.items()}
            )
        )


if __name__ == "__main__":
    main(sys.argv[1:])
