"""A crawl of the replica leaves exactly its truth: every board, thread, post and member, field by field."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.e2e.crawling import Site
from tests.replica.process import ReplicaProcess

WORLDS: dict[str, dict[str, Any]] = {
    "2.3 Arabic": {"version": "2.3", "language": "ar"},
    "2.0 English": {"version": "2.0", "language": "en"},
    "2.1 German under a path": {"version": "2.1", "language": "de", "routes": "base"},
    "2.2 French, renamed routes": {"version": "2.2", "language": "fr", "routes": "renamed"},
    "2.2 Russian, index.php, icons": {"version": "2.2", "language": "ru", "routes": "indexphp", "icon_cards": True},
}
CONTENT = {"robots", "forum_list", "category", "forum", "thread"}


@pytest.mark.parametrize("name", WORLDS)
def test_exactly_the_truth(site: Site, name: str) -> None:
    with ReplicaProcess(threads=40, **WORLDS[name]) as replica:
        assert site.crawl(replica.url) == 0, site.log()
        assert site.differences(replica) == []


def test_member_pages(site: Site) -> None:
    with ReplicaProcess(threads=30, language="ar") as replica:
        assert site.crawl(replica.url, "-a", "members=1") == 0, site.log()
        assert site.differences(replica, member_pages=True) == []


def test_what_cannot_be_read_is_recorded_and_no_trap_entered(site: Site) -> None:
    with ReplicaProcess(threads=40, language="ar") as replica:
        assert site.crawl(replica.url) == 0, site.log()
        found = {(path_of(each["url"]), each["outcome"]) for each in site.database["failures"].find()}
        assert found == set(replica.world.expected_failures())
        assert {entry["kind"] for entry in replica.log()} == CONTENT, replica.counters()
        unknown = site.database["pages_unparsed"].find_one()
        assert unknown is not None
        assert unknown["reason"]
        assert len(unknown["html"]) > 100


def test_robots_txt_is_obeyed(site: Site) -> None:
    with ReplicaProcess(threads=10, language="en") as replica:
        assert site.crawl(replica.url) == 0, site.log()
        paths = [entry["path"] for entry in replica.log()]
    assert paths[0] == "/robots.txt"
    assert not [path for path in paths if path.startswith("/misc/")]


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
