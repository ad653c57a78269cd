"""How busy this process is: what can wait is asked for with what pages of the forum leave of the processor."""

from __future__ import annotations

import time

_WINDOW = 0.5
"""Seconds over which the processor time is taken."""
_EASY = 0.5
"""Share of one core up to which nothing has to wait."""
_STEEP = 8.0
"""Seconds between two requests to a host, for each whole core beyond that."""
_LATELY = 3.0
"""Seconds after which a page of the forum no longer counts as being read."""


class Load:
    """Of one process; `note` what is urgent, and ask for the `gap` of what is not."""

    def __init__(self) -> None:
        self._at, self._used = time.monotonic(), time.process_time()
        self._share = 0.0
        self._urgent = float("-inf")

    def note(self) -> None:
        """A request begins that nothing may hold up."""
        self._urgent = time.monotonic()

    def gap(self) -> float:
        """Seconds that lie at least between two requests to a host of which only light requests wait."""
        now, used = time.monotonic(), time.process_time()
        if now - self._at >= _WINDOW:
            self._share = (used - self._used) / (now - self._at)
            self._at, self._used = now, used
        return _STEEP * max(0.0, self._share - _EASY) if self.urgent else 0.0

    @property
    def urgent(self) -> bool:
        """Whether pages of the forum are being read."""
        return time.monotonic() - self._urgent < _LATELY
