"""`scrapy frontier`: what waits, what is delivered and what is dead in each job, and what to do about it."""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, TypeAlias

from scrapy.commands import ScrapyCommand

from forumcrawl.frontier import control
from forumcrawl.frontier.jobs import all_jobs, forget
from forumcrawl.frontier.pace import pace_of
from forumcrawl.frontier.status import statuses
from forumcrawl.frontier.views import JobStatus
from forumcrawl.frontier.visit import Visit
from forumcrawl.storage.redis import RedisUnavailable

_OPTIONS = {"json": ("",), "host": ("pause", "resume"), "yes": ("drop", "clear")}
"""Option -> the actions it goes with; "" is none of them, the report."""
Jobs: TypeAlias = Mapping[str, dict[str, Any]]


class Refusal(Exception):
    """It is not done; the message is one line that says why."""

    def __init__(self, reason: str, code: int = 1) -> None:
        super().__init__(reason)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What was asked for; empty is what was not named."""

    action: str
    job: str
    host: str
    sure: bool


class Command(ScrapyCommand):
    """Exit code 0 when it was done, 1 without a Redis or where there is nothing of the kind, 2 for wrong arguments."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "[JOB] [--json] | pause|resume [JOB] [--host HOST] | requeue-dead [JOB] | drop HOST [JOB] | clear JOB"

    def short_desc(self) -> str:
        return "Show what waits, is delivered or dead in each job; pause, resume, requeue, drop, clear"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="one JSON object; with JOB that of the job itself")
        parser.add_argument("--host", help="pause or resume this host only")
        parser.add_argument("--yes", action="store_true", help="drop or clear without a question")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8" if opts.json else None, errors="backslashreplace")
        try:
            order = read_order(args, opts)
            if order.action:
                print(self._done(order))
            else:
                self._report(order, opts.json)
            sys.stdout.flush()
        except (Refusal, RedisUnavailable) as error:
            print(error, file=sys.stderr)
            self.exitcode = getattr(error, "code", 1)
        except BrokenPipeError:  # the reader has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            self.exitcode = 1

    def _done(self, order: Order) -> str:
        assert self.settings is not None
        with Visit(self.settings) as visit:
            jobs = visit.run(all_jobs(visit.client))
            job = order.job or _the_unfinished(jobs)
            _known(jobs, job)
            if order.action in ("pause", "drop") and jobs[job]["state"] == "ended":
                raise Refusal(f"job {job} has ended: nothing of it waits")
            return _ACTIONS[order.action](self, visit, order, job, jobs[job])

    def _report(self, order: Order, as_json: bool) -> None:
        assert self.settings is not None
        with Visit(self.settings) as visit:
            jobs = visit.run(all_jobs(visit.client))
            if order.job:
                jobs = {order.job: _known(jobs, order.job)}
            found = visit.run(statuses(visit.client, pace_of(self.settings), jobs))
        found.sort(key=lambda job: (job.state == "unfinished", job.began), reverse=True)
        if as_json:
            _print_json(found, alone=bool(order.job))
        else:
            from forumcrawl.frontier.report import show

            show(found, sys.stdout)
        if not found:
            raise Refusal(f"no job is known at {visit.address}")

    # --- actions: each says what it did ------------------------------------------------------------------------

    def _pause(self, visit: Visit, order: Order, job: str, entry: Mapping[str, Any]) -> str:
        act = control.pause if order.action == "pause" else control.resume
        if not visit.run(act(visit.client, job, order.host)):
            raise Refusal(f"job {job} knows no host {order.host!r}")
        return f"{order.action}d {order.host + ' of ' if order.host else ''}job {job}"

    def _requeue(self, visit: Visit, order: Order, job: str, entry: Mapping[str, Any]) -> str:
        done = visit.run(control.requeue_dead(visit.client, job, entry))
        reopened = ", which is unfinished again" if done.reopened else ""
        kept = "; the rest holds no request that could be queued, and is kept" if done.kept else ""
        return f"{done.waiting:,} of {done.waiting + done.kept:,} dead letters wait again in job {job}{reopened}{kept}"

    def _drop(self, visit: Visit, order: Order, job: str, entry: Mapping[str, Any]) -> str:
        waiting = visit.run(control.waiting_of(visit.client, job, order.host))
        if not waiting:
            raise Refusal(f"nothing waits for {order.host!r} in job {job}")
        _ask(f"Drop {waiting:,} waiting requests of {order.host}?", order)
        return f"dropped {visit.run(control.drop(visit.client, job, order.host)):,} requests of {order.host}, job {job}"

    def _clear(self, visit: Visit, order: Order, job: str, entry: Mapping[str, Any]) -> str:
        assert self.settings is not None
        pace = pace_of(self.settings)
        seen = visit.run(statuses(visit.client, pace, {job: entry}))[0]
        _refuse_living(seen)
        counts = f"{seen.waiting:,} waiting, {seen.in_flight:,} in flight, {len(seen.dead):,} dead letters"
        _ask(f"Clear job {job} ({counts})?", order)
        _refuse_living(visit.run(statuses(visit.client, pace, {job: entry}))[0])
        visit.run(forget(visit.client, job))
        return f"cleared job {job} ({counts})"


_Action: TypeAlias = Callable[[Command, Visit, Order, str, Mapping[str, Any]], str]
_ACTIONS: dict[str, _Action] = {
    "pause": Command._pause,
    "resume": Command._pause,
    "requeue-dead": Command._requeue,
    "drop": Command._drop,
    "clear": Command._clear,
}


def read_order(args: list[str], opts: argparse.Namespace) -> Order:
    """What the command line asks for. Raises Refusal for what it cannot mean."""
    action, rest = (args[0], args[1:]) if args and args[0] in _ACTIONS else ("", args)
    if strange := [arg for arg in args if arg.startswith("-")]:
        raise Refusal(f"unknown option {strange[0]}", 2)
    for option, actions in _OPTIONS.items():
        if getattr(opts, option) and action not in actions:
            raise Refusal(f"--{option} goes with {' or '.join(actions) if all(actions) else 'the report only'}", 2)
    least = {"drop": 1, "clear": 1}.get(action, 0)
    most = 2 if action == "drop" else 1
    if not least <= len(rest) <= most:
        wanted = {"drop": "drop HOST [JOB]", "clear": "clear JOB"}.get(action, f"{action} [JOB]".strip())
        raise Refusal(f"say scrapy frontier {wanted}", 2)
    host = rest.pop(0) if action == "drop" else opts.host or ""
    return Order(action=action, job=rest[0] if rest else "", host=host.lower(), sure=opts.yes)


def _known(jobs: Jobs, job: str) -> dict[str, Any]:
    if job not in jobs:
        raise Refusal(f"there is no job {job!r}: scrapy frontier lists them, scrapy frontier -h says what can be done")
    return jobs[job]


def _the_unfinished(jobs: Jobs) -> str:
    found = sorted(job for job, entry in jobs.items() if entry["state"] == "unfinished")
    if not found:
        raise Refusal("no job is unfinished")
    if len(found) > 1:
        raise Refusal(f"name one of the unfinished jobs: {', '.join(found)}", 2)
    return found[0]


def _refuse_living(job: JobStatus) -> None:
    if living := [worker.name for worker in job.workers if worker.alive]:
        raise Refusal(f"job {job.id} has workers, end them first: {', '.join(living)}")


def _ask(question: str, order: Order) -> None:
    """Raises Refusal unless the user is sure."""
    if order.sure:
        return
    if not sys.stdin.isatty():
        raise Refusal(f"{question} Say --yes where nobody can be asked", 2)
    try:
        answer = input(f"{question} [y/N] ")
    except (EOFError, KeyboardInterrupt):
        print()
        answer = ""
    if answer.strip().lower() not in ("y", "yes"):
        raise Refusal(f"nothing was done to {order.host or order.job}")


def _print_json(jobs: list[JobStatus], *, alone: bool) -> None:
    told = [asdict(job) for job in jobs]
    print(json.dumps(told[0] if alone else {"jobs": told}, ensure_ascii=False))
