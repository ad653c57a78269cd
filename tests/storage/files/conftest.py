"""Each kind of store, empty for each test."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from forumcrawl.storage.files.opening import open_store
from forumcrawl.storage.files.store import FileStore
from tests.storage.conftest import Place

_numbers = itertools.count(1)
SECRET = "a-secret-that-no-message-and-no-log-may-show"


@dataclass(frozen=True)
class Shop:
    """A store that several users open, each on its own."""

    uri: str
    place: Place | None = None

    @asynccontextmanager
    async def open(self, **options: Any) -> AsyncIterator[FileStore]:
        if self.place:
            async with self.place.open(prepared=False) as database, _closing(self.uri, database, options) as store:
                yield store
        else:
            async with _closing(self.uri, None, options) as store:
                yield store


@asynccontextmanager
async def _closing(uri: str, database: Any, options: dict[str, Any]) -> AsyncIterator[FileStore]:
    store = await open_store(uri, database=database, **{"seconds": 20.0, **options})
    try:
        yield store
    finally:
        await store.close()


@pytest.fixture(scope="session")
def s3_address() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def aws(s3_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment that leads boto3 to the S3 server of the tests."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3_address)
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tester")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_SESSION_TOKEN", SECRET)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))


@pytest.fixture
def bucket(aws: None) -> str:
    """An empty bucket on the S3 server."""
    name = f"pictures-{next(_numbers)}"
    where: Any = {"LocationConstraint": "eu-central-1"}
    boto3.client("s3", region_name="eu-central-1").create_bucket(Bucket=name, CreateBucketConfiguration=where)
    return name


@pytest.fixture(params=["folder", "gridfs", "s3", "s3 with a prefix"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Shop:
    match request.param:
        case "folder":
            return Shop(str(tmp_path / "files"))
        case "gridfs":
            return Shop("gridfs://", request.getfixturevalue("place"))
        case "s3":
            return Shop(f"s3://{request.getfixturevalue('bucket')}")
    return Shop(f"s3://{request.getfixturevalue('bucket')}/some/where/")
