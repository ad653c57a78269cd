"""Names of stats, made and read back."""

from __future__ import annotations

import re

import pytest

from forumcrawl.stats.names import ITEMS, OUTCOMES, RETRIES, UNREAD, by_name, counted
from forumcrawl.stats.vocabulary import OURS

TEMPLATES = [stat for stat in OURS if stat.labels]


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_name_is_read_back_and_only_by_its_own_template(template: str) -> None:
    fields = re.findall(r"\{(\w+)\}", template)
    stats = {template.format(**{field: f"{field}.1" for field in fields}): 7, "item_scraped_count": 1}
    assert counted(template, stats) == {tuple(f"{field}.1" for field in fields): 7}
    assert [other for other in TEMPLATES if counted(other, stats)] == [template]


def test_the_last_part_of_a_name_may_hold_slashes() -> None:
    assert counted(UNREAD, {"unread/posts/quotes/0/author": 2}) == {("posts", "quotes/0/author"): 2}


def test_a_name_is_taken_as_it_stands() -> None:
    assert counted(OUTCOMES, {"outcomes/": 1, "xoutcomes/a": 1, "retries/a": 1}) == {}


def test_counts_are_summed_and_the_largest_comes_first() -> None:
    stats = {ITEMS.format(type="posts", verdict=verdict): 2 for verdict in ("new", "changed")}
    stats |= {ITEMS.format(type="boards", verdict="new"): 9, RETRIES.format(reason="503"): 1}
    assert list(by_name(ITEMS, stats).items()) == [("boards", 9), ("posts", 4)]
