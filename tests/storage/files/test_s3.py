from __future__ import annotations

import asyncio
import io
import logging
import time
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from forumcrawl.storage.files import s3
from forumcrawl.storage.files.opening import open_store
from forumcrawl.storage.files.store import FilesUnavailable
from tests.storage.files import file, files
from tests.storage.files.conftest import SECRET
from tests.storage.files.test_store import listed
from tests.storage.valkey import free_port


def _refusing(monkeypatch: pytest.MonkeyPatch, errors: list[Exception]) -> None:
    """The next requests to put fail so."""
    put = s3.S3._put

    def refuse(*args: Any) -> bool:
        if errors:
            raise errors.pop()
        return put(*args)

    monkeypatch.setattr(s3.S3, "_put", refuse)


def _answer(status: int, code: str) -> ClientError:
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, "PutObject")  # type: ignore[typeddict-item]


def test_a_prefix_is_a_folder_of_its_own(bucket: str) -> None:
    async def main() -> None:
        path, data = file(1)
        plain, below = await open_store(f"s3://{bucket}"), await open_store(f"s3://{bucket}/a/b")
        await below.put(path, data)
        found = boto3.client("s3").list_objects_v2(Bucket=bucket)["Contents"]
        assert [entry["Key"] for entry in found] == [f"a/b/{path}"]
        assert (await listed(below), await listed(plain)) == ([path], [])

    asyncio.run(main())


def test_more_files_than_a_page_of_the_listing_are_all_listed(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        kept = files(25, 1)
        store = await open_store(f"s3://{bucket}/x")
        client = store._client  # type: ignore[attr-defined]
        for path, data in kept.items():
            await store.put(path, data)
        whole = client.list_objects_v2
        monkeypatch.setattr(client, "list_objects_v2", lambda **asked: whole(**asked, MaxKeys=7))
        assert await listed(store) == sorted(kept)

    asyncio.run(main())


@pytest.mark.parametrize(
    "error",
    [_answer(503, "SlowDown"), _answer(500, "InternalError"), _answer(400, "RequestTimeout"), _answer(429, "x")],
)
def test_what_may_pass_is_tried_again(bucket: str, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    async def main() -> None:
        path, data = file(1)
        store = await open_store(f"s3://{bucket}")
        _refusing(monkeypatch, [error, EndpointConnectionError(endpoint_url="http://x")])
        assert await store.put(path, data)
        assert await store.get(path) == data

    asyncio.run(main())


def test_a_refusal_is_said_at_once(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        store = await open_store(f"s3://{bucket}")
        _refusing(monkeypatch, [_answer(403, "AccessDenied")] * 2)
        started = time.monotonic()
        with pytest.raises(FilesUnavailable, match=rf"bucket '{bucket}' \(it refuses: .*AccessDenied.*credentials"):
            await store.put(*file(1))
        assert time.monotonic() - started < 5

    asyncio.run(main())


def test_a_bucket_that_is_not_there_is_said_when_the_store_is_opened(aws: None) -> None:
    with pytest.raises(FilesUnavailable, match=r"the S3 bucket 'nobodys-bucket' .*404.*: see that the bucket is there"):
        asyncio.run(open_store("s3://nobodys-bucket"))


def test_a_server_that_is_not_there_is_said_after_the_patience(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    with pytest.raises(FilesUnavailable, match=r"no success in 0\.5 s: EndpointConnectionError.*AWS_ENDPOINT") as said:
        asyncio.run(open_store("s3://pictures", seconds=0.5))
    assert SECRET not in str(said.value)


@pytest.mark.parametrize("endpoint", [f"http://user:{SECRET}@host", f"//user:{SECRET}@host", f"{SECRET} x"])
def test_an_endpoint_that_will_not_do_is_said_without_it(
    aws: None, monkeypatch: pytest.MonkeyPatch, endpoint: str
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    with pytest.raises(FilesUnavailable, match="AWS_ENDPOINT_URL is no plain address of a server") as said:
        asyncio.run(open_store("s3://pictures"))
    assert SECRET not in str(said.value)


def test_missing_credentials_are_said(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(FilesUnavailable, match=r"NoCredentialsError.*credentials in the environment"):
        asyncio.run(open_store(f"s3://{bucket}"))


def test_credentials_are_in_no_log(bucket: str) -> None:
    async def main() -> None:
        store = await open_store(f"s3://{bucket}")
        await store.put(*file(1))
        await store.close()

    root, log = logging.getLogger(), io.StringIO()
    handler, level = logging.StreamHandler(log), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        for name in ("boto3", "botocore", "urllib3"):
            logging.getLogger(name).setLevel(logging.NOTSET)
        asyncio.run(main())
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    assert SECRET not in log.getvalue()
    assert "tester" not in log.getvalue()
