"""Articles and links of which several pages tell: nothing worse takes the place of what is known."""

from __future__ import annotations

import copy
from datetime import timedelta
from functools import reduce
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumcrawl.items import Article, SourceLink
from forumcrawl.items.document import content_hash
from forumcrawl.items.merge_sources import better_article, further_link
from tests.items.samples import NOON, items_of

ANSWERS = ["fetched", "blocked", "gone", "not_article", "unparsed", "failed"]
LATER = NOON + timedelta(days=1)
URL = "https://source.example/a"


def article(origin: str, outcome: str, text: str = "") -> Article:
    return Article(site="source.example", url=URL, origin=origin, outcome=outcome, text=text or origin)


def link(outcome: str | None, **said: Any) -> SourceLink:
    return SourceLink(site="source.example", url=URL, outcome=outcome, **said)


SOURCE = article("source", "fetched")
FEED = article("feed", "pending")
REPOST = article("repost", "blocked")
articles = st.one_of(
    items_of(Article, origin="source", outcome="fetched"),
    items_of(Article, origin="feed", outcome="pending"),
    st.sampled_from(ANSWERS[1:]).flatmap(lambda outcome: items_of(Article, origin="repost", outcome=outcome)),
)
links = st.sampled_from([None, "unresolved", "pending", *ANSWERS]).flatmap(
    lambda said: items_of(SourceLink, outcome=said)
)


@given(st.lists(articles, min_size=1, max_size=5), st.randoms())
def test_the_text_is_that_of_the_best_origin_in_every_order(told: list[Article], chance: Any) -> None:
    chance.shuffle(told)
    best = reduce(better_article, told)
    origins = [each.origin for each in told]
    assert best.origin == next(each for each in ("source", "feed", "repost") if each in origins)
    latest = [each for each in told if each.origin == best.origin][-1]
    assert (best.text, best.headline, best.images) == (latest.text, latest.headline, latest.images)


@pytest.mark.parametrize("told", list(permutations([SOURCE, FEED, REPOST])))
def test_what_the_source_said_beats_a_feed_and_a_feed_a_repost_in_every_order(told: tuple[Article, ...]) -> None:
    assert reduce(better_article, told) == SOURCE


@pytest.mark.parametrize("told", list(permutations([FEED, REPOST, FEED])))
def test_a_feeds_text_is_kept_with_the_answer_of_the_page_in_every_order(told: tuple[Article, ...]) -> None:
    best = reduce(better_article, told)
    assert (best.origin, best.text, best.outcome) == ("feed", "feed", "blocked")


def test_of_two_of_the_same_origin_the_later_counts() -> None:
    for origin in ("source", "feed", "repost"):
        assert better_article(article(origin, "gone", "old"), article(origin, "gone", "new")).text == "new"


def test_a_source_that_answered_once_is_not_called_blocked_for_a_copy() -> None:
    assert better_article(SOURCE, REPOST).outcome == "fetched"


def test_how_the_source_answers_a_copy_is_that_of_the_last_try() -> None:
    feed = better_article(better_article(FEED, REPOST), article("repost", "gone"))
    assert (feed.text, feed.outcome) == ("feed", "gone")


@given(articles, articles)
def test_an_article_told_again_changes_nothing(old: Article, new: Article) -> None:
    before = copy.deepcopy((old, new))
    once = better_article(old, new)
    assert better_article(once, new) == once
    assert (old, new) == before


@given(links, links)
def test_a_link_told_again_changes_nothing(old: SourceLink, new: SourceLink) -> None:
    before = copy.deepcopy((old, new))
    once = further_link(old, new)
    assert further_link(once, new) == once
    assert (old, new) == before


@given(st.lists(links, min_size=1, max_size=6))
def test_all_posts_that_name_a_link_are_kept_each_once(told: list[SourceLink]) -> None:
    ids = reduce(further_link, told, link(None)).post_ids
    assert set(ids) == {each for said in told for each in said.post_ids}
    assert len(ids) == len(set(ids))


@given(links, links)
def test_an_answered_link_never_waits_again(old: SourceLink, new: SourceLink) -> None:
    both = further_link(old, new)
    if old.outcome in ANSWERS or new.outcome in ANSWERS:
        assert both.outcome in ANSWERS
    assert bool(both.article_id) == bool(old.article_id or new.article_id)


def test_tries_are_never_forgotten() -> None:
    assert further_link(link("failed", tries=4), link("fetched", tries=2)).tries == 4
    assert further_link(link("failed", tries=4), link("pending")).tries == 4
    assert further_link(link("unresolved"), link("fetched")).tries is None


def test_a_final_answer_clears_when_to_ask_again() -> None:
    asked = further_link(link("pending", next_try_at=NOON), link("failed", tries=1, next_try_at=LATER))
    assert (asked.outcome, asked.tries, asked.next_try_at) == ("failed", 1, LATER)
    answered = further_link(asked, link("fetched", tries=2, article_id=URL))
    assert (answered.outcome, answered.tries, answered.next_try_at) == ("fetched", 2, None)


def test_being_named_again_does_not_put_off_what_is_due() -> None:
    for outcome in ("pending", "failed"):
        due = link(outcome, post_ids=["1"], next_try_at=NOON)
        again = further_link(due, link("pending", post_ids=["2"], next_try_at=LATER))
        assert (again.outcome, again.post_ids, again.next_try_at) == (outcome, ["1", "2"], NOON)


def test_naming_a_link_again_from_the_same_post_changes_no_content() -> None:
    once = link("pending", post_ids=["1"], next_try_at=NOON)
    assert content_hash(further_link(once, link("pending", post_ids=["1"], next_try_at=LATER))) == content_hash(once)


def test_a_cut_link_that_was_completed_is_not_open_again_when_it_is_named_again() -> None:
    def cut(outcome: str, **said: Any) -> SourceLink:
        return SourceLink(site="s", cut="https://s/a...b", tail="b", outcome=outcome, **said)

    for outcome in ("pending", "fetched", "blocked"):
        completed = further_link(cut("unresolved", post_ids=["1"]), cut(outcome, article_id=URL))
        again = further_link(completed, cut("unresolved", post_ids=["1"]))
        assert again == completed
        assert (again.outcome, again.article_id, again.post_ids) == (outcome, URL, ["1"])
