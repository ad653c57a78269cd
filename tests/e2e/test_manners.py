"""A guest's manners, from the server's own log: pace, robots.txt, name, and no page that only traps crawlers."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from forumcrawl import __version__, settings
from tests.e2e.crawling import Site
from tests.replica.process import ReplicaProcess
from tests.replica.urls import ROUTES

SOUGHT = {"robots", "forum_list", "category", "forum", "thread", "member"}
"""Kinds of request that lead to content; all others of the replica are traps, detours or files."""


def test_one_request_a_second_robots_txt_first_under_an_honest_name(site: Site) -> None:
    with ReplicaProcess(threads=15, language="en") as replica:
        options = ("-a", "max_threads=2", "-a", "boards=11", "-s", "DOWNLOAD_DELAY=1")
        contact = {"FORUMCRAWL_CONTACT": "crawler@archive.example"}
        assert site.crawl(replica.url, *options, environment=contact) == 0, site.log()
        log = replica.log()
    times = [entry["time"] for entry in log]
    assert [entry["path"] for entry in log[:2]] == ["/robots.txt", "/"]
    assert [entry["kind"] for entry in log].count("robots") == 1
    assert len(log) > 5
    assert min(later - earlier for earlier, later in pairwise(times)) > 0.8
    assert times[-1] - times[0] > 0.95 * (len(times) - 1)
    assert {entry["agent"] for entry in log} == {f"forumcrawl/{__version__} (crawler@archive.example)"}


def test_a_page_a_second_unless_said_otherwise() -> None:
    assert settings.HOST_DELAY >= 1
    assert settings.DOWNLOAD_DELAY_JITTER == 0
    assert settings.ROBOTSTXT_OBEY
    assert f"forumcrawl/{__version__} (" in settings.USER_AGENT


@pytest.mark.parametrize("routes", ROUTES)
def test_nothing_is_asked_for_but_content(site: Site, routes: str) -> None:
    with ReplicaProcess(threads=15, language="ar", routes=routes) as replica:
        assert site.crawl(replica.url, "-a", "members=1") == 0, site.log()
        log = replica.log()
        assert {entry["kind"] for entry in log} == SOUGHT, replica.counters()
        repeated = {path for path, count in Counter(entry["path"] for entry in log).items() if count > 1}
        target = replica.world.at(0).target()
        assert repeated <= {replica.world.urls.of("threads", target.title, target.id)}  # a moved thread led there too
        assert not [entry["path"] for entry in log if "account" in entry["path"]]
        assert site.differences(replica, member_pages=True) == []
