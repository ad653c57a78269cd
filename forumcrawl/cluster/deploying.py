"""A new version: to all nodes at once, and then to the workers, one at a time."""

from __future__ import annotations

from collections.abc import Sequence

from forumcrawl.cluster.crew import Cluster, Say
from forumcrawl.cluster.egg import Egg
from forumcrawl.cluster.register import Entry
from forumcrawl.cluster.scrapyd import Node, NodeError, on_all
from forumcrawl.cluster.targets import ClusterError
from forumcrawl.cluster.views import WorkerView


def deploy(nodes: Sequence[Node], egg: Egg, say: Say) -> list[Node]:
    """Send an egg to all nodes; those that have it and can run it. Each node is told of in one line."""
    answers = on_all(nodes, lambda node: node.add_version(egg.version, egg.data))
    for name, answer in answers.items():
        say(f"{name}: {answer}" if isinstance(answer, NodeError) else f"{name}: has version {egg.version}")
    return [node for node in nodes if not isinstance(answers[node.name], NodeError)]


def roll(cluster: Cluster, version: str) -> None:
    """Replace the workers of all unfinished jobs that run another version, one at a time, each on its node.

    A worker ends in order, its queue stays, and the next is not touched before the new one is at work. Raises
    ClusterError where a worker does not end or its successor does not start: the others go on as they are.
    """
    seen = cluster.look()
    for job, entry in seen.register.items():
        if job not in seen.jobs or seen.jobs[job].state == "ended":
            continue
        for worker in seen.workers(job):
            # One that is gone may have left because it met requests of the new version.
            if worker.id in entry.workers and worker.state != "orphan":
                _replace(cluster, job, entry, worker, version)


def _replace(cluster: Cluster, job: str, entry: Entry, worker: WorkerView, version: str) -> None:
    answer = cluster.look(job).answers.get(worker.node or "")
    if worker.version == version or answer is None or isinstance(answer, NodeError) or version not in answer.versions:
        return
    if cluster.end(job, [worker]):
        raise ClusterError(f"{worker.id} on {worker.node} does not end: the other workers stay as they are")
    if not cluster.forget(job, worker.id):
        return  # somebody else has replaced it meanwhile
    seen = cluster.look(job)
    if job not in seen.jobs or seen.jobs[job].state == "ended":
        cluster.say(f"{worker.node}: {job} is over")
        return
    started = cluster.start(job, entry.order, 1, only=worker.node or "", version=version)
    if cluster.wait_at_work(job, started):
        raise ClusterError(f"{started[0]} on {worker.node} is not at work: the other workers stay, see its log there")
    cluster.say(f"{worker.node}: {worker.id} ({worker.version}) is replaced by {started[0]} ({version})")
