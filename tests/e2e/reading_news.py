"""A crawl of the replica's forum and the source sites its posts quote, and how it differs from the truth."""

from __future__ import annotations

import json

from tests.e2e.crawling import Site
from tests.replica.news.compare import Figures, compare_news
from tests.replica.news.truth import NewsTruth
from tests.replica.process import ReplicaProcess


def following(replica: ReplicaProcess) -> list[str]:
    """Options of a crawl that follows source links, with Al Arabiya's page class for the site in its place."""
    mirror = replica.sites["alarabiya"].partition("://")[2].strip("/")
    return ["-a", "sources=1", "-s", f"SOURCE_CLASSES={json.dumps({mirror: 'alarabiya.net'})}", "-s", "HOST_DELAY=0"]


def figures(site: Site, replica: ReplicaProcess) -> Figures:
    """What is stored, compared with the truth."""
    documents = (site.database[name].find() for name in ("articles", "links", "citations"))
    return compare_news(NewsTruth(replica.world), *documents)
