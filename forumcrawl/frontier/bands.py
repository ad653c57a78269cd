"""Bands: which kind of request is delivered first."""

from __future__ import annotations

from enum import IntEnum

from scrapy import Request

BAND = "band"
"""Key in `Request.meta`: the band's name; without it a request is of the band OTHER."""
_PRIORITIES = 1 << 15
_NUMBERS = 1 << 33


class Band(IntEnum):
    """Of one host's requests, those of a lower band are delivered first."""

    START = 0
    LISTING = 1
    THREAD = 2
    MEMBER = 3
    OTHER = 4
    SOURCE = 5
    PICTURE = 6

    @property
    def label(self) -> str:
        """The name in `Request.meta` and in reports."""
        return self.name.lower()

    @property
    def scores(self) -> tuple[int, int]:
        """The lowest score of the band, and the lowest above it."""
        size = _PRIORITIES * _NUMBERS
        return self * size, (self + 1) * size


def band_of(request: Request) -> Band:
    """The band a request names. Raises ValueError for a name that is none."""
    name = request.meta.get(BAND)
    if name is None:
        return Band.OTHER
    try:
        return Band[str(name).upper()]
    except KeyError:
        raise ValueError(f"there is no band {name!r}") from None


def is_light(request: Request) -> bool:
    """Whether it can wait for what the forum's pages leave: a source article or a picture."""
    return band_of(request) >= Band.SOURCE


def score(request: Request) -> int:
    """Place in the queue: band, then Scrapy's priority, then (added by the script) the order of arrival.

    53 bits in all, what a sorted set's score holds exactly: 5, 15 and 33 of them.
    """
    priority = max(-_PRIORITIES // 2, min(request.priority, _PRIORITIES // 2 - 1))
    return (band_of(request) * _PRIORITIES + _PRIORITIES // 2 - 1 - priority) * _NUMBERS
