"""`scrapy cluster`: many Scrapyd nodes as one."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.utils.conf import arglist_to_dict

from forumcrawl.cluster.crew import Cluster
from forumcrawl.cluster.deploying import deploy, roll
from forumcrawl.cluster.egg import build_egg, read_egg
from forumcrawl.cluster.look import Look, cluster_view, done, node_views
from forumcrawl.cluster.mending import restart_dead
from forumcrawl.cluster.report import lines
from forumcrawl.cluster.scrapyd import Node, on_all
from forumcrawl.cluster.starting import plan, start
from forumcrawl.cluster.targets import ClusterError, read_targets
from forumcrawl.cluster.views import ClusterView
from forumcrawl.frontier.pace import pace_of
from forumcrawl.frontier.visit import Visit
from forumcrawl.storage.redis import RedisUnavailable

_OPTIONS = {
    "nodes": ("deploy",),
    "version": ("deploy",),
    "egg": ("deploy",),
    "roll": ("deploy",),
    "workers": ("start",),
    "spargs": ("start",),
    "now": ("stop",),
    "json": ("status",),
}
"""Option -> the actions it goes with."""
_RATE_SECONDS = 1.0  # over which the rate is taken at least


class Refusal(Exception):
    """The command line means nothing; the message is one line that says why."""


class Command(ScrapyCommand):
    """Exit code 0 when all was done, 1 when something was not, 2 for wrong arguments."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        start = "start SPIDER --workers N [-a …] [-s …]"
        return f"deploy [--roll] | {start} | stop [JOB] [--now] | status [JOB] [--json] | restart-dead [JOB]"

    def short_desc(self) -> str:
        return "Deploy to Scrapyd nodes; start, stop, watch and mend the workers of a job on them"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--node", dest="nodes", action="append", default=[], help="deploy: to this node only")
        parser.add_argument("--version", help="deploy: under this name; default: the time and a hash")
        parser.add_argument("--egg", type=Path, help="deploy: this egg and not one built here")
        parser.add_argument("--roll", action="store_true", help="deploy: then replace running workers, one at a time")
        parser.add_argument("--workers", type=int, help="start: how many")
        parser.add_argument("-a", dest="spargs", action="append", default=[], help="start: an argument of the spider")
        parser.add_argument("--now", action="store_true", help="stop: kill; what was being done is done again")
        parser.add_argument("--json", action="store_true", help="status: one JSON object")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        try:
            action, operand = read_order(args, opts)
            self.exitcode = _ACTIONS[action](self, operand, opts)
        except Refusal as error:
            print(error, file=sys.stderr)
            self.exitcode = 2
        except (ClusterError, RedisUnavailable) as error:
            print(" ".join(str(error).split()), file=sys.stderr)
            self.exitcode = 1
        except KeyboardInterrupt:
            print("interrupted: scrapy cluster status shows how far it went", file=sys.stderr)
            self.exitcode = 130

    # --- actions: each returns the exit code -------------------------------------------------------------------

    def _deploy(self, operand: str, opts: argparse.Namespace) -> int:
        nodes = [Node(target) for target in read_targets(opts.nodes)]
        egg = read_egg(opts.egg, opts.version or "") if opts.egg else build_egg(opts.version or "")
        served = deploy(nodes, egg, _say)
        if opts.roll and served:
            with self._cluster() as cluster:
                roll(cluster, egg.version)
        return 0 if len(served) == len(nodes) else 1

    def _start(self, spider: str, opts: argparse.Namespace) -> int:
        assert self.settings is not None
        try:
            arguments, overrides = arglist_to_dict(opts.spargs), arglist_to_dict(opts.set)
        except ValueError:
            raise Refusal("write -a NAME=VALUE") from None
        try:
            what = plan(self.settings, spider, arguments, overrides)
        except (ClusterError, ValueError) as error:
            raise Refusal(str(error)) from None
        with self._cluster() as cluster:
            start(cluster, what, opts.workers)
            return 1 if cluster.failed else 0

    def _stop(self, job: str, opts: argparse.Namespace) -> int:
        with self._cluster() as cluster:
            job = job or _the_running(cluster.look())
            workers = [each for each in cluster.look(job).workers(job) if each.state != "foreign"]
            if not workers:
                raise ClusterError(f"no worker of job {job} is known")
            left = cluster.end(job, workers, now=opts.now)
            cluster.forget(job, *({each.id for each in workers} - {each.id for each in left}))
            for worker in left:
                _say(f"{worker.node or 'no node'}: {worker.id} is {worker.state} still")
            _say(f"job {job}: {len(workers) - len(left)} of {len(workers)} workers have ended")
            return 1 if left else 0

    def _status(self, job: str, opts: argparse.Namespace) -> int:
        view = self._view(job)
        if opts.json:
            print(json.dumps(asdict(view), ensure_ascii=False))
        else:
            print("\n".join(lines(view)))
        return 1 if view.error else 0

    def _restart(self, job: str, opts: argparse.Namespace) -> int:
        with self._cluster() as cluster:
            if not restart_dead(cluster, job) and not cluster.failed:
                _say("nothing to restart")
            return 1 if cluster.failed else 0

    # --- helpers -----------------------------------------------------------------------------------------------

    @contextmanager
    def _cluster(self) -> Iterator[Cluster]:
        assert self.settings is not None
        nodes = [Node(target) for target in read_targets()]
        if not self.settings["REDIS_URL"] and not self.settings.getbool("SINGLE_NODE"):
            raise RedisUnavailable("REDIS_URL is not set: name the Redis that the nodes use")
        with Visit(self.settings) as visit:
            yield Cluster(nodes, visit, pace_of(self.settings), _say)

    def _view(self, job: str) -> ClusterView:
        """What there is; the nodes alone where Redis cannot be used."""
        try:
            with self._cluster() as cluster:
                began, first = time.monotonic(), done(cluster.jobs(job)[1].values())
                seen = cluster.look(job)
                if job and job not in seen.jobs:
                    raise ClusterError(f"there is no job {job!r}: scrapy cluster status lists them")
                if any(each.state == "unfinished" for each in seen.jobs.values()):
                    time.sleep(max(0.0, began + _RATE_SECONDS - time.monotonic()))  # what a rate is taken over
                    seen = Look(seen.answers, *cluster.jobs(job))
                rates = _rates(first, done(seen.jobs.values()), time.monotonic() - began)
                return cluster_view(cluster.nodes, seen, rates, cluster.visit.address)
        except RedisUnavailable as error:
            nodes = [Node(target) for target in read_targets()]
            views = node_views(nodes, on_all(nodes, Node.look))
            return ClusterView(nodes=views, jobs=[], orphans=[], redis=None, error=str(error))


_ACTIONS: dict[str, Callable[[Command, str, argparse.Namespace], int]] = {
    "deploy": Command._deploy,
    "start": Command._start,
    "stop": Command._stop,
    "status": Command._status,
    "restart-dead": Command._restart,
}


def _say(line: str) -> None:
    print(line, flush=True)


def read_order(args: list[str], opts: argparse.Namespace) -> tuple[str, str]:
    """The action and what it is about. Raises Refusal for what cannot be meant."""
    action, *rest = args or [""]
    if action not in _ACTIONS:
        raise Refusal(f"say scrapy cluster {'|'.join(_ACTIONS)}")
    if strange := [arg for arg in rest if arg.startswith("-")]:
        raise Refusal(f"unknown option {strange[0]}")
    for option, actions in _OPTIONS.items():
        if getattr(opts, option) and action not in actions:
            raise Refusal(f"--{option.removesuffix('s')} goes with {actions[0]} only")
    if len(rest) > (action != "deploy") or (action == "start" and not rest):
        wanted = {"deploy": "deploy", "start": "start SPIDER --workers N"}.get(action, f"{action} [JOB]")
        raise Refusal(f"say scrapy cluster {wanted}")
    if action == "start" and not 1 <= (opts.workers or 0) <= 1000:
        raise Refusal("say how many workers: --workers N, from 1 to 1000")
    return action, rest[0] if rest else ""


def _the_running(seen: Look) -> str:
    """The only job that nodes were given workers of, and that is not over or has a worker still."""
    living = [
        job
        for job, entry in seen.register.items()
        if entry.workers and any(each.state != "gone" for each in seen.workers(job))
    ]
    if not living:
        raise ClusterError("no job has a worker on a node")
    if len(living) > 1:
        raise ClusterError(f"name one of the jobs: {', '.join(sorted(living))}")
    return living[0]


def _rates(first: Mapping[str, int], second: Mapping[str, int], seconds: float) -> dict[str, float]:
    return {job: round((second[job] - first[job]) / seconds, 2) for job in second if job in first}
