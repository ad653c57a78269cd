"""Moments to expect, and texts that look like them."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from forumcrawl.text.moments import Moment
from forumcrawl.text.months import MONTH


def minute(day: int, hour: int, of_hour: int, month: int = 1, year: int = 2023, second: int = 0) -> Moment:
    return Moment(datetime(year, month, day, hour, of_hour, second, tzinfo=UTC), "minute")


def whole(day: int, month: int = 1, year: int = 2023) -> Moment:
    return Moment(datetime(year, month, day, tzinfo=UTC), "day")


pieces = st.sampled_from(
    [*MONTH, *"0123456789", "12", "31", "2023", "1444", "هـ", "صفر", "/", "-", ".", ":", " ", "\u200f", "ص", "م",
     "الساعة", "GMT", "+03:00", "T", "Z", "بتوقيت", "نشر", "آخر تحديث", "٢٠٢٣", "١٢", "و", "10:35", "العدد"]
)  # fmt: skip
nearly = st.tuples(
    pieces,
    st.sampled_from(["12", "31", "٣", "2023", "1999"]),
    st.sampled_from([" ", "/", "-", ".", " - "]),
    st.sampled_from([*sorted(MONTH), "1", "02", "12", "13"]),
    st.sampled_from([" ", "/", "-", ".", ", "]),
    st.sampled_from(["2023", "٢٠٢٠", "1999", "12"]),
    st.sampled_from(["", " "]),
    pieces,
    pieces,
).map("".join)
noise = st.one_of(
    nearly,
    st.tuples(nearly, pieces, nearly).map(" ".join),
    st.text(max_size=60),
    st.lists(pieces, max_size=12).map("".join),
    st.lists(pieces).map(" ".join),
)
