"""Bytes of pictures become files in a folder and records of them."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem, NotConfigured
from scrapy.utils.test import get_crawler

from forumcrawl.items import ImageFile
from forumcrawl.items.media import FetchedPicture
from forumcrawl.media.inspect import inspect
from forumcrawl.media.verdict import Inspection
from forumcrawl.pipelines.images import UNAVAILABLE, ImagesPipeline, images_store
from forumcrawl.signals import seal
from forumcrawl.spiders.picture_answers import fetched
from forumcrawl.storage.files.opening import open_store
from forumcrawl.storage.files.paths import path_of, thumbnail_path_of
from forumcrawl.storage.files.store import FileStore, FilesUnavailable
from tests.items.samples import card
from tests.media import drawn

PNG = drawn.file(drawn.picture(1), "PNG")


class Engine:
    def __init__(self) -> None:
        self.ended: list[str] = []

    async def close_spider_async(self, *, reason: str) -> None:
        self.ended.append(reason)


class Storage:
    database = None

    async def mend(self, error: Exception) -> None:
        """Nothing is broken."""


def crawler_with(store: Path | str, **settings: Any) -> Crawler:
    given = {"IMAGES_STORE": str(store), "IMAGES_MAX_PIXELS": 1_000_000, "IMAGES_MAX_FRAMES": 10, **settings}
    crawler: Crawler = get_crawler(Spider, given)
    crawler.storage = Storage()  # type: ignore[attr-defined]
    crawler.engine = Engine()  # type: ignore[assignment]
    return crawler


def reasons(crawler: Any) -> list[str]:
    """Why the crawl was ended, each time."""
    ended: list[str] = crawler.engine.ended
    return ended


def image() -> ImageFile:
    return ImageFile(site="h.example", url="https://h.example/a", tries=1, status=200)


def looked_into(body: bytes) -> FetchedPicture:
    found = inspect(body)
    assert isinstance(found, Inspection)
    return fetched(image(), body, found)


def processed(crawler: Crawler, bodies: Sequence[bytes]) -> list[Any]:
    """What becomes of pictures that come at once: records, or errors."""

    async def main() -> list[Any]:
        pipeline = ImagesPipeline.from_crawler(crawler)
        try:
            items = [looked_into(body) for body in bodies]
            return await asyncio.gather(*map(pipeline.process_item, items), return_exceptions=True)
        finally:
            await asyncio.sleep(0)
            await pipeline.close_spider()

    return asyncio.run(main())


def kept(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_picture_is_stored_as_it_came_with_a_thumbnail_and_described(tmp_path: Path) -> None:
    crawler = crawler_with(tmp_path)
    (found,) = processed(crawler, [PNG])
    digest = hashlib.sha256(PNG).hexdigest()
    assert (found.outcome, found.sha256, found.reason, found.next_try_at) == ("stored", digest, None, None)
    assert (found.format, found.width, found.height, found.frames, found.bytes) == ("png", 480, 320, 1, len(PNG))
    assert (found.path, found.thumbnail) == (path_of(digest, "png"), thumbnail_path_of(digest))
    assert found.dhash is not None
    assert found.dhash_keys
    assert (found.tries, found.status) == (1, 200)
    assert kept(tmp_path) == {found.path, found.thumbnail}
    assert (tmp_path / found.path).read_bytes() == PNG
    assert crawler.stats is not None
    assert crawler.stats.get_value("images/stored") == 1


def test_a_drawing_has_no_thumbnail_and_no_appearance(tmp_path: Path) -> None:
    (found,) = processed(crawler_with(tmp_path), [drawn.svg("")])
    assert (found.outcome, found.format, found.thumbnail, found.dhash, found.dhash_keys) == (
        "stored",
        "svg",
        None,
        None,
        None,
    )
    assert kept(tmp_path) == {found.path}


def test_pictures_that_come_at_once_open_one_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = 0

    async def slow(uri: str, **options: Any) -> FileStore:
        nonlocal opened
        opened += 1
        await asyncio.sleep(0.2)
        return await open_store(uri, **options)

    monkeypatch.setattr("forumcrawl.pipelines.images.open_store", slow)
    found = processed(crawler_with(tmp_path), [PNG, drawn.svg(""), PNG])
    assert [each.outcome for each in found] == ["stored"] * 3
    assert opened == 1


def test_a_store_that_stays_away_seals_and_ends_the_crawl_once_and_no_picture_is_recorded(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    crawler = crawler_with(tmp_path / "file" / "pictures")
    sealed: list[Any] = []

    def hear() -> None:
        sealed.append(seal)

    crawler.signals.connect(hear, seal)
    found = processed(crawler, [PNG, drawn.svg("")])
    assert [type(each) for each in found] == [DropItem, DropItem]
    assert "cannot use the store of files in the folder" in str(found[0])
    assert len(sealed) == 1
    assert reasons(crawler) == [UNAVAILABLE]


def test_a_store_that_fails_later_ends_the_crawl_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def put(*_: Any) -> bool:
        raise FilesUnavailable("the disk is full")

    monkeypatch.setattr("forumcrawl.storage.files.folder.Folder.put", put)
    crawler = crawler_with(tmp_path)
    (found,) = processed(crawler, [PNG])
    assert isinstance(found, DropItem)
    assert reasons(crawler) == [UNAVAILABLE]


def test_all_else_passes_as_it_is(tmp_path: Path) -> None:
    async def main() -> None:
        pipeline = ImagesPipeline.from_crawler(crawler_with(tmp_path / "none"))
        for item in (card(), image(), {"a": 1}):
            assert await pipeline.process_item(item) is item
        await pipeline.close_spider()

    asyncio.run(main())
    assert not (tmp_path / "none").exists()


def test_without_a_store_there_is_no_pipeline() -> None:
    with pytest.raises(NotConfigured):
        ImagesPipeline.from_crawler(crawler_with(""))


def test_auto_is_a_folder_in_the_home(tmp_path: Path) -> None:
    crawler = crawler_with("auto", FORUMCRAWL_HOME=str(tmp_path))
    assert images_store(crawler.settings) == str(tmp_path / "images")
