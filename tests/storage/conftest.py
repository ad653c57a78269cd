"""A database server of the tests' own, and an empty database for each test."""

from __future__ import annotations

import itertools
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from forumcrawl.items import Item
from forumcrawl.storage.batch import Batches
from forumcrawl.storage.mongo import Database, Document, connect, prepare
from forumcrawl.storage.patience import Patience

_numbers = itertools.count(1)


@dataclass
class Server:
    """A SecantusDB process that can be killed and started again on the same folder and port."""

    folder: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def uri(self) -> str:
        return f"mongodb://127.0.0.1:{self.port}/?directConnection=true"

    def start(self) -> None:
        self.port = self.port or _free_port()
        address = ["--host", "127.0.0.1", "--port", str(self.port), "--storage-path", str(self.folder)]
        keep = ["--sync-on-commit", "--oplog-max-entries", "2000", "--oplog-retention-seconds", "60"]
        program = str(Path(sys.executable).with_name("secantusd-py"))
        log = open(f"{self.folder}.log", "ab")  # noqa: SIM115 - the child keeps it
        self.process = subprocess.Popen([program, *address, *keep, "--enable-test-commands"], stdout=log, stderr=log)
        log.close()
        self._await_answer(time.monotonic() + 20)

    def kill(self) -> None:
        """As a power cut would: no warning, no time to write anything."""
        if self.process:
            self.process.kill()
            self.process.wait(timeout=10)
            self.process = None

    def _await_answer(self, deadline: float) -> None:
        assert self.process
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                assert self.process.poll() is None, f"the server ended: see {self.folder}.log"
                assert time.monotonic() < deadline, "the server does not answer"
                time.sleep(0.02)
            else:
                return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Place:
    """An address and the name of a database that nobody uses yet."""

    uri: str
    name: str

    @asynccontextmanager
    async def open(self, *, selection_ms: int = 2_000, prepared: bool = True) -> AsyncIterator[Database]:
        client = connect(self.uri, selection_ms=selection_ms)
        try:
            if prepared:
                await prepare(client[self.name])
            yield client[self.name]
        finally:
            await client.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that leave it running."""
    server = Server(tmp_path_factory.mktemp("server") / "data")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def place(server: Server) -> Place:
    return Place(server.uri, f"test{next(_numbers)}")


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """A server that the test may kill."""
    server = Server(tmp_path / "data")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def nowhere() -> Place:
    """An address where nothing listens."""
    return Place(f"mongodb://127.0.0.1:{_free_port()}/?directConnection=true", "test")


def batches(database: Database, seconds: float = 20.0, **options: Any) -> Batches:
    return Batches(database, Patience(seconds), **options)


async def stored(database: Database, item: Item) -> Document:
    found = await database[item.collection].find_one({"_id": item.key})
    assert found is not None
    return found
