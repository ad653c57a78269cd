"""Workers that are gone before their job is done, and those that go on unknown to their node."""

from __future__ import annotations

from forumcrawl.cluster.crew import Cluster
from forumcrawl.cluster.look import Look
from forumcrawl.cluster.views import WorkerView

_UNSOUND = ("gone", "silent", "orphan")


def restart_dead(cluster: Cluster, only: str = "") -> int:
    """Start a worker for each that is gone; orphans and silent ones are ended first. How many were started.

    What could not be done is in `cluster.failed`. Raises ClusterError where no node can take a worker.
    """
    seen, count = cluster.look(only), 0
    for job in seen.register:
        if (not only or job == only) and job in seen.jobs:
            count += _mend(cluster, job, seen)
    return count


def _mend(cluster: Cluster, job: str, seen: Look) -> int:
    workers = seen.workers(job)
    if seen.jobs[job].state == "ended":
        cluster.forget(job, *(worker.id for worker in workers if worker.state == "gone"))
        return 0
    unsound = [worker for worker in workers if worker.state in _UNSOUND]
    left = _end_surely(cluster, job, [worker for worker in unsound if worker.state != "gone"])
    for worker in left:
        cluster.fail(f"{job}: {worker.id} on {worker.node or 'an unknown node'} is {worker.state} and does not end")
    dead = cluster.forget(job, *({worker.id for worker in unsound} - {worker.id for worker in left}))
    if not dead or _is_over(cluster, job):
        return 0
    started = cluster.start(job, seen.register[job].order, len(dead))
    for missing in cluster.wait_at_work(job, started):
        cluster.fail(f"{job}: {missing} was started and is not heard of: see its log on its node")
    cluster.say(f"{job}: {len(dead)} started in place of {', '.join(sorted(dead))}")
    return len(started)


def _end_surely(cluster: Cluster, job: str, workers: list[WorkerView]) -> list[WorkerView]:
    """Have them end in order, kill those that do not; what is left then."""
    left = cluster.end(job, workers) if workers else []
    return cluster.end(job, left, now=True) if left else []


def _is_over(cluster: Cluster, job: str) -> bool:
    """The last worker may have ended it meanwhile."""
    jobs = cluster.look(job).jobs
    return job not in jobs or jobs[job].state == "ended"
