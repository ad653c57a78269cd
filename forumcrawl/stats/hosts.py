"""Which hosts have stats of their own: pictures and sources may come from thousands."""

from __future__ import annotations

_MOST = 200
_OTHERS = "others"


class Hosts:
    """The first 200 that are named; all further ones are counted together."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def name(self, host: str) -> str:
        """What a host is called in the names of stats."""
        if len(self._known) < _MOST:
            self._known.add(host)
        return host if host in self._known else _OTHERS
