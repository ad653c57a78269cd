"""When a source is asked for again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumcrawl.citing.schedule import next_try

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)


@pytest.mark.parametrize("outcome", ["blocked", "failed"])
def test_the_gaps_grow_until_it_is_settled(outcome: str) -> None:
    gaps = [found - NOON if (found := next_try(outcome, tries, NOON)) else None for tries in range(1, 7)]
    hour, day = timedelta(hours=1), timedelta(days=1)
    assert gaps == [hour, 6 * hour, day, 3 * day, 7 * day, None]


@pytest.mark.parametrize("outcome", ["fetched", "gone", "not_article", "unparsed", "unresolved", "pending", ""])
def test_an_answer_settles_it(outcome: str) -> None:
    assert next_try(outcome, 1, NOON) is None


@given(st.text(), st.integers())
def test_it_is_never_in_the_past(outcome: str, tries: int) -> None:
    found = next_try(outcome, tries, NOON)
    assert found is None or found > NOON
