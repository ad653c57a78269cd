"""The workers of a job: given to nodes, ended, replaced."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from forumcrawl.cluster.look import Look, read_jobs
from forumcrawl.cluster.register import Entry, Order, Placed, drop, place
from forumcrawl.cluster.scrapyd import Node, NodeError, Seen, Signal, on_all
from forumcrawl.cluster.targets import ClusterError
from forumcrawl.cluster.views import WorkerView
from forumcrawl.frontier.control import tell_worker
from forumcrawl.frontier.pace import Pace
from forumcrawl.frontier.views import JobStatus
from forumcrawl.frontier.visit import Visit

STOP_SECONDS = 90.0
"""In which a worker that was asked to ends in order."""
KILL_SECONDS = 30.0
"""In which nothing is heard any more of one that was killed: a lease, and a little more."""
START_SECONDS = 90.0
"""In which a worker that was given to a node is at work."""
_LOOK_SECONDS = 0.5
_SETTINGS = {"JOB_JOIN_ONLY": "1"}
Say = Callable[[str], None]


@dataclass(slots=True)
class Cluster:
    """Nodes and Redis, for as long as a command takes; `say` hears of each step in one line."""

    nodes: Sequence[Node]
    visit: Visit
    pace: Pace
    say: Say
    failed: list[str] = field(default_factory=list)
    """What was not done, one line each."""

    def look(self, job: str = "") -> Look:
        """What there is now. Raises RedisUnavailable."""
        return Look(on_all(self.nodes, Node.look), *self.jobs(job))

    def jobs(self, job: str = "") -> tuple[dict[str, Entry], dict[str, JobStatus]]:
        """What Redis knows. Raises RedisUnavailable."""
        return self.visit.run(read_jobs(self.visit.client, self.pace, job))

    def node(self, name: str | None) -> Node | None:
        """The node of that name, if it is in scrapy.cfg."""
        return next((node for node in self.nodes if node.name == name), None)

    def fail(self, what: str) -> None:
        """Say what was not done, and go on with the rest."""
        self.say(what)
        self.failed.append(what)

    # --- giving workers to nodes -------------------------------------------------------------------------------

    def start(self, job: str, order: Order, count: int, *, only: str = "", version: str = "") -> list[str]:
        """Give so many workers to the nodes with the least to do, or all to one; their ids.

        They run this version, by default the newest that their node has. What a node fails to take, the others do.
        Raises ClusterError when none is left.
        """
        answers = on_all(self.nodes, Node.look)
        usable = {name: seen for name, seen in answers.items() if isinstance(seen, Seen) and only in ("", name)}
        for name, answer in answers.items():
            if isinstance(answer, NodeError) and only in ("", name):
                self.say(f"{name}: {answer}")
        loads = {name: seen.load for name, seen in usable.items() if seen.versions}
        started: list[str] = []
        while (missing := count - len(started)) > 0:
            if not loads:
                raise ClusterError(_nobody(usable, only, missing))
            share = spread(loads, missing)
            workers = {
                _worker_id(job): Placed(node=name, version=version or usable[name].versions[-1], at=time.time())
                for name, number in share.items()
                for _ in range(number)
            }
            started += self._give(job, order, workers, loads)
        return started

    def _give(self, job: str, order: Order, workers: dict[str, Placed], loads: dict[str, int]) -> list[str]:
        """Ask the nodes; the ids of those that were taken. A node that fails is out of `loads` then."""
        self.visit.run(place(self.visit.client, job, workers))
        chosen = [node for node in self.nodes if any(placed.node == node.name for placed in workers.values())]

        settings, arguments = {**order.settings, **_SETTINGS}, {**order.arguments, "job": job}
        given: list[str] = []

        def ask(node: Node) -> None:
            for id, placed in workers.items():
                if placed.node == node.name:
                    node.schedule(order.spider, job=id, version=placed.version, arguments=arguments, settings=settings)
                    given.append(id)

        for name, answer in on_all(chosen, ask).items():
            if isinstance(answer, NodeError):
                self.say(f"{name}: {answer}")
                del loads[name]
        for id in given:
            if workers[id].node in loads:
                loads[workers[id].node] += 1
        self.forget(job, *(set(workers) - set(given)))
        return given

    # --- ending workers ----------------------------------------------------------------------------------------

    def end(self, job: str, workers: Sequence[WorkerView], *, now: bool = False) -> list[WorkerView]:
        """Have workers end and wait until they have; those that did not in time. The register knows them still."""
        for worker in workers:
            try:
                self._tell(job, worker, "KILL" if now else "TERM")
            except NodeError as error:
                self.say(f"{worker.node}: {error}")  # told by way of the frontier, if it lives, when that is seen
        wanted = {worker.id for worker in workers}
        deadline = time.monotonic() + (KILL_SECONDS if now else STOP_SECONDS)
        while True:
            left = [each for each in self.look(job).workers(job) if each.id in wanted and each.state != "gone"]
            if not left or time.monotonic() > deadline:
                return left
            for worker in left:
                if worker.state in ("orphan", "foreign"):
                    self._tell(job, worker, "KILL" if now else "TERM")
            time.sleep(_LOOK_SECONDS)

    def forget(self, job: str, *workers: str) -> list[str]:
        """Take workers out of the register; those that were in it. Of two who do the same, each gets a part."""
        return [id for id in workers if self.visit.run(drop(self.visit.client, job, id))]

    def _tell(self, job: str, worker: WorkerView, signal: Signal) -> None:
        """By its node; where that does not know it, through Redis, which a worker asks at least once a second."""
        node = self.node(worker.node)
        if worker.state in ("orphan", "foreign"):
            if worker.name:
                order = tell_worker(self.visit.client, job, worker.name, "kill" if signal == "KILL" else "stop")
                self.visit.run(order)
        elif node is not None and worker.state != "gone":
            node.cancel(worker.id, "KILL" if worker.state == "silent" else signal)

    # --- replacing workers -------------------------------------------------------------------------------------

    def wait_at_work(self, job: str, ids: Sequence[str]) -> list[str]:
        """Until workers were heard of, or the job is over; those of which nothing was heard in time."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            seen = self.look(job)
            if job not in seen.jobs or seen.jobs[job].state == "ended":
                return []
            heard = {each.id for each in seen.workers(job) if each.state in ("running", "orphan")}
            missing = [id for id in ids if id not in heard]
            if not missing or time.monotonic() > deadline:
                return missing
            time.sleep(_LOOK_SECONDS)


def _worker_id(job: str) -> str:
    return f"{job}.{secrets.token_hex(3)}"


def spread(loads: dict[str, int], count: int) -> dict[str, int]:
    """How many of `count` new workers each node takes, so that the busiest has as little as possible."""
    after, share = dict(loads), dict.fromkeys(loads, 0)
    for _ in range(count):
        least = min(after, key=lambda name: (after[name], share[name]))
        after[least] += 1
        share[least] += 1
    return {name: number for name, number in share.items() if number}


def _nobody(usable: dict[str, Seen], only: str, missing: int) -> str:
    what = f"{missing} worker{'s' * (missing != 1)} not started"
    if usable and not any(seen.versions for seen in usable.values()):
        return f"{what}: nothing is deployed yet, say scrapy cluster deploy"
    return f"{what}: {f'node {only}' if only else 'no node'} can take {'them' if missing != 1 else 'it'}"
