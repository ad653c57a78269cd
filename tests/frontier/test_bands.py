"""Places in a queue: band before priority before arrival, and a sorted set's score holds them exactly."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request

from forumcrawl.frontier.bands import BAND, Band, band_of, score
from forumcrawl.frontier.streams import Push
from tests.frontier.open_job import OpenJob

_ARRIVALS = 1 << 33
_LIMIT = 1 << 14
bands = st.sampled_from(Band)
priorities = st.integers(-(2**40), 2**40)
arrivals = st.integers(0, _ARRIVALS - 1)


def _request(band: Band | None = None, priority: int = 0) -> Request:
    meta: dict[str, Any] = {} if band is None else {BAND: band.label}
    return Request("http://h.example/", meta=meta, priority=priority)


@given(bands, priorities, arrivals)
def test_a_score_is_exact(band: Band, priority: int, arrival: int) -> None:
    place = score(_request(band, priority)) + arrival
    assert 0 <= place < 1 << 53
    assert int(float(place)) == place
    assert float(place + 1) > float(place)
    low, high = band.scores
    assert low <= place < high


@given(st.tuples(bands, priorities, arrivals), st.tuples(bands, priorities, arrivals))
def test_band_goes_before_priority_and_priority_before_arrival(
    one: tuple[Band, int, int], two: tuple[Band, int, int]
) -> None:
    def asked(band: Band, priority: int, arrival: int) -> tuple[int, int, int]:
        return band, -max(-_LIMIT, min(priority, _LIMIT - 1)), arrival

    def place(band: Band, priority: int, arrival: int) -> int:
        return score(_request(band, priority)) + arrival

    assert (asked(*one) < asked(*two)) == (place(*one) < place(*two))


def test_bands_touch_and_do_not_overlap() -> None:
    assert [band.scores[1] for band in Band][:-1] == [band.scores[0] for band in Band][1:]


def test_the_band_of_a_request() -> None:
    assert [band_of(_request(band)) for band in Band] == list(Band)
    assert band_of(_request()) is Band.OTHER


@pytest.mark.parametrize("name", ["", "pages", 1, b"thread"])
def test_a_band_that_is_none(name: object) -> None:
    with pytest.raises(ValueError, match="there is no band"):
        band_of(Request("http://h.example/", meta={BAND: name}))


def test_the_server_keeps_the_order(job: OpenJob) -> None:
    """Also at the ends of the range, where a score that is rounded would show."""
    asked = [(band, priority) for band in reversed(Band) for priority in (-(10**9), -1, 0, 1, 10**9)]
    for turn in ("first", "second"):
        texts = [f"{turn}: {band.label} {priority}".encode() for band, priority in asked]
        places = [score(_request(*each)) for each in asked]
        job.push(*(Push(b"", "h", place, text) for place, text in zip(places, texts, strict=True)))
    expected = [
        f"{turn}: {band.label} {priority}".encode()
        for band in Band
        for priority in (10**9, 1, 0, -1, -(10**9))
        for turn in ("first", "second")
    ]
    assert job.queue("h") == expected
    assert [each.request for each in job.given("one", 100)] == expected
