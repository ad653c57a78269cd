"""Runs as text, for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from forumcrawl.stats.compare import Difference
from forumcrawl.stats.digest import Digest, digest
from forumcrawl.stats.errors import ErrorView
from forumcrawl.stats.numbers import listed, span
from forumcrawl.stats.runs import RunView

Row: TypeAlias = tuple[str, ...]
_HOSTS = 10  # that are shown, those asked most
_GROUPS = 20  # of errors, the largest
_VERDICTS = ("new", "changed", "unchanged", "duplicate", "rejected")
_UNIT = 1024


def list_of_runs(runs: Iterable[RunView]) -> Iterator[str]:
    """A line for each run."""
    names = ("pages", "new", "changed", "failures", "errors")
    rows: list[Row] = [("run", "spider", "state", "began", "took", *names)]
    for run in runs:
        took, state = span(run.seconds), run.state if run.state != "ended" else run.reason or "ended"
        counts = (f"{run.totals.get(name, 0):,}" for name in names)
        rows.append((run.run, run.spider, state, _moment(run.started_at), took, *counts))
    yield from aligned(rows, left=4)


def whole_run(run: RunView) -> Iterator[str]:
    """Everything about a run but its errors."""
    told = digest(run.stats)
    facts = {
        "run": f"{run.run} ({run.state}{'' if run.reason in (None, run.state) else f', {run.reason}'})",
        "job": run.job or "none: Scrapy's own scheduler",
        "spider": f"{run.spider} {' '.join(f'{name}={value}' for name, value in run.arguments.items())}".rstrip(),
        "began": f"{_moment(run.started_at)}, {'goes on' if run.state == 'running' else 'took'} {span(run.seconds)}",
        "pages": listed(told["pages"]),
        "no content": listed(told["outcomes"]),
        "retries": listed(told["retries"]),
        "queue": listed(told["queue"]),
        **{name: listed(told[name]) for name in ("sources", "images", "errors") if told[name]},
        "time": listed({step: span(seconds) for step, seconds in told["time"].items()}, "{} {}"),
    }
    for name, text in facts.items():
        yield f"{name:<12}  {text}"
    yield from _workers(run)
    yield from _items(told)
    yield from _hosts(told)


def groups_of_errors(errors: list[ErrorView]) -> Iterator[str]:
    """A line for each group of errors, with the number by which its page can be asked for."""
    if not errors:
        return
    rows: list[Row] = [("error", "", "count", "last", "kind", "place", "host")]
    for number, error in enumerate(errors[:_GROUPS], 1):
        rows.append((str(number), "", f"{error.count:,}", _moment(error.last_at), error.kind, error.place, error.host))
    lines = list(aligned(rows, left=7))
    yield lines[0]
    for line, error in zip(lines[1:], errors, strict=False):
        yield line
        yield f"      {error.message or 'no message'}  {error.url or ''}".rstrip()
    if (more := len(errors) - _GROUPS) > 0:
        yield f"and {more:,} more"


def differences(found: list[Difference], first: RunView, second: RunView) -> Iterator[str]:
    """What rose and what fell from one run to another."""
    yield f"from {first.run} ({_moment(first.started_at)}) to {second.run} ({_moment(second.started_at)})"
    if not found:
        yield "nothing differs significantly"
    for each in found:
        yield each.text


def coverages(run: RunView) -> Iterator[str]:
    """The share of filled fields, a line for each part."""
    for part, shares in digest(run.stats)["coverage"].items():
        yield f"{part:<24}  {', '.join(f'{field} {100 * share:.0f} %' for field, share in shares.items())}"


def aligned(rows: list[Row], left: int) -> Iterator[str]:
    """A table: the first `left` columns to the left, the others to the right."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        cells = [
            f"{cell:<{width}}" if place < left else f"{cell:>{width}}"
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def _workers(run: RunView) -> Iterator[str]:
    rows: list[Row] = [("worker", "", "heard")]
    for worker in run.workers:
        state = worker.reason or ("at work" if worker.alive else "silent")
        rows.append((worker.name, state, _moment(worker.heard_at)))
    yield from aligned(rows, left=3)


def _items(told: Digest) -> Iterator[str]:
    if told["items"]:
        rows = [(name, *(f"{counts.get(each, 0):,}" for each in _VERDICTS)) for name, counts in told["items"].items()]
        yield from aligned([("items", *_VERDICTS), *rows], left=1)


def _hosts(told: Digest) -> Iterator[str]:
    hosts = list(told["hosts"].items())
    if not hosts:
        return
    rows: list[Row] = [("host", "requests", "received", "p50", "p95", "p99")]
    for host, each in hosts[:_HOSTS]:
        times = (_seconds(each[name]) for name in ("p50", "p95", "p99"))
        rows.append((host, f"{each['requests']:,}", _size(each["bytes"]), *times))
    answers = [_answers(told, host) for host, _ in hosts[:_HOSTS]]
    table = list(aligned(rows, left=1))
    yield f"{table[0]}  answers"
    for line, answer in zip(table[1:], answers, strict=True):
        yield f"{line}  {answer}"
    if (more := len(hosts) - _HOSTS) > 0:
        yield f"and {more:,} more hosts"


def _answers(told: Mapping[str, Any], host: str) -> str:
    return listed({**told["responses"].get(host, {}), **told["no_response"].get(host, {})}, "{}: {}")


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.2f} s"


def _size(count: int) -> str:
    size, units = float(count), iter(("B", "KB", "MB", "GB"))
    unit = next(units)
    while size >= _UNIT and (larger := next(units, None)):
        size, unit = size / _UNIT, larger
    return f"{size:,.1f} {unit}" if unit != "B" else f"{count} B"
