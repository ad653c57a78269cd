"""When a source that did not answer is asked for again."""

from __future__ import annotations

from datetime import datetime, timedelta

_AGAIN = frozenset({"blocked", "failed"})
"""Outcomes that time may change; every other one is settled by the answer itself."""
_GAPS = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=3), timedelta(days=7))


def next_try(outcome: str, tries: int, now: datetime) -> datetime | None:
    """When to ask again after `tries` tries, the last of which ended at `now`; None where that is settled.

    What was blocked or failed is tried again after 1 hour, 6 hours, 1 day, 3 days and 7 days, and is settled then.
    """
    if outcome not in _AGAIN or not 1 <= tries <= len(_GAPS):
        return None
    return now + _GAPS[tries - 1]
