"""What was said of a member is said once, and what is remembered has a bound."""

from __future__ import annotations

import dataclasses

from forumcrawl.spiders.known import Known
from tests.items.samples import card


def test_a_card_is_news_once() -> None:
    known = Known()
    assert known.is_news(card())
    assert not known.is_news(card())
    assert known.is_news(card(member_id=10))
    assert not known.is_news(card())


def test_another_content_or_counter_is_news() -> None:
    known = Known()
    known.is_news(card())
    for change in ({"title": "new"}, {"messages": 11}, {"reaction_score": 1}, {"points": 2}):
        assert known.is_news(card(**change)), change
        assert not known.is_news(card(**change)), change


def test_an_avatar_token_is_no_news() -> None:
    known = Known()
    known.is_news(card(avatar_url="https://forum.example/a.jpg?1700000000"))
    assert not known.is_news(card(avatar_url="https://forum.example/a.jpg?1800000000"))


def test_the_member_said_longest_ago_is_forgotten_first() -> None:
    known = Known(limit=2)
    for number in (1, 2, 1, 3):
        known.is_news(card(member_id=number))
    assert not known.is_news(card(member_id=1))
    assert not known.is_news(card(member_id=3))
    assert known.is_news(card(member_id=2))


def test_no_more_than_the_bound_is_remembered() -> None:
    known = Known(limit=5)
    one = card()
    for number in range(1, 51):
        known.is_news(dataclasses.replace(one, member_id=number))
    remembered = [each for each in range(50, 0, -1) if not known.is_news(dataclasses.replace(one, member_id=each))]
    assert remembered == [50, 49, 48, 47, 46]
