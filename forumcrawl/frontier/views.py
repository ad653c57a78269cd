"""What an operator sees of a job; the names of the fields are those of `scrapy frontier --json`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class HostStatus:
    """A host of a job."""

    host: str
    waiting: int
    bands: dict[str, int]
    """How many wait of each band that has any."""
    in_flight: int
    delivered: int
    pace: float
    """Seconds between two requests now."""
    next_in: float | None
    """Seconds until its next turn; None when nothing waits, or it is paused."""
    paused: bool
    held_until: str | None
    """Until when it asked to be left alone (Retry-After), if that is still to come."""
    parked_until: str | None
    """Until when it is left alone because it failed wholesale, if that is still to come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerStatus:
    """A worker of a job."""

    name: str
    alive: bool
    """Heard of within a lease, and not known to have ended."""
    seconds_since: float | None
    """Since its last heartbeat; None for one that said good-bye."""
    in_flight: int
    node_job: str | None = None
    """Its id at the node that started it, where one did."""
    version: str | None = None
    """Of the egg it runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A time when a request was started."""

    worker: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A dead letter: a request that was given up."""

    id: str
    url: str
    host: str
    reason: str
    history: list[Start]


@dataclass(frozen=True, slots=True, kw_only=True)
class Oldest:
    """The delivery that is in flight for the longest time."""

    seconds: float
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobStatus:
    """A job. Times are ISO 8601 in UTC."""

    id: str
    state: str
    """unfinished or ended."""
    paused: bool
    spider: str
    scope: dict[str, str]
    """What the job is about."""
    began: str
    ended: str | None
    reason: str | None
    """How the crawl that ended it ended."""
    counts: dict[str, int]
    """Requests since the job began, by what became of them: see `status.COUNTS`."""
    waiting: int
    hosts: list[HostStatus]
    """The fullest first; read a little later than the rest."""
    workers: list[WorkerStatus]
    in_flight: int
    oldest: Oldest | None
    dead: list[Letter]
