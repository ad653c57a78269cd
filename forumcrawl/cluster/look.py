"""What nodes, register and frontier say, put together: which worker is where, and how it does."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from redis.asyncio import Redis

from forumcrawl.cluster.register import Entry, Placed, entries
from forumcrawl.cluster.scrapyd import Node, NodeError, Seen
from forumcrawl.cluster.views import ClusterView, JobView, NodeView, WorkerState, WorkerView
from forumcrawl.frontier.jobs import all_jobs
from forumcrawl.frontier.pace import Pace
from forumcrawl.frontier.status import statuses
from forumcrawl.frontier.views import JobStatus, WorkerStatus

_ENDED = 5  # ended jobs that are shown
_START_SECONDS = 60.0  # in which a worker that its node runs is heard of
Answers = Mapping[str, Seen | NodeError]


@dataclass(frozen=True, slots=True)
class Look:
    """What there is to know at one moment."""

    answers: Answers
    """Node to what it says."""
    register: Mapping[str, Entry]
    jobs: Mapping[str, JobStatus]

    def workers(self, job: str) -> list[WorkerView]:
        """The workers of a job: those that were given to nodes, and all that are heard of."""
        heard = self.jobs[job].workers if job in self.jobs else []
        entry = self.register.get(job)
        placed = dict(entry.workers) if entry else {}
        told = [_worker(id, where, self.answers, _latest(heard, id)) for id, where in placed.items()]
        others = [each for each in heard if each.alive and each.node_job not in placed]
        return told + [_stranger(each, self.answers) for each in others]


async def read_jobs(client: Redis, pace: Pace, only: str) -> tuple[dict[str, Entry], dict[str, JobStatus]]:
    """The register, and the status of one job, or of the unfinished and the last ones. Raises redis-py's errors."""
    known, register = await all_jobs(client), await entries(client)
    if only:
        known = {job: entry for job, entry in known.items() if job == only}
    else:
        ended = sorted((job for job in known if known[job]["state"] == "ended"), key=lambda job: known[job]["ended"])
        for job in ended[:-_ENDED]:
            del known[job]
    return register, {job.id: job for job in await statuses(client, pace, known)}


def done(jobs: Iterable[JobStatus]) -> dict[str, int]:
    """How many requests of each job are acknowledged."""
    return {job.id: job.counts["acknowledged"] for job in jobs}


def _latest(heard: Iterable[WorkerStatus], id: str) -> WorkerStatus | None:
    """What was heard of a worker last: one that was frozen too long goes on under another name."""
    own = [each for each in heard if each.node_job == id]
    return min(own, key=lambda each: (not each.alive, each.seconds_since or 0), default=None)


def _worker(id: str, placed: Placed, answers: Answers, heard: WorkerStatus | None) -> WorkerView:
    return WorkerView(
        id=id,
        name=heard.name if heard else None,
        node=placed.node,
        version=heard.version if heard and heard.version else placed.version,
        state=_state(id, answers.get(placed.node), heard, time.time() - placed.at),
        seconds_since=heard.seconds_since if heard else None,
        in_flight=heard.in_flight if heard else 0,
    )


def _state(id: str, answer: Seen | NodeError | None, heard: WorkerStatus | None, age: float) -> WorkerState:
    listed = answer.jobs.get(id) if isinstance(answer, Seen) else None
    if listed == "pending":
        return "pending"
    if listed == "finished" or (listed is None and not (heard and heard.alive)):
        return "gone"
    if listed is None:
        return "orphan"
    if heard and heard.alive:
        return "running"
    return "starting" if heard is None and age < _START_SECONDS else "silent"


def _stranger(heard: WorkerStatus, answers: Answers) -> WorkerView:
    """A worker that the register does not know: started by hand, or at a node by its own page."""
    id = heard.node_job
    holders = [name for name, seen in answers.items() if isinstance(seen, Seen) and seen.jobs.get(id or "")]
    return WorkerView(
        id=id or heard.name,
        name=heard.name,
        node=holders[0] if holders else None,
        version=heard.version,
        state="running" if holders else "orphan" if id else "foreign",
        seconds_since=heard.seconds_since,
        in_flight=heard.in_flight,
    )


def node_views(nodes: Sequence[Node], answers: Answers) -> list[NodeView]:
    """The nodes, for a report."""
    return [_node(node, answers[node.name]) for node in nodes]


def _node(node: Node, answer: Seen | NodeError) -> NodeView:
    seen = answer if isinstance(answer, Seen) else None
    return NodeView(
        name=node.name,
        url=node.target.url,
        up=seen is not None,
        error=None if seen else str(answer),
        versions=seen.versions if seen else [],
        pending=seen.count("pending") if seen else 0,
        running=seen.count("running") if seen else 0,
    )


def cluster_view(nodes: Sequence[Node], seen: Look, rates: Mapping[str, float], address: str) -> ClusterView:
    """All of it, for a report."""
    jobs = [_job(status, seen.workers(id), rates.get(id)) for id, status in seen.jobs.items()]
    jobs.sort(key=lambda job: (job.state == "unfinished", job.began), reverse=True)
    return ClusterView(
        nodes=node_views(nodes, seen.answers),
        jobs=jobs,
        orphans=[worker.id for job in jobs for worker in job.workers if worker.state == "orphan"],
        redis=address,
        error=None,
    )


def _job(status: JobStatus, workers: list[WorkerView], rate: float | None) -> JobView:
    if status.state == "ended":
        workers = [worker for worker in workers if worker.state != "gone"]
    living = Counter(worker.version for worker in workers if worker.version and worker.state != "gone")
    return JobView(
        id=status.id,
        state=status.state,
        paused=status.paused,
        spider=status.spider,
        scope=status.scope,
        began=status.began,
        ended=status.ended,
        reason=status.reason,
        waiting=status.waiting,
        in_flight=status.in_flight,
        dead=len(status.dead),
        done=status.counts["acknowledged"],
        rate=rate if status.state == "unfinished" else None,
        versions=dict(sorted(living.items())),
        workers=workers,
    )
