"""Latencies by limit, and percentiles of them."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumcrawl.stats.latency import BEYOND, LIMITS, limit_of, percentile


@pytest.mark.parametrize(("seconds", "limit"), [(0.0, "10"), (0.01, "10"), (0.0101, "14"), (1.0, "1280"), (99, BEYOND)])
def test_a_latency_counts_at_the_smallest_limit_that_it_is_within(seconds: float, limit: str) -> None:
    assert limit_of(seconds) == limit


def test_there_is_no_percentile_of_nothing() -> None:
    assert percentile({}, 0.5) is None


def test_what_took_longer_than_all_limits_is_told_as_the_last() -> None:
    assert percentile({BEYOND: 3}, 0.5) == LIMITS[-1] / 1000


@given(
    st.lists(st.floats(min_value=0.0101, max_value=50), min_size=1, max_size=200), st.sampled_from([0.5, 0.95, 0.99])
)
def test_a_percentile_is_off_by_no_more_than_the_width_of_its_limit(seconds: list[float], share: float) -> None:
    told = percentile(Counter(map(limit_of, seconds)), share)
    rank = max(0, -(-len(seconds) * share // 1) - 1)
    true = sorted(seconds)[int(rank)]
    assert told is not None
    assert true / 1.5 <= told <= true * 1.5


@given(st.lists(st.floats(min_value=0, max_value=90)), st.lists(st.floats(min_value=0, max_value=90)))
def test_what_two_workers_saw_adds_up(one: list[float], other: list[float]) -> None:
    both = Counter(map(limit_of, one)) + Counter(map(limit_of, other))
    assert percentile(both, 0.9) == percentile(Counter(map(limit_of, one + other)), 0.9)
