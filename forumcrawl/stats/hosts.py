"""Which hosts have stats of their own: pictures and sources may come from thousands."""

from __future__ import annotations

from typing import Self

from scrapy.crawler import Crawler

OTHER = "other"
"""All hosts together that came when there were `STATS_HOSTS` already."""
_MOST = 200


class Hosts:
    """The first `most` that are named; all further ones are counted together."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._known: set[str] = set()

    @classmethod
    def of(cls, crawler: Crawler) -> Self:
        """As many as the settings say."""
        return cls(crawler.settings.getint("STATS_HOSTS", _MOST))

    def name(self, host: str) -> str:
        """What a host is called in the names of stats."""
        if len(self._known) < self._most:
            self._known.add(host)
        return host if host in self._known else OTHER
