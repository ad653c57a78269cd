"""A crawl as a process, and what it left in the database."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from pymongo import MongoClient
from pymongo.database import Database

from forumcrawl.storage.embedded import hold
from tests.replica.compare import compare
from tests.replica.process import ReplicaProcess

ROOT = Path(__file__).resolve().parents[2]
CONTENT = ("boards", "threads", "posts", "members")
Document = dict[str, Any]


class Site:
    """A home folder whose embedded database stays up while the block lasts."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def __enter__(self) -> Site:
        self._hold = hold(self.home, servers=("mongodb",))  # Valkey starts and ends with each crawl
        self.use(self._hold.mongodb_uri)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()
        self._hold.close()

    def use(self, uri: str) -> None:
        """Read what is stored at another address from now on."""
        self._client: MongoClient[Document] = MongoClient(uri, tz_aware=True, serverSelectionTimeoutMS=5_000)
        self.database: Database[Document] = self._client["forumcrawl"]

    def start(
        self, url: str, *options: str, spider: str = "forum", environment: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start `scrapy crawl` of the forum, or of another spider, without delay; its output goes to files in the home.

        The forum's source links are not followed, since they may lead to the real web, unless `options` say so. The
        sources spider is given no `url`.
        """
        command = [sys.executable, "-m", "scrapy", "crawl", spider, "-s", "DOWNLOAD_DELAY=0"]
        command += [] if spider == "sources" else ["-a", f"url={url}"]
        command += ["-a", "sources=0"] if spider == "forum" else []
        variables = {key: value for key, value in os.environ.items() if key not in ("MONGODB_URI", "FORUM_URL")}
        variables |= {"FORUMCRAWL_HOME": str(self.home), "IMAGES_STORE": "", **(environment or {})}
        with (self.home / "crawl.out").open("ab") as out, (self.home / "crawl.err").open("ab") as err:
            return subprocess.Popen([*command, *options], cwd=ROOT, env=variables, stdout=out, stderr=err)

    def crawl(
        self,
        url: str,
        *options: str,
        spider: str = "forum",
        environment: Mapping[str, str] | None = None,
        timeout: float = 300,
    ) -> int:
        """Run a crawl to its end and return its exit code."""
        process = self.start(url, *options, spider=spider, environment=environment)
        try:
            return process.wait(timeout)
        finally:
            process.kill()
            process.wait()

    def log(self) -> str:
        """What the crawls have written."""
        return "".join((self.home / name).read_text("utf-8", "replace") for name in ("crawl.out", "crawl.err"))

    def wait_for_posts(self, process: subprocess.Popen[bytes], count: int) -> None:
        """Until so many posts are stored; fails where the crawl ends before."""
        deadline = time.monotonic() + 60
        while self.database["posts"].count_documents({}) < count:
            assert process.poll() is None, self.log()
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.01)

    def server_pid(self) -> int:
        """Process id of the embedded database."""
        status = self._client.admin.command("serverStatus")
        return int(status["pid"])

    def documents(self) -> Iterator[Document]:
        """All boards, threads, posts and members."""
        for name in CONTENT:
            yield from self.database[name].find()

    def differences(self, replica: ReplicaProcess, tick: int = 0, *, member_pages: bool = False) -> list[str]:
        """What is stored against the truth of the replica."""
        truth = replica.world.truth(tick=tick, members_pages=member_pages)
        return compare(truth, self.documents(), allowed_extra=replica.world.row_only_keys(), most=10_000)
