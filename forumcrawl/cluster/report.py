"""The cluster as text, for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from forumcrawl.cluster.views import ClusterView, JobView, NodeView, WorkerView

Row: TypeAlias = tuple[str, ...]


def lines(view: ClusterView) -> Iterator[str]:
    """Nodes, then each job with its workers."""
    yield from _table([("node", "state", "running", "pending", "versions"), *map(_node, view.nodes)])
    if view.error:
        yield f"\n{view.error}"
    for job in view.jobs:
        yield ""
        yield from _job(job)
    if view.orphans:
        yield f"\n{len(view.orphans)} orphaned: scrapy cluster restart-dead replaces them, stop ends them"


def _node(node: NodeView) -> Row:
    if not node.up:
        return node.name, "down", "", "", " ".join((node.error or "").split())
    shown = ", ".join(reversed(node.versions[-3:])) or "none"
    more = len(node.versions) - 3
    return node.name, "up", str(node.running), str(node.pending), shown + (f" and {more} older" if more > 0 else "")


def _job(job: JobView) -> Iterator[str]:
    scope = " ".join(f"{name}={value}" for name, value in job.scope.items())
    yield f"job {job.id} ({job.state}{', paused' if job.paused else ''}): {job.spider} {scope}".rstrip()
    ended = f", ended {job.ended} ({job.reason})" if job.ended else ""
    yield f"  began {job.began}{ended}"
    rate = "" if job.rate is None else f", {job.rate:,.1f} a second"
    counts = f"done {job.done:,}, waiting {job.waiting:,}, in flight {job.in_flight:,}, dead {job.dead:,}"
    yield f"  {counts}{rate}"
    if job.workers:
        head = ("worker", "node", "state", "version", "heard", "in flight")
        yield from (f"  {line}" for line in _table([head, *map(_worker, job.workers)]))


def _worker(worker: WorkerView) -> Row:
    heard = "" if worker.seconds_since is None else f"{worker.seconds_since:,.1f} s ago"
    return worker.id, worker.node or "", worker.state, worker.version or "", heard, f"{worker.in_flight:,}"


def _table(rows: Sequence[Row]) -> Iterator[str]:
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
