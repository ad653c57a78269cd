"""Two runs side by side, on stats that were made up: what differs is planted."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from forumcrawl.stats.compare import compare
from forumcrawl.stats.errors import ErrorView
from forumcrawl.stats.latency import limit_of
from tests.items.samples import NOON

Stats = dict[str, Any]


def run(seed: int, *, scale: float = 1.0) -> Stats:
    """The stats of a run, which chance makes a little different each time."""
    chance = random.Random(seed)
    stats: Stats = Counter()
    for kind, count in {"posts": 4000, "threads": 400, "members": 300}.items():
        stats[f"items/{kind}/new"] = round(count * scale * chance.uniform(0.97, 1.03))
        stats[f"objects/{kind}"] = stats[f"items/{kind}/new"]
        for field, share in {"url": 1.0, "title": 0.9, "avatar_url": 0.4}.items():
            filled = sum(chance.random() < share for _ in range(stats[f"objects/{kind}"]))
            stats[f"filled/{kind}/{field}"] = filled
    for host, latency in {"forum.example": 0.3, "news.example": 1.0}.items():
        for _ in range(round(500 * scale)):
            stats[f"latency/{host}/{limit_of(chance.lognormvariate(0, 0.4) * latency)}"] += 1
            status = chance.choices(["200", "404", "500"], [0.95, 0.03, 0.02])[0]
            stats[f"status/{host}/{status}"] += 1
    return stats


def slow(stats: Stats, host: str, factor: float) -> None:
    chance = random.Random(5)
    moved = Counter({name: count for name, count in stats.items() if not name.startswith(f"latency/{host}/")})
    moved.update(f"latency/{host}/{limit_of(chance.lognormvariate(0, 0.4) * 0.3 * factor)}" for _ in range(500))
    stats.clear()
    stats.update(moved)


def error(kind: str, count: int) -> ErrorView:
    named = {
        "place": "parse_thread",
        "host": "forum.example",
        "message": "m",
        "url": None,
        "traceback": None,
        "keys": (),
    }
    return ErrorView(kind=kind, count=count, first_at=NOON, last_at=NOON, **named)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(20))
def test_two_runs_that_differ_by_chance_alone_do_not_differ(seed: int) -> None:
    assert compare(run(seed), run(seed + 100)) == []


@pytest.mark.parametrize("seed", range(5))
def test_what_was_planted_is_named_and_nothing_else(seed: int) -> None:
    before, after = run(seed), run(seed + 100)
    slow(after, "forum.example", 4)
    after["filled/posts/title"] -= 1500
    after["items/members/new"] -= 150
    after["status/news.example/404"] += 60
    errors = [error("timeout", 3)], [error("timeout", 4), error("KeyError", 12)]
    found = compare(before, after, errors)
    assert {(each.what, each.where) for each in found} == {
        ("latency", ("forum.example",)),
        ("coverage", ("posts", "title")),
        ("items", ("members",)),
        ("status", ("news.example", "404")),
        ("error", ("KeyError", "parse_thread", "forum.example")),
    }
    assert [each.size for each in found] == sorted((each.size for each in found), reverse=True)


def test_a_type_that_is_gone_comes_before_one_that_is_halved() -> None:
    before, after = run(1), run(2)
    after["items/threads/new"] //= 2
    after["items/members/new"] = 0
    assert [each.where for each in compare(before, after)] == [("members",), ("threads",)]


def test_items_that_are_rejected_are_told_apart_from_those_that_are_missing() -> None:
    before, after = run(1), run(2)
    after["items/threads/rejected"] = 200
    after["items/threads/new"] -= 200
    assert {each.what for each in compare(before, after)} == {"items", "rejected"}


def test_shares_and_not_counts_of_answers_are_compared() -> None:
    found = compare(run(1), run(2, scale=3))
    assert {each.what for each in found} == {"items"}


def test_a_difference_says_what_was_and_what_is() -> None:
    before, after = run(1), run(1)
    after["items/members/new"] = before["items/members/new"] // 2
    (found,) = compare(before, after)
    assert found.text.startswith(f"members: {before['items/members/new']} → {after['items/members/new']} (-50 %)")
