"""A crew: worker processes that share one crawl of a tree, the servers they need, and what may befall them all."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any

from pymongo import MongoClient

from tests.servers import MongoServer, ValkeyServer
from tests.tree.process import TreeProcess
from tests.tree.shape import Shape

ROOT = Path(__file__).resolve().parents[2]
JOB = "tree"
FAST = {"HOST_DELAY": 0, "HOST_IN_FLIGHT": 0, "CONCURRENT_REQUESTS": 32, "CONCURRENT_REQUESTS_PER_DOMAIN": 32}
"""Settings of a crawl that nothing holds back but the pages themselves."""
STEPS = {"forumcrawl.pipelines.validate.ValidatePipeline": 100, "forumcrawl.pipelines.mongo.MongoPipeline": 900}
SLOW_STEPS = {"tests.tree.pipelines.SlowPipeline": 500, **STEPS}
_SECRETS = ("MONGODB_URI", "REDIS_URL", "FORUM_URL")

Worker = subprocess.Popen[bytes]


class Crew:
    """`with Crew(folder, Shape(pages=300)) as crew:` has a tree, a Valkey and a MongoDB, all its own.

    `settings` are those of every worker; each has a USER_AGENT of its own ("worker 0", "worker 1" ...), by which the
    tree's log tells them apart. All processes end with the block.
    """

    def __init__(self, folder: Path, shape: Shape, *, delay: float = 0.0, killer: int = -1, **settings: Any) -> None:
        self.folder = folder
        self.tree = TreeProcess(shape, delay=delay)
        self.valkey = ValkeyServer(folder / "valkey")
        self.mongodb = MongoServer(folder / "mongodb")
        self.workers: list[Worker] = []
        self._killer = killer
        self._settings = {**FAST, **settings}
        self._owned = ExitStack()

    def __enter__(self) -> Crew:
        self.folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as owned:
            for server in (self.valkey, self.mongodb, self.tree):
                owned.enter_context(server)
            self._client: MongoClient[dict[str, Any]] = MongoClient(self.mongodb.uri, serverSelectionTimeoutMS=10_000)
            owned.callback(self._client.close)
            owned.callback(self._end_workers)
            self._owned = owned.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._owned.close()

    # --- workers -----------------------------------------------------------------------------------------------

    def start_worker(self, spider: str = "tree") -> Worker:
        """One more; its output goes to a file of its own in the folder."""
        number = len(self.workers)
        arguments = {"url": self.tree.url, "job": JOB, "killer": self._killer}
        settings = {"SPIDER_MODULES": "tests.tree.spiders", "USER_AGENT": f"worker {number}", **self._settings}
        command = [sys.executable, "-m", "scrapy", "crawl", spider]
        command += [part for name, value in arguments.items() for part in ("-a", f"{name}={value}")]
        command += [part for name, value in settings.items() for part in ("-s", f"{name}={_text(value)}")]
        with (self.folder / f"worker-{number}.log").open("wb") as log:
            worker = subprocess.Popen(command, cwd=ROOT, env=self._environment(), stdout=log, stderr=log)
        self.workers.append(worker)
        return worker

    def wait_finished(self, timeout: float = 120) -> list[int]:
        """Until every worker has ended; their exit codes in the order in which they were started."""
        deadline = time.monotonic() + timeout
        while self.living():
            assert time.monotonic() < deadline, self.told(f"workers still run after {timeout:g} s")
            time.sleep(0.02)
        return [worker.wait() for worker in self.workers]

    def living(self) -> list[Worker]:
        """The workers that have not ended."""
        return [worker for worker in self.workers if worker.poll() is None]

    def logs(self) -> str:
        """What all workers have written."""
        files = sorted(self.folder.glob("worker-*.log"))
        return "\n".join(f"--- {file.name}\n{file.read_text('utf-8', 'replace')}" for file in files)

    def told(self, what: str) -> str:
        """A message for a check that failed: what is wrong, how far the crawl is, what the workers wrote."""
        codes = [worker.poll() for worker in self.workers]
        return f"{what}; stored: {len(self.stored())}, exit codes: {codes}\n{self.logs()}"

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in _SECRETS}
        own = {"MONGODB_URI": self.mongodb.uri, "REDIS_URL": self.valkey.url, "FORUMCRAWL_HOME": str(self.folder)}
        return {**kept, **own}

    def _end_workers(self) -> None:
        for worker in self.living():
            worker.kill()
        for worker in self.workers:
            worker.wait()

    # --- what came of it ---------------------------------------------------------------------------------------

    def stored(self) -> Counter[int]:
        """The pages that are stored, and how many documents each has."""
        return Counter(document["post_id"] for document in self._pages.find({}, {"post_id": 1}))

    def wait_for_stored(self, count: int, timeout: float = 60) -> None:
        """Until so many pages are stored; fails where all workers end before."""
        deadline = time.monotonic() + timeout
        while self._pages.estimated_document_count() < count:
            assert self.living(), self.told(f"ended before {count} pages were stored")
            assert time.monotonic() < deadline, self.told(f"less than {count} pages stored in {timeout:g} s")
            time.sleep(0.02)

    def wait_for_all_at_work(self, timeout: float = 60) -> None:
        """Until every worker has asked for a page; fails where one ends before."""
        deadline = time.monotonic() + timeout
        while (busy := len({line.agent for line in self.tree.log() if line.page is not None})) < len(self.workers):
            assert len(self.living()) == len(self.workers), self.told(f"only {busy} workers have asked for a page")
            assert time.monotonic() < deadline, self.told(f"only {busy} workers at work in {timeout:g} s")
            time.sleep(0.02)

    def done_twice(self) -> int:
        """How many requests were more than the one each page needs; those for the killer page do not count."""
        return sum(times - 1 for page, times in self.tree.asked().items() if page != self._killer)

    def dead(self) -> list[str]:
        """Addresses of the requests that were given up."""
        return [letter["url"] for letter in self.letters()]

    def letters(self) -> list[dict[str, Any]]:
        """The dead letters, as the command tells them."""
        command = [sys.executable, "-m", "scrapy", "frontier", JOB, "--json"]
        done = subprocess.run(command, cwd=ROOT, env=self._environment(), capture_output=True, timeout=60)
        assert done.returncode == 0, done.stderr.decode()
        letters: list[dict[str, Any]] = json.loads(done.stdout)["dead"]
        return letters

    @property
    def _pages(self) -> Any:
        return self._client["forumcrawl"]["posts"]


def kill(worker: Worker) -> None:
    """kill -9; it has ended when this returns."""
    worker.kill()
    worker.wait()


def freeze(worker: Worker, seconds: float) -> None:
    """Stop a worker for so long, and let it go on."""
    worker.send_signal(signal.SIGSTOP)
    try:
        time.sleep(seconds)  # how long it is silent
    finally:
        worker.send_signal(signal.SIGCONT)


def restart(server: ValkeyServer | MongoServer, away: float) -> None:
    """kill -9 of a server that is back after so many seconds."""
    server.kill()
    time.sleep(away)  # how long it is away
    server.start()


def _text(value: Any) -> str:
    return json.dumps(value) if isinstance(value, dict) else str(value)
