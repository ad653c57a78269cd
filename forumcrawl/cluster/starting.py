"""A crawl job for many workers: checked here before any node hears of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from scrapy import Spider
from scrapy.settings import BaseSettings
from scrapy.spiderloader import get_spider_loader

from forumcrawl.cluster.crew import Cluster
from forumcrawl.cluster.register import Order, enter
from forumcrawl.cluster.targets import ClusterError
from forumcrawl.frontier.jobs import JobError, take_part

# Nodes show settings and arguments to everybody who may ask them.
_SECRET_NAME = re.compile(r"URI$|_URL$|PASS|SECRET|KEY|TOKEN|CREDENTIAL", re.IGNORECASE)
_SECRET_VALUE = re.compile(r"://[^/?#\s]*@")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be crawled, and about what that is."""

    order: Order
    job: str | None
    """The job that was asked for by name."""
    scope: dict[str, str]


def plan(settings: BaseSettings, spider: str, arguments: dict[str, str], overrides: Mapping[str, str]) -> Plan:
    """Check spider, arguments (as of `-a`) and overrides (as of `-s`) as `scrapy crawl` would on a node.

    Raises ClusterError, or ValueError with the line of the spider's own check.
    """
    loader = get_spider_loader(settings)
    if spider not in loader.list():
        raise ClusterError(f"there is no spider {spider!r}, only {', '.join(sorted(loader.list()))}")
    for name, value in overrides.items():
        if _SECRET_NAME.search(name) or _SECRET_VALUE.search(value):
            raise ClusterError(f"-s {name} may hold a secret, and nodes show settings: set it in their environment")
    if settings["FORUM_URL"] and spider == "forum" and not arguments.get("url"):
        arguments = {**arguments, "url": settings["FORUM_URL"]}  # a node may know another one
    checked = loader.load(spider).check(settings, arguments)  # type: ignore[attr-defined]
    order = Order(spider=spider, arguments=arguments, settings=dict(overrides))
    return Plan(order, checked.job, checked.scope)


def start(cluster: Cluster, what: Plan, workers: int) -> str:
    """Begin the job, or go on with the unfinished one of the same scope, until it has so many workers; its id.

    Raises ClusterError.
    """
    stub = Spider(what.order.spider, job=what.job, scope=what.scope)
    try:
        job = cluster.visit.run(take_part(cluster.visit.client, stub))
    except JobError as error:
        raise ClusterError(str(error)) from None
    for other in job.others:
        cluster.say(f"job {other} is unfinished, with other arguments: -a job={other} goes on with it")
    cluster.visit.run(enter(cluster.visit.client, job.id, what.order))
    have = sum(worker.state != "gone" for worker in cluster.look(job.id).workers(job.id))
    if have >= workers:
        cluster.say(f"job {job.id} ({job.state}): has {have} worker{'s' * (have != 1)}, none was started")
        return job.id
    ids = set(cluster.start(job.id, what.order, workers - have))
    placed = cluster.jobs(job.id)[0][job.id].workers
    share = Counter(placed[id].node for id in ids if id in placed)
    cluster.say(f"job {job.id} ({job.state}): " + ", ".join(f"{node} {count}" for node, count in sorted(share.items())))
    return job.id
