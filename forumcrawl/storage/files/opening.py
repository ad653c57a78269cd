"""A store of files by its address."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from forumcrawl.storage.files.folder import Folder
from forumcrawl.storage.files.gridfs import GridFS
from forumcrawl.storage.files.store import FileStore, FilesUnavailable
from forumcrawl.storage.mongo import Database
from forumcrawl.storage.patience import OnRetry

if TYPE_CHECKING:
    from forumcrawl.storage.files.s3 import S3

_KINDS = "a folder, file:///FOLDER, gridfs://[BUCKET] or s3://BUCKET[/PREFIX]"
_SECONDS = 60.0


async def open_store(
    uri: str, *, database: Database | None = None, seconds: float = _SECONDS, on_retry: OnRetry | None = None
) -> FileStore:
    """The store at `uri`, ready for use: a folder's path, file:///FOLDER, gridfs://[BUCKET] or s3://BUCKET[/PREFIX].

    gridfs: a bucket ("fs" where none is named) of `database`; `on_retry` is what `Patience` has for an embedded server
    that died. `seconds`: how long trouble is waited out. Raises FilesUnavailable with one line that says what to do.
    """
    scheme, rest = _split(uri)
    if scheme == "gridfs":
        store: Folder | GridFS = _gridfs(rest, database, seconds, on_retry)
    elif scheme == "s3":
        return await _s3(rest, seconds)
    else:
        store = Folder(_folder(scheme, rest), seconds)
    await store.prepare()
    return store


def _split(uri: str) -> tuple[str, str]:
    """Scheme, "" for a path, and what follows it."""
    found = re.match(r"([A-Za-z][A-Za-z0-9+.-]*)://", uri)
    scheme = found[1].lower() if found else ""
    if scheme not in ("", "file", "gridfs", "s3"):
        raise FilesUnavailable(f"{scheme}:// is no store of files: name {_KINDS}")
    return scheme, uri[found.end() if found else 0 :]


def _folder(scheme: str, rest: str) -> Path:
    if scheme == "file":
        host, slash, path = rest.partition("/")
        if host not in ("", "localhost"):
            raise FilesUnavailable("a store of files at file:// names a host: write file:/// and an absolute path")
        rest = slash + unquote(path)
    if not rest.strip() or "\0" in rest:
        raise FilesUnavailable(f"the store of files has no address: name {_KINDS}")
    return Path(rest).absolute()


def _gridfs(rest: str, database: Database | None, seconds: float, on_retry: OnRetry | None) -> GridFS:
    bucket = rest.rstrip("/") or "fs"
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]{0,60}", bucket):
        raise FilesUnavailable("the bucket in gridfs://BUCKET is not a name of letters and digits: correct it")
    if database is None:
        raise FilesUnavailable("gridfs:// needs the crawl's database, and there is none: name a folder or an S3 bucket")
    return GridFS(database, bucket, seconds, on_retry)


async def _s3(rest: str, seconds: float) -> FileStore:
    bucket, _, prefix = rest.partition("/")
    if not bucket:
        raise FilesUnavailable("the bucket in s3://BUCKET[/PREFIX] is missing: name one")
    if "@" in bucket:  # not repeated: it may be a password
        raise FilesUnavailable("s3:// takes no credentials in the address: set AWS_ACCESS_KEY_ID and its like instead")
    store = await asyncio.to_thread(_load_s3, bucket, f"{prefix.strip('/')}/".lstrip("/"), seconds)
    try:
        await store.prepare()
    except BaseException:
        await store.close()
        raise
    return store


def _load_s3(bucket: str, prefix: str, seconds: float) -> S3:
    try:
        from forumcrawl.storage.files.s3 import S3  # boto3 takes half a second, and not everybody has it
    except ImportError:
        raise FilesUnavailable("s3:// needs the package boto3, which is not installed: install it") from None
    return S3(bucket, prefix, seconds)
