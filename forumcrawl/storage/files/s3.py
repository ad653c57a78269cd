"""Files in an S3 bucket, on AWS or any server of its kind. A put is atomic there: no half file can be seen.

Address, region and credentials come from boto3's standard environment (AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID …) alone.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    IncompleteReadError,
    ProxyConnectionError,
    SSLError,
)
from botocore.exceptions import ConnectionError as BotoConnectionError

from forumcrawl.storage.files.paths import checked, is_path
from forumcrawl.storage.files.store import Effort, FilesUnavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import HeadObjectOutputTypeDef

T = TypeVar("T")
_PASSING = frozenset({"RequestTimeout", "SlowDown", "Throttling", "ThrottlingException", "OperationAborted"})
_ABSENT = frozenset({"404", "NoSuchKey"})
_REMEDY = (
    "see that the bucket is there, that AWS_ENDPOINT_URL, AWS_REGION and the credentials in the environment are right "
    "and allow to list, get, put and delete"
)


class S3:
    """A FileStore in a bucket under a prefix, which is empty or ends in a slash."""

    def __init__(self, bucket: str, prefix: str, seconds: float) -> None:
        self._bucket = bucket
        self._prefix = prefix
        self._client: S3Client | None = None
        errors = (BotoCoreError, ClientError)
        self._effort = Effort(f"the S3 bucket {bucket!r}", _REMEDY, errors, _passing, seconds)

    async def prepare(self) -> None:
        """Make the client and see that the bucket is there. Raises FilesUnavailable."""
        await self._call(lambda client: client.head_bucket(Bucket=self._bucket))

    async def put(self, path: str, data: bytes) -> bool:
        checked(path)
        return await self._call(lambda client: self._put(client, path, data))

    async def get(self, path: str) -> bytes | None:
        checked(path)
        return await self._call(lambda client: _unless_absent(partial(self._read, client, path)))

    async def size(self, path: str) -> int | None:
        found = await self._head(path)
        return None if found is None else found["ContentLength"]

    async def age(self, path: str) -> float | None:
        found = await self._head(path)
        return None if found is None else (datetime.now(UTC) - found["LastModified"]).total_seconds()

    async def paths(self, after: str = "") -> AsyncIterator[str]:
        while found := await self._call(partial(self._page, after=after)):
            for path in filter(is_path, found):
                yield path
            after = found[-1]

    async def delete(self, path: str) -> None:
        checked(path)
        await self._call(lambda client: client.delete_object(Bucket=self._bucket, Key=self._prefix + path))

    async def sweep(self, age: float) -> int:
        """Nothing: a put that was cut short leaves nothing behind."""
        return 0

    async def close(self) -> None:
        if self._client:
            await asyncio.to_thread(self._client.close)

    async def _call(self, operation: Callable[[S3Client], T]) -> T:
        def work() -> T:
            self._client = self._client or _connect()
            return operation(self._client)

        return await self._effort.in_thread(work)

    async def _head(self, path: str) -> HeadObjectOutputTypeDef | None:
        checked(path)
        return await self._call(lambda client: self._stat(client, path))

    def _stat(self, client: S3Client, path: str) -> HeadObjectOutputTypeDef | None:
        return _unless_absent(lambda: client.head_object(Bucket=self._bucket, Key=self._prefix + path))

    def _put(self, client: S3Client, path: str, data: bytes) -> bool:
        found = self._stat(client, path)
        if found is not None and found["ContentLength"] == len(data):
            return False
        client.put_object(Bucket=self._bucket, Key=self._prefix + path, Body=data)
        return True

    def _read(self, client: S3Client, path: str) -> bytes:
        with closing(client.get_object(Bucket=self._bucket, Key=self._prefix + path)["Body"]) as body:
            return body.read()

    def _page(self, client: S3Client, after: str) -> list[str]:
        start = self._prefix + after
        found = client.list_objects_v2(Bucket=self._bucket, Prefix=self._prefix, StartAfter=start)
        return [entry["Key"].removeprefix(self._prefix) for entry in found.get("Contents", [])]


def _connect() -> S3Client:
    # Their debug lines hold the headers of requests, and so the session token.
    for name in ("boto3", "botocore", "urllib3"):
        logging.getLogger(name).setLevel(logging.WARNING)
    config = Config(
        connect_timeout=10,
        read_timeout=60,
        max_pool_connections=32,  # as many as asyncio has threads at most
        retries={"total_max_attempts": 1},  # `Effort` tries again, to one limit
        s3={"addressing_style": "path"},  # servers other than AWS's seldom have a host name for each bucket
    )
    with suppress(ValueError):  # its message repeats the address, which may hold a password
        client = boto3.session.Session().client("s3", config=config)
        if "@" not in client.meta.endpoint_url:
            return client
    raise FilesUnavailable("AWS_ENDPOINT_URL is no plain address of a server")


def _unless_absent(operation: Callable[[], T]) -> T | None:
    try:
        return operation()
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in _ABSENT:
            return None
        raise


def _passing(error: Exception) -> bool:
    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return status >= 500 or status == 429 or error.response.get("Error", {}).get("Code") in _PASSING
    if isinstance(error, SSLError | ProxyConnectionError):
        return False
    return isinstance(error, HTTPClientError | BotoConnectionError | IncompleteReadError)
