"""What is kept of runs: documents that the crawl writes about itself, not items that a page told."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar


@dataclass(slots=True, kw_only=True)
class RunWorker:
    """A worker of a run."""

    name: str
    """Host, process id and a random part."""
    run_id: str
    """What the documents it wrote have as `run_id`."""
    began_at: datetime
    """When it began (UTC)."""
    heard_at: datetime
    """When it was heard of last (UTC)."""
    reason: str | None = None
    """How it ended; null while it works, and for one that was killed."""


@dataclass(slots=True, kw_only=True)
class Run:
    """A crawl from its first worker's start to its last worker's end."""

    collection: ClassVar[str] = "runs"

    run: str
    """The id of its first worker's run, which sorts by time: also `_id`."""
    job: str | None = None
    """The crawl job; null under Scrapy's own scheduler."""
    spider: str
    """The spider's name."""
    arguments: dict[str, str] = field(default_factory=dict)
    """What the crawl is about: the forum or site, and each argument that is not as by default."""
    started_at: datetime
    """When it began (UTC)."""
    heard_at: datetime
    """When a worker was heard of last (UTC)."""
    ended_at: datetime | None = None
    """When it ended (UTC); null while it goes on."""
    reason: str | None = None
    """How it ended: finished, shutdown, crashed (all workers were silent) ..."""
    workers: list[RunWorker] = field(default_factory=list)
    """All that took part."""
    totals: dict[str, int] = field(default_factory=dict)
    """The numbers that a list of runs shows."""
    stats: dict[str, Any] = field(default_factory=dict)
    """Every stat of the run, its workers taken together: see stats.md."""

    @property
    def key(self) -> str:
        return self.run


@dataclass(slots=True, kw_only=True)
class RunPoint:
    """The stats of a run at one moment, about one a minute, without those by host or field."""

    collection: ClassVar[str] = "run_points"

    run: str
    """The run's `_id`."""
    at: datetime
    """The moment (UTC)."""
    stats: dict[str, Any] = field(default_factory=dict)
    """The stats so far."""

    @property
    def key(self) -> str:
        return f"{self.run}/{self.at:%Y%m%dT%H%M%S}"


@dataclass(slots=True, kw_only=True)
class ErrorGroup:
    """Errors of one kind at one place and one host, as one worker of a run saw them; the first with all there is."""

    collection: ClassVar[str] = "errors"

    run: str
    """The run's `_id`."""
    worker: str
    """The worker's own run id."""
    kind: str
    """Class of the exception, or what came of the request: http_error 503, rejected, source_blocked ..."""
    place: str
    """Function that failed, callback, or field of a rejected item."""
    host: str
    """Host of the page; empty where there is none."""
    count: int
    """How many."""
    first_at: datetime
    """The first (UTC)."""
    last_at: datetime
    """The last (UTC)."""
    message: str = ""
    """What the first said, in one line."""
    url: str | None = None
    """The page of the first."""
    traceback: str | None = None
    """Of the first, where it was an exception."""
    html: bytes | None = dataclasses.field(default=None)
    """The first page's body, zlib-compressed, where there was one."""
    screenshot: bytes | None = dataclasses.field(default=None)
    """The first page as the browser showed it (PNG), where it came from a browser."""

    @property
    def key(self) -> str:
        return f"{self.worker}/{self.kind}/{self.place}/{self.host}"


@dataclass(slots=True, kw_only=True)
class Alarm:
    """Something that is wrong and of which somebody was told, until it is over."""

    collection: ClassVar[str] = "alarms"

    place: str
    """The forum or site, and the spider."""
    name: str
    """What is wrong: server_errors, disk_low ..."""
    subject: str
    """Of which host, field or worker; empty where it is the run itself."""
    reason: str
    """In a sentence, with the numbers."""
    run: str
    """The run in which it was found first."""
    raised_at: datetime
    """When (UTC)."""
    told: bool = False
    """It was sent to every receiver."""

    @property
    def key(self) -> str:
        return f"{self.place}/{self.name}/{self.subject}"


RECORDS: tuple[type[Run] | type[RunPoint] | type[ErrorGroup] | type[Alarm], ...] = (Run, RunPoint, ErrorGroup, Alarm)
"""All of them, in the order the documentation lists them."""
