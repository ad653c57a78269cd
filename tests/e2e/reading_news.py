"""A crawl of the replica's forum and the source sites its posts quote, and how it differs from the truth."""

from __future__ import annotations

import json

from forumcrawl.text.addresses import site_of
from tests.e2e.crawling import Site
from tests.replica.news.compare import Figures, compare_news
from tests.replica.news.truth import NewsTruth
from tests.replica.process import ReplicaProcess


def following(replica: ReplicaProcess) -> list[str]:
    """Options of a forum crawl that follows source links."""
    return ["-a", "sources=1", *reading(replica)]


def reading(replica: ReplicaProcess) -> list[str]:
    """Options of a crawl that reads articles, with Al Arabiya's page class for the site in its place."""
    mirror = site_of(replica.sites["alarabiya"])
    return ["-s", f"SOURCE_CLASSES={json.dumps({mirror: 'alarabiya.net'})}", "-s", "HOST_DELAY=0"]


def figures(site: Site, replica: ReplicaProcess) -> Figures:
    """What is stored, compared with the truth."""
    documents = (site.database[name].find() for name in ("articles", "links", "citations"))
    return compare_news(NewsTruth(replica.world), *documents)
