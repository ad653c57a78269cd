"""`scrapy images verify` as one types it, on a store and a database of the test's own."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from forumcrawl.items import ImageFile
from forumcrawl.media.inspect import inspect
from forumcrawl.media.verdict import Inspection, Limits
from forumcrawl.storage.files.paths import path_of, thumbnail_path_of
from forumcrawl.storage.mongo import Document
from tests.items.samples import NOON
from tests.media import drawn
from tests.servers import MongoServer
from tests.storage import ROOT
from tests.storage.conftest import Place, batches

COMMAND = [sys.executable, "-m", "scrapy", "images"]


@pytest.fixture(scope="module")
def mongo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MongoServer]:
    with MongoServer(tmp_path_factory.mktemp("mongo") / "data") as server:
        yield server


class Desk:
    """Three stored pictures, one of them under two addresses, and the command."""

    def __init__(self, uri: str, name: str, folder: Path) -> None:
        self.uri, self.name, self.folder = uri, name, folder
        self.images = [self._kept(number) for number in range(3)]
        self.images.append(self._kept(0, "https://h.example/again.png"))
        asyncio.run(self._store())

    def _kept(self, number: int, url: str = "") -> ImageFile:
        data = drawn.file(drawn.picture(number, 60, 40), "PNG")
        found = inspect(data, Limits())
        assert isinstance(found, Inspection)
        assert found.thumbnail
        path, thumbnail = path_of(found.sha256, "png"), thumbnail_path_of(found.sha256)
        self.write(path, data)
        self.write(thumbnail, found.thumbnail)
        url = url or f"https://h.example/{number}.png"
        return ImageFile(
            site="h.example",
            url=url,
            outcome="stored",
            sha256=found.sha256,
            path=path,
            thumbnail=thumbnail,
            bytes=len(data),
            tries=1,
            fetched_at=NOON,
        )

    async def _store(self) -> None:
        async with Place(self.uri, self.name).open() as database:
            waiting = ImageFile(site="h.example", url="https://h.example/w", outcome="pending", next_try_at=NOON)
            await batches(database).store([*self.images, waiting])

    def write(self, path: str, data: bytes, age: float = 7200) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        os.utime(target, (time.time() - age,) * 2)

    def path(self, number: int) -> Path:
        return self.folder / (self.images[number].path or "")

    def thumbnail(self, number: int) -> Path:
        return self.folder / (self.images[number].thumbnail or "")

    def run(self, *arguments: str, **environment: str) -> tuple[int, str, str]:
        """Exit code, stdout and stderr."""
        given = {"MONGODB_URI": self.uri, "IMAGES_STORE": str(self.folder), **environment}
        done = subprocess.run(
            [*COMMAND, *arguments, "-s", f"MONGODB_DATABASE={self.name}", "-s", "STORAGE_PATIENCE=1"],
            cwd=ROOT,
            env={**os.environ, **given},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done.returncode, done.stdout, done.stderr

    def told(self, *arguments: str) -> tuple[int, Any]:
        code, out, err = self.run("verify", "--json", *arguments)
        assert err == ""
        return code, json.loads(out)

    def refused(self, *arguments: str, **environment: str) -> tuple[int, str]:
        """Exit code and the one line on stderr."""
        code, out, err = self.run(*arguments, **environment)
        assert (out, err.count("\n")) == ("", 1), err
        return code, err.strip()

    def due(self) -> dict[str, Document]:
        with MongoClient[Document](self.uri, tz_aware=True) as client:
            found = client[self.name].images.find({"outcome": "pending", "url": {"$ne": "https://h.example/w"}})
            return {document["_id"]: document for document in found}


@pytest.fixture
def desk(mongo: MongoServer, tmp_path: Path) -> Desk:
    return Desk(mongo.uri, f"images{tmp_path.name.rpartition('_')[2]}{time.monotonic_ns()}", tmp_path / "files")


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def spoil(desk: Desk) -> str:
    """Picture 0 is lost, picture 1 altered, the thumbnail of picture 2 lost, a file nobody's; its path."""
    desk.path(0).unlink()
    desk.path(1).write_bytes(b"x" * desk.path(1).stat().st_size)
    desk.thumbnail(2).unlink()
    desk.write(path_of("f" * 64, "png"), b"nobody's")
    return path_of("f" * 64, "png")


def test_what_is_sound_is_said_so(desk: Desk) -> None:
    code, out, err = desk.run("verify")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "4 pictures recorded, 6 files in the store",
        "missing  0",
        "altered  0",
        "orphaned 0",
    ]


def test_what_is_wrong_is_told_and_nothing_is_done(desk: Desk) -> None:
    orphan = spoil(desk)
    before = files(desk.folder)
    code, told = desk.told()
    assert (code, told["sound"], told["records"]) == (1, False, 4)
    assert set(told["missing"]["examples"]) == {desk.images[0].path, desk.images[2].thumbnail}
    assert told["altered"] == {"count": 1, "examples": [desk.images[1].path]}
    assert told["orphaned"] == {"count": 1, "examples": [orphan]}
    assert (told["fetch"], told["redraw"], told["mended"]) == (3, 1, {"due": 0, "redrawn": 0})
    assert files(desk.folder) == before
    assert desk.due() == {}


def test_mending_removes_redraws_and_makes_the_rest_due(desk: Desk) -> None:
    orphan = spoil(desk)
    code, told = desk.told("--mend")
    assert (code, told["removed"], told["mended"]) == (1, 2, {"due": 3, "redrawn": 1})
    due = desk.due()
    assert set(due) == {desk.images[number].key for number in (0, 1, 3)}
    for document in due.values():
        assert (document["sha256"], document["path"], document["thumbnail"], document["tries"]) == (None,) * 4
        assert document["next_try_at"] is not None
    assert not (desk.folder / orphan).exists()
    assert not desk.path(1).exists()
    assert desk.thumbnail(2).read_bytes()[8:12] == b"WEBP"


def test_after_mending_what_is_recorded_is_whole(desk: Desk) -> None:
    spoil(desk)
    code, out, err = desk.run("verify", "--mend")
    assert (code, err) == (1, "")
    assert out.splitlines()[-1] == (
        "removed 2 files and 0 half ones, drew 1 thumbnails; the next crawl fetches 3 pictures again"
    )
    code, told = desk.told()
    assert (told["missing"]["count"], told["altered"]["count"], told["records"]) == (0, 0, 1)


def test_a_store_that_holds_no_picture_at_all_is_not_mended(desk: Desk) -> None:
    code, line = desk.refused("verify", "--mend", IMAGES_STORE=str(desk.folder.with_name("other")))
    assert (code, line) == (1, "none of 4 pictures is in the store, so nothing is mended: is it another?")
    assert desk.due() == {}


@pytest.mark.parametrize("arguments", [[], ["clear"], ["verify", "more"]])
def test_other_words_are_refused(desk: Desk, arguments: list[str]) -> None:
    assert desk.refused(*arguments) == (2, "say scrapy images verify [--mend] [--json]")


def test_where_there_is_no_store_one_line_says_so(desk: Desk) -> None:
    assert desk.refused("verify", IMAGES_STORE="") == (1, "there is no store of pictures: IMAGES_STORE is empty")
    code, line = desk.refused("verify", IMAGES_STORE="ftp://h/")
    assert (code, line.startswith("ftp:// is no store of files")) == (1, True)


def test_where_there_is_no_database_one_line_says_so(desk: Desk) -> None:
    code, line = desk.refused("verify", MONGODB_URI="mongodb://127.0.0.1:1/?directConnection=true")
    assert (code, line.startswith("cannot use the MongoDB at mongodb://127.0.0.1:1")) == (1, True)
