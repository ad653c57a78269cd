"""Errors of runs, of all their workers together: read here, shown elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from forumcrawl.items.run import ErrorGroup


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorView:
    """Errors of one kind at one place and one host; the names of the fields are those of `scrapy runs show --json`."""

    kind: str
    place: str
    host: str
    count: int
    first_at: datetime
    last_at: datetime
    message: str
    url: str | None
    traceback: str | None
    keys: tuple[str, ...]
    """`_id`s of its documents, the one that saw the first error first."""


def merged_groups(groups: Iterable[ErrorGroup]) -> list[ErrorView]:
    """What several workers grouped each for itself, the largest group first."""
    by_group: dict[tuple[str, str, str], list[ErrorGroup]] = {}
    for group in sorted(groups, key=lambda each: each.first_at):
        by_group.setdefault((group.kind, group.place, group.host), []).append(group)
    views = [_merged(each) for each in by_group.values()]
    return sorted(views, key=lambda view: (-view.count, view.kind, view.place, view.host))


def _merged(groups: list[ErrorGroup]) -> ErrorView:
    first = groups[0]
    return ErrorView(
        kind=first.kind,
        place=first.place,
        host=first.host,
        count=sum(group.count for group in groups),
        first_at=first.first_at,
        last_at=max(group.last_at for group in groups),
        message=first.message,
        url=first.url,
        traceback=first.traceback,
        keys=tuple(group.key for group in groups),
    )
