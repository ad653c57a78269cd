"""A whole cluster on this machine: two nodes, their servers, a replica forum, and `scrapy cluster` as one types it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from pymongo import MongoClient
from redis import Redis
from scrapy.utils.project import get_project_settings

from forumcrawl.cluster.crew import Cluster
from forumcrawl.cluster.look import cluster_view
from forumcrawl.cluster.views import JobView
from forumcrawl.frontier.pace import pace_of
from forumcrawl.frontier.streams import job_key
from forumcrawl.frontier.visit import Visit
from forumcrawl.storage.embedded import hold
from tests.cluster.nodes import ScrapydNode, addresses, new_password
from tests.e2e.crawling import CONTENT
from tests.replica.compare import compare
from tests.replica.process import ReplicaProcess
from tests.storage import ROOT, gone, until

QUICK = ("-s", "HOST_DELAY=0", "-a", "sources=0")


class Desk:
    """`with Desk(folder, threads=60) as desk:`; keyword arguments are those of the replica, None for no forum."""

    def __init__(self, folder: Path, **world: Any) -> None:
        self.folder = folder
        self._owned = ExitStack()
        self._world = world

    def __enter__(self) -> Desk:
        self.folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as owned:
            owned.callback(until, lambda: gone(self.folder / "servers"), 60)  # they end after their last user
            self.servers = owned.enter_context(hold(self.folder / "servers"))
            self.replica = owned.enter_context(ReplicaProcess(**self._world))
            servers = {"MONGODB_URI": self.servers.mongodb_uri, "REDIS_URL": self.servers.redis_url, "IMAGES_STORE": ""}
            password = new_password()
            self.nodes = [
                owned.enter_context(ScrapydNode(name, self.folder / name, password, servers))
                for name in ("node1", "node2")
            ]
            self._client: MongoClient[dict[str, Any]] = MongoClient(self.servers.mongodb_uri, tz_aware=True)
            owned.callback(self._client.close)
            self.environment = {**os.environ, **servers, **addresses(*self.nodes)}
            self._settings = get_project_settings()
            self._settings.set("REDIS_URL", self.servers.redis_url)
            self._owned = owned.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._owned.close()

    def run(self, *arguments: str, root: Path = ROOT, timeout: float = 400, **variables: str) -> tuple[int, str, str]:
        """Exit code, stdout and stderr of `scrapy cluster`."""
        done = subprocess.run(
            [sys.executable, "-m", "scrapy", "cluster", *arguments],
            cwd=root,
            env={**self.environment, **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
        )
        assert "Traceback" not in done.stdout + done.stderr, done.stderr
        return done.returncode, done.stdout, done.stderr

    def begin(self, *arguments: str, root: Path = ROOT) -> subprocess.Popen[str]:
        """Start `scrapy cluster`; what it says is in its stdout."""
        command = [sys.executable, "-m", "scrapy", "cluster", *arguments]
        return subprocess.Popen(
            command, cwd=root, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def said(self, *arguments: str, root: Path = ROOT) -> str:
        """What it prints when all is well."""
        code, out, err = self.run(*arguments, root=root)
        assert (code, err) == (0, ""), out + err
        return out

    def status(self) -> dict[str, Any]:
        """As JSON."""
        told: dict[str, Any] = json.loads(self.said("status", "--json"))
        return told

    def job(self) -> JobView:
        """The newest job, as the status has it, without a process for each look."""
        with Visit(self._settings) as visit:
            cluster = Cluster([node.client for node in self.nodes], visit, pace_of(self._settings), print)
            return cluster_view(cluster.nodes, cluster.look(), {}, visit.address).jobs[0]

    def states(self) -> list[str]:
        """How the workers of the newest job are, in order."""
        return sorted(worker.state for worker in self.job().workers)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """The newest job stays as it is, for as long as the block lasts."""
        with Redis.from_url(self.servers.redis_url) as client:
            key = f"{job_key(self.job().id)}:paused"
            client.set(key, 1)
            yield
            client.delete(key)

    def start(self, workers: int = 2, *options: str) -> str:
        """Start a crawl of the forum."""
        return self.said("start", "forum", f"--workers={workers}", "-a", f"url={self.replica.url}", *QUICK, *options)

    def wait_for_posts(self, count: int) -> None:
        """Until so many are stored."""
        until(lambda: self.posts() >= count, 180)

    def posts(self) -> int:
        """How many are stored."""
        return self._client["forumcrawl"]["posts"].count_documents({})

    def wait_ended(self, seconds: float = 300) -> None:
        """Until the newest job is over and no node has a worker."""
        until(lambda: self.job().state == "ended", seconds)
        until(lambda: not any(node.workers() for node in self.nodes), 120)

    def differences(self) -> list[str]:
        """What is stored against the truth of the replica."""
        database, world = self._client["forumcrawl"], self.replica.world
        documents = (document for name in CONTENT for document in database[name].find())
        return compare(world.truth(members_pages=False), documents, allowed_extra=world.row_only_keys())

    def logs(self) -> str:
        """What all nodes and workers wrote."""
        return "\n".join(node.log() for node in self.nodes)
