"""What is refused before any node hears of it, and how workers are spread."""

from __future__ import annotations

import pytest
from scrapy.utils.project import get_project_settings

from forumcrawl.cluster.crew import spread
from forumcrawl.cluster.starting import plan
from forumcrawl.cluster.targets import ClusterError

URL = {"url": "http://forum.example/"}


def test_a_plan_knows_what_the_job_is_about() -> None:
    made = plan(get_project_settings(), "forum", {**URL, "boards": "2,1"}, {"HOST_DELAY": "2"})
    assert made.scope == {"forum": "forum.example", "boards": "1,2"}
    assert made.order.settings == {"HOST_DELAY": "2"}


def test_the_forum_of_the_environment_is_told_to_the_nodes() -> None:
    settings = get_project_settings()
    settings.set("FORUM_URL", "http://forum.example/")
    assert plan(settings, "forum", {}, {}).order.arguments == URL


@pytest.mark.parametrize(
    ("spider", "arguments", "overrides", "said"),
    [
        ("frum", URL, {}, "there is no spider 'frum'"),
        ("forum", {}, {}, "no forum to crawl"),
        ("forum", {**URL, "max_threads": "-1"}, {}, "no number above 0"),
        ("forum", {"url": "http://u:p@forum.example/"}, {}, "holds a user name"),
        ("forum", URL, {"MONGODB_URI": "x"}, "may hold a secret"),
        ("forum", URL, {"REDIS_URL": "x"}, "may hold a secret"),
        ("forum", URL, {"AWS_SECRET_ACCESS_KEY": "x"}, "may hold a secret"),
        ("forum", URL, {"SOME_PROXY": "http://u:p@proxy/"}, "may hold a secret"),
    ],
)
def test_what_a_worker_would_refuse_or_a_node_would_show_is_refused(
    spider: str, arguments: dict[str, str], overrides: dict[str, str], said: str
) -> None:
    settings = get_project_settings()
    settings.set("FORUM_URL", None)
    with pytest.raises((ClusterError, ValueError), match=said):
        plan(settings, spider, arguments, overrides)


@pytest.mark.parametrize(
    ("loads", "count", "share"),
    [
        ({"a": 0, "b": 0}, 2, {"a": 1, "b": 1}),
        ({"a": 0, "b": 0}, 3, {"a": 2, "b": 1}),
        ({"a": 2, "b": 0}, 2, {"b": 2}),
        ({"a": 2, "b": 0}, 4, {"a": 1, "b": 3}),
        ({"a": 5}, 2, {"a": 2}),
    ],
)
def test_the_least_busy_nodes_take_the_next_workers(loads: dict[str, int], count: int, share: dict[str, int]) -> None:
    assert spread(loads, count) == share
