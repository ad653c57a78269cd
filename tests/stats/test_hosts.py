"""Names of hosts in stats."""

from __future__ import annotations

from scrapy.utils.test import get_crawler

from forumcrawl.stats.hosts import OTHER, Hosts


def test_the_first_hosts_keep_their_names_and_further_ones_share_one() -> None:
    hosts = Hosts.of(get_crawler(settings_dict={"STATS_HOSTS": 2}))
    assert [hosts.name(each) for each in ("a", "b", "a", "c", "d", "b")] == ["a", "b", "a", OTHER, OTHER, "b"]
