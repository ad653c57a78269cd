"""The promises about source articles at full size: what is found, and that sites in trouble hold nothing up."""

from __future__ import annotations

import signal
import statistics
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forumcrawl.items import Post
from tests.e2e.crawling import Document, Site
from tests.e2e.reading_news import figures, following
from tests.replica.news.sites import MANNERS
from tests.replica.news.truth import NewsTruth
from tests.replica.process import ReplicaProcess

TROUBLES = {"alarabiya": "challenge", "jsonld": "stall", "meta": "drip", "dated": "forbidden", "english": "loop"}
"""Of the sites that are open otherwise; eleven more, one of them down, fail by themselves."""
LATENCY = 1.2
"""Seconds that a page of the forum takes, so that a crawl of it waits for little else."""
ROUNDS = 3
QUIET = 10.0
"""Seconds without a request to the forum after which it is read."""
STALL = 30.0
"""Seconds that a slow site takes: longer than an article is waited for."""


def news(home: Path) -> dict[str, Any]:
    """2,000 articles and the 6,000 posts that have to do with them, in one crawl that follows sources."""
    with Site(home) as site, ReplicaProcess(threads=1_200, language="ar", news=2_000) as replica:
        began = time.monotonic()
        code = site.crawl(replica.url, *following(replica), timeout=3_600)
        seconds = time.monotonic() - began
        found = figures(site, replica)
    enough = found.links >= 0.99 and found.precision >= 0.99 and found.recall >= 0.97
    return {
        "kept": code == 0 and enough and not found.fields_wrong,
        "links": round(found.links, 4),
        "cuts": f"{found.resolved_cuts} of {found.due_cuts}",
        "precision": round(found.precision, 4),
        "recall": round(found.recall, 4),
        "articles": found.articles,
        "fields_wrong": dict(found.fields_wrong),
        "seconds": round(seconds),
    }


@dataclass(frozen=True, slots=True)
class Crawl:
    """What one crawl of the forum took and left."""

    code: int
    differences: int
    """Of the forum's part."""
    forum_seconds: float
    """From the first request to the forum to the last."""
    seconds: float
    """Of the whole job."""


def news_troubles(home: Path) -> dict[str, Any]:
    """Every source site in some trouble, against the same crawl that follows no sources, in turn.

    The first crawl in trouble goes on to its end, the others until the forum is stored.
    """
    pairs = [_pair(home / str(number), whole=not number) for number in range(ROUNDS)]
    ratio = statistics.median(troubled.forum_seconds / alone.forum_seconds for alone, troubled, _ in pairs)
    (alone, whole, unlike), *_ = pairs
    wrong = [each.differences + each.code for pair in pairs for each in pair[:2]]
    return {
        "kept": not any(wrong) and not unlike and ratio <= 1.10,
        "forum_ratio": round(ratio, 3),
        "forum_seconds": [[round(each.forum_seconds, 1) for each in pair[:2]] for pair in pairs],
        "job_seconds": [round(each.seconds, 1) for each in (alone, whole)],
        "differences": wrong,
        "links_unlike": unlike,
    }


def _pair(home: Path, *, whole: bool) -> tuple[Crawl, Crawl, dict[str, int]]:
    world: dict[str, Any] = {"threads": 400, "language": "ar", "news": 800, "delay": LATENCY, "stall": STALL}
    home.mkdir()
    with Site(home / "alone") as site, ReplicaProcess(**world) as replica:
        alone = _crawl(site, replica, "-a", "sources=0")
    with Site(home / "troubled") as site, ReplicaProcess(**world) as replica:
        for name, manner in TROUBLES.items():
            replica.manner(name, manner)
        troubled = _crawl(site, replica, whole=whole)
        links = list(site.database["links"].find())
        unlike = unlike_its_manner(links, NewsTruth(replica.world)) if whole else {}
    return alone, troubled, unlike


def _crawl(site: Site, replica: ReplicaProcess, *options: str, whole: bool = True) -> Crawl:
    began = time.time()
    process = site.start(replica.url, *following(replica), *options)
    if not whole:
        while (
            process.poll() is None
            and time.time() - max((line["time"] for line in replica.log()), default=began) < QUIET
        ):
            time.sleep(1)
        process.send_signal(signal.SIGINT)
    code = process.wait(1_800)
    seconds = time.time() - began
    times = [line["time"] for line in replica.log()]
    due = sum(isinstance(each, Post) for each in replica.world.truth())
    differences = len(site.differences(replica)) if whole else due - site.database["posts"].count_documents({})
    return Crawl(code if whole else 0, differences, max(times) - min(times), seconds)


def unlike_its_manner(links: list[Document], truth: NewsTruth) -> dict[str, int]:
    """Manner of a site and outcomes to how many posts name links with outcomes that the manner does not explain.

    A link that was not asked for since its site rests stays pending; a manner of which all links are is told too.
    """
    by_post: defaultdict[str, set[str]] = defaultdict(set)
    for link in links:
        for post_id in link["post_ids"]:
            by_post[post_id].add(link["outcome"])
    unlike, silent = Counter[str](), set(MANNERS) - {"open"}
    for place, post in zip(truth.quoting.places, truth.posts(), strict=True):
        quoted = truth.quoting.at(*place)
        if quoted is None or post.url is None:
            continue
        manner = TROUBLES.get(quoted.story.site.name, quoted.story.site.manner)
        found = by_post[post.post_id]
        if not found or found - MANNERS[manner] - {"pending"}:
            unlike[f"{manner}: {' '.join(sorted(found)) or 'not stored'}"] += 1
        if found & MANNERS[manner]:
            silent.discard(manner)
    return {**unlike, **{f"{manner}: none answered": 1 for manner in silent}}
