"""A Valkey for all tests that leave it running, and jobs that nobody used before."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from forumcrawl.frontier.pace import Pace
from tests.frontier.open_job import OpenJob
from tests.servers import ValkeyServer

OpenJobs = Callable[[Pace], OpenJob]
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ValkeyServer]:
    with ValkeyServer(tmp_path_factory.mktemp("valkey") / "data") as server:
        yield server


@pytest.fixture
def own_valkey(tmp_path: Path) -> Iterator[ValkeyServer]:
    """A server that the test may kill."""
    with ValkeyServer(tmp_path / "valkey") as server:
        yield server


@pytest.fixture
def open_job(valkey: ValkeyServer) -> Iterator[OpenJobs]:
    """Makes a new job, held to a pace."""
    with ExitStack() as opened:
        yield lambda pace: opened.enter_context(closing(OpenJob(valkey.url, f"job{next(_numbers)}", pace)))


@pytest.fixture
def job(open_job: OpenJobs) -> OpenJob:
    """A new job without a pace, with the workers "one" and "two"."""
    job = open_job(Pace(delay=0, tries=3))
    job.join("one", "two")
    return job
