"""How busy this process is: what can wait is asked for with what pages of the forum leave of processor and database."""

from __future__ import annotations

import time
from collections.abc import Callable

_WINDOW = 0.5
"""Seconds over which shares are taken."""
_EASY = 0.5
"""Share of one core, or of the time for storing, up to which nothing has to wait."""
_STEEP = 8.0
"""Seconds between two requests to a host, for each whole one beyond that."""
_LATELY = 3.0
"""Seconds after which a page of the forum no longer counts as being read."""


class Load:
    """Of one process; `note` what is urgent, and ask for the `gap` of what is not.

    `storing`: the seconds that were spent storing, so far; it is done one batch at a time.
    """

    def __init__(self, storing: Callable[[], float] = lambda: 0.0) -> None:
        self._storing = storing
        self._at, self._used = time.monotonic(), self._taken()
        self._share = 0.0
        self._urgent = float("-inf")

    def note(self) -> None:
        """A request begins that nothing may hold up."""
        self._urgent = time.monotonic()

    def gap(self) -> float:
        """Seconds that lie at least between two requests to a host of which only light requests wait."""
        now = time.monotonic()
        if now - self._at >= _WINDOW:
            used = self._taken()
            self._share = max(after - before for before, after in zip(self._used, used, strict=True)) / (now - self._at)
            self._at, self._used = now, used
        return _STEEP * max(0.0, self._share - _EASY) if self.urgent else 0.0

    def _taken(self) -> tuple[float, float]:
        return time.process_time(), self._storing()

    @property
    def urgent(self) -> bool:
        """Whether pages of the forum are being read."""
        return time.monotonic() - self._urgent < _LATELY
