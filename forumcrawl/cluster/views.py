"""What an operator sees of the cluster; the names of the fields are those of `scrapy cluster status --json`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

WorkerState = Literal["pending", "starting", "running", "silent", "orphan", "gone", "foreign"]
"""pending: its node will start it. starting: its node runs it, it was not heard of yet. running: both say so. silent:
its node runs it, but it was not heard of for longer than a lease. orphan: it goes on, but its node does not know it
or is away. gone: neither. foreign: it goes on, and no node started it (as by `scrapy crawl … -a job=ID`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeView:
    """A node."""

    name: str
    url: str
    up: bool
    error: str | None
    """Why it is not up."""
    versions: list[str]
    """Deployed there, the newest last."""
    pending: int
    running: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerView:
    """A worker of a job."""

    id: str
    """At its node; for a foreign one its name in the frontier."""
    name: str | None
    """In the frontier: host, process id and a number; None when it was not heard of."""
    node: str | None
    version: str | None
    state: WorkerState
    seconds_since: float | None
    """Since its last heartbeat."""
    in_flight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JobView:
    """A crawl job."""

    id: str
    state: str
    """unfinished or ended."""
    paused: bool
    spider: str
    scope: dict[str, str]
    began: str
    ended: str | None
    reason: str | None
    waiting: int
    in_flight: int
    dead: int
    """Requests that were given up."""
    done: int
    """Requests acknowledged since the job began."""
    rate: float | None
    """Requests acknowledged a second, just now."""
    versions: dict[str, int]
    """How many of its workers run which egg."""
    workers: list[WorkerView]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterView:
    """Nodes and jobs at one moment."""

    nodes: list[NodeView]
    jobs: list[JobView]
    """Unfinished ones and those that ended last, the newest first."""
    orphans: list[str]
    """Ids of the workers of all jobs that are orphans."""
    redis: str | None
    """Where the frontier is; None when that cannot be used."""
    error: str | None
    """Why it cannot."""
