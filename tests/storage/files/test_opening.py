from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from forumcrawl.storage.files.opening import open_store
from forumcrawl.storage.files.store import FileStore, FilesUnavailable
from tests.storage.conftest import Place
from tests.storage.files import file


def _put(uri: str) -> str:
    """The path of a file that was put into a store just opened."""
    path, data = file(1)

    async def main() -> None:
        store: FileStore = await open_store(uri)
        assert await store.put(path, data)

    asyncio.run(main())
    return path


def _said(uri: str) -> str:
    with pytest.raises(FilesUnavailable) as said:
        asyncio.run(open_store(uri, seconds=0.2))
    assert "\n" not in str(said.value)
    return str(said.value)


def test_a_path_is_a_folder_which_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _put(str(tmp_path / "some" / "where"))
    assert (tmp_path / "some" / "where" / path).is_file()
    monkeypatch.chdir(tmp_path)
    assert (tmp_path / "near" / _put("near")).is_file()


def test_a_file_address_is_a_folder_with_its_signs_unquoted(tmp_path: Path) -> None:
    path = _put(f"file://{tmp_path}/a%20b")
    assert (tmp_path / "a b" / path).is_file()
    assert not (tmp_path / "a%20b").exists()


def test_gridfs_keeps_to_the_bucket_that_is_named(place: Place) -> None:
    async def main() -> None:
        async with place.open(prepared=False) as database:
            for uri in ("gridfs://", "gridfs://pictures"):
                await (await open_store(uri, database=database)).put(*file(1))
            names = set(await database.list_collection_names())
        assert names == {"fs.files", "fs.chunks", "pictures.files", "pictures.chunks"}

    asyncio.run(main())


@pytest.mark.parametrize(
    ("uri", "told"),
    [
        ("ftp://host/x", "ftp:// is no store of files: name a folder, file:///FOLDER, gridfs"),
        ("http://user:hidden@host/", "http:// is no store of files"),
        ("", "the store of files has no address"),
        ("file://", "the store of files has no address"),
        ("folder\0x", "the store of files has no address"),
        ("file://[::x/", "write file:/// and an absolute path"),
        ("file://folder/x", "write file:/// and an absolute path"),
        ("s3://", "the bucket in s3://BUCKET[/PREFIX] is missing: name one"),
        ("s3:///prefix", "the bucket in s3://BUCKET[/PREFIX] is missing: name one"),
        ("s3://key:hidden@bucket", "set AWS_ACCESS_KEY_ID"),
        ("gridfs://a b", "is not a name of letters and digits"),
        ("gridfs://fs.files/$x", "is not a name of letters and digits"),
        ("gridfs://", "gridfs:// needs the crawl's database"),
    ],
)
def test_an_address_that_will_not_do_is_said_in_one_line(uri: str, told: str) -> None:
    said = _said(uri)
    assert told in said
    assert "hidden" not in said


def test_a_folder_that_cannot_be_one_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for uri in (tmp_path / "file", tmp_path / "file" / "below"):
        assert "make it a folder with room that this user may write to" in _said(str(uri))


def test_a_folder_that_may_not_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # the tests may run as root, who may do all
    assert "Permission denied" in _said(str(tmp_path))


def test_s3_without_its_package_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "forumcrawl.storage.files.s3", raising=False)
    monkeypatch.setitem(sys.modules, "boto3", None)
    assert "s3:// needs the package boto3" in _said("s3://bucket")
