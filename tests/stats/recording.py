"""Crawls of a replica forum by workers that share its job, and what is told of them."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any

from pymongo import MongoClient
from pymongo.database import Database
from redis import Redis
from scrapy.settings import Settings

from forumcrawl import settings as defaults
from forumcrawl.stats.runs import Runs, RunView
from tests.replica.process import ReplicaProcess
from tests.servers import MongoServer, ValkeyServer
from tests.storage import ROOT

QUICK = ("DOWNLOAD_DELAY=0", "HOST_CONCURRENCY=0", "RETRY_BACKOFF=0.05", "RETRY_TIMES=10", "STATS_INTERVAL=0.5")
Told = dict[str, Any]


class Watched:
    """`with Watched(folder, ReplicaProcess(…)) as watched:` has servers of its own; its workers end with the block."""

    def __init__(self, folder: Path, replica: ReplicaProcess) -> None:
        self.folder = folder
        self.replica = replica
        self.mongodb = MongoServer(folder / "mongodb")
        self.valkey = ValkeyServer(folder / "valkey")
        self.workers: list[subprocess.Popen[bytes]] = []
        self.environment_also: dict[str, str] = {}
        self._owned = ExitStack()

    def __enter__(self) -> Watched:
        with ExitStack() as owned:
            for each in (self.mongodb, self.valkey, self.replica):
                owned.enter_context(each)
            client: MongoClient[dict[str, Any]] = MongoClient(self.mongodb.uri, tz_aware=True)
            owned.callback(client.close)
            self.database: Database[dict[str, Any]] = client["forumcrawl"]
            owned.callback(self._end_workers)
            self._owned = owned.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._owned.close()

    def start(
        self, *settings: str, full: bool = False, boards: str = "", sources: bool = False
    ) -> subprocess.Popen[bytes]:
        """One more worker on the forum's job; `full`: every thread again; `boards`: only of these."""
        command = [sys.executable, "-m", "scrapy", "crawl", "forum", "-a", f"url={self.replica.url}"]
        command += ["-a", f"sources={int(sources)}"]
        command += ["-a", "full=1"] * full + ["-a", f"boards={boards}"] * bool(boards)
        command += [part for setting in (*QUICK, *settings) for part in ("-s", setting)]
        with (self.folder / "crawl.log").open("ab") as log:
            worker = subprocess.Popen(command, cwd=ROOT, env=self.environment(), stdout=log, stderr=log)
        self.workers.append(worker)
        return worker

    def crawl(self, *settings: str) -> int:
        """The exit code of one worker that does it all."""
        return self.start(*settings).wait(120)

    def environment(self) -> dict[str, str]:
        """Of every command."""
        servers = {"MONGODB_URI": self.mongodb.uri, "REDIS_URL": self.valkey.url}
        return {
            **os.environ,
            **servers,
            "FORUMCRAWL_HOME": str(self.folder),
            "IMAGES_STORE": "",
            **self.environment_also,
        }

    def views(self, **settings: Any) -> list[RunView]:
        """What `scrapy status` would show, sooner than a command tells it."""
        known = {name: getattr(defaults, name) for name in vars(defaults) if name.isupper()}
        servers = {"MONGODB_URI": self.mongodb.uri, "REDIS_URL": self.valkey.url}

        async def read() -> list[RunView]:
            async with Runs(Settings({**known, **servers, **settings})) as runs:
                return await runs.current()

        return asyncio.run(read())

    def said(self, *command: str) -> tuple[int, str, str]:
        """Exit code, stdout and stderr of a command."""
        program = [sys.executable, "-m", "scrapy", *command]
        done = subprocess.run(
            program, cwd=ROOT, env=self.environment(), capture_output=True, text=True, timeout=60, check=False
        )
        return done.returncode, done.stdout, done.stderr

    def told(self, *command: str) -> Told:
        """The JSON of a command that went well."""
        code, out, err = self.said(*command, "--json")
        assert (code, err) == (0, ""), err
        found: Told = json.loads(out)
        return found

    def redis(self, *command: str) -> Any:
        """The answer of the Valkey."""
        with Redis.from_url(self.valkey.url) as client:
            return client.execute_command(*command)

    def log(self) -> str:
        """What the workers wrote."""
        return (self.folder / "crawl.log").read_text("utf-8", "replace")

    def documents(self) -> dict[str, int]:
        """How many documents each kind of content has."""
        return {name: self.database[name].count_documents({}) for name in ("boards", "threads", "posts", "members")}

    def _end_workers(self) -> None:
        for worker in self.workers:
            worker.kill()
            worker.wait()


def answered(told: Told) -> Counter[str]:
    """Answers by status as a run tells them; those that were cut came with status 200."""
    counts: Counter[str] = Counter()
    for statuses in told["responses"].values():
        counts.update(statuses)
    for errors in told["no_response"].values():
        counts["200"] += errors.get("ResponseDataLossError", 0)
        counts["0"] += sum(count for error, count in errors.items() if error != "ResponseDataLossError")
    return Counter({status: count for status, count in counts.items() if count})
