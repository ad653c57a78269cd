"""The status of a job as text, for people."""

from __future__ import annotations

from collections import Counter
from typing import TextIO, TypeAlias

from rich.console import Console
from rich.text import Text

from forumcrawl.frontier.bands import Band
from forumcrawl.frontier.views import HostStatus, JobStatus, Letter, WorkerStatus
from forumcrawl.stats.numbers import listed, span

_HOSTS = 20  # hosts that are shown, the fullest
_LETTERS = 10  # dead letters that are shown
Row: TypeAlias = tuple[str, ...]


def show(jobs: list[JobStatus], stream: TextIO) -> None:
    """Print them, an empty line between two; heads are bold on a terminal."""
    console = Console(file=stream) if stream.isatty() else None
    for number, job in enumerate(jobs):
        for head, line in [("", "")] * bool(number) + lines(job):
            if console:
                console.print(Text.assemble((head, "bold"), line), soft_wrap=True)
            else:
                stream.write(f"{head}{line}\n")


def lines(job: JobStatus) -> list[tuple[str, str]]:
    """The text of a job, each line as its head and the rest."""
    told = [(f"{name:<14}", f"  {text}".rstrip()) for name, text in _facts(job)]
    if job.workers:
        told += _aligned([("worker", "alive", "heard", "in flight"), *map(_worker, job.workers)])
    if job.hosts:
        head = ("host", "waiting", "in flight", "delivered", "pace", "next", "state")
        told += _aligned([head, *map(_host, job.hosts[:_HOSTS])])
        if (more := len(job.hosts) - _HOSTS) > 0:
            told.append(("", f"and {more:,} more hosts"))
    return told


def _facts(job: JobStatus) -> list[Row]:
    ended = [("ended", f"{job.ended}, {job.reason}")] if job.ended else []
    bands = sum((Counter(host.bands) for host in job.hosts), Counter[str]())
    waiting = listed({band.label: bands[band.label] for band in Band if bands[band.label]})
    oldest = f", the oldest for {span(job.oldest.seconds)}: {job.oldest.url}" if job.oldest else ""
    return [
        ("job", f"{job.id} ({job.state}{', paused' if job.paused else ''})"),
        ("spider", f"{job.spider} {' '.join(f'{name}={value}' for name, value in job.scope.items())}"),
        ("began", job.began),
        *ended,
        ("waiting", f"{job.waiting:,}" + (f" ({waiting})" if job.waiting else "")),
        ("in flight", f"{job.in_flight:,}{oldest}"),
        ("so far", listed({name: count for name, count in job.counts.items() if count})),
        *_letters(job.dead),
    ]


def _letters(dead: list[Letter]) -> list[Row]:
    texts = [f"{letter.url}  {letter.reason}" for letter in dead[:_LETTERS]]
    if (more := len(dead) - _LETTERS) > 0:
        texts.append(f"and {more:,} more")
    return [("dead letters" if number == 0 else "", " ".join(text.split())) for number, text in enumerate(texts)]


def _worker(worker: WorkerStatus) -> Row:
    heard = "gone" if worker.seconds_since is None else f"{worker.seconds_since:,.1f} s ago"
    return worker.name, "yes" if worker.alive else "no", heard, f"{worker.in_flight:,}"


def _host(host: HostStatus) -> Row:
    turn = "" if host.next_in is None else f"{host.next_in:,.1f} s"
    until = {"held until": host.held_until, "parked until": host.parked_until}
    states = ["paused"] * host.paused + [f"{name} {at}" for name, at in until.items() if at]
    counts = (f"{count:,}" for count in (host.waiting, host.in_flight, host.delivered))
    return host.host, *counts, f"{host.pace:,.2f} s", turn, ", ".join(states)


def _aligned(rows: list[Row]) -> list[tuple[str, str]]:
    """A table: the first column to the left, the others to the right but for a last one of words; bold is the top."""
    first = max(len(row[0]) for row in rows)
    texts = [
        f"{row[0]:<{first}}" + "".join(f"{cell:>12}" for cell in row[1:6]) + "".join(f"  {cell}" for cell in row[6:])
        for row in rows
    ]
    return [(texts[0].rstrip(), ""), *(("", text.rstrip()) for text in texts[1:])]
