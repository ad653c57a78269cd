from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings

from forumcrawl import settings as project
from forumcrawl.storage.errors import StorageUnavailable
from forumcrawl.storage.session import Storage
from tests.items.samples import full_post, read_of
from tests.storage.conftest import Place


def configured(**changes: Any) -> Settings:
    """The project's storage settings, with changes."""
    names = [name for name in dir(project) if name.startswith(("MONGODB_", "STORAGE_", "EMBEDDED_", "FORUMCRAWL_"))]
    return Settings({name: getattr(project, name) for name in names} | changes)


def test_what_the_writer_stored_the_archive_reads(place: Place) -> None:
    async def main() -> None:
        storage = await Storage.open(configured(MONGODB_URI=place.uri, MONGODB_DATABASE=place.name))
        try:
            assert await storage.writer.submit(read_of(1)) == "new"
            assert (await storage.archive.thread_reads([read_of(1).key]))[read_of(1).key].upto == 1
        finally:
            await storage.close()

    asyncio.run(main())


def test_a_named_database_that_is_not_there_is_one_clear_line(nowhere: Place) -> None:
    uri = nowhere.uri.replace("://", "://user:geheim@")

    async def main() -> str:
        with pytest.raises(StorageUnavailable) as raised:
            await Storage.open(configured(MONGODB_URI=uri, STORAGE_PATIENCE="0.2"))
        assert raised.value.__suppress_context__
        return str(raised.value)

    line = asyncio.run(main())
    address = nowhere.uri.partition("?")[0].replace("://", "://***@")
    assert line.startswith(f"cannot use the MongoDB at {address} (ServerSelectionTimeoutError: ")
    assert line.endswith("start it, correct MONGODB_URI, or unset it to use the embedded server")
    assert "geheim" not in line
    assert "\n" not in line


@pytest.mark.parametrize("changes", [{"MONGODB_URI": "mongodb://h:x"}, {"MONGODB_DATABASE": "a b"}], ids=str)
def test_settings_that_no_server_can_serve_are_said_at_once(place: Place, changes: dict[str, str]) -> None:
    async def main() -> None:
        with pytest.raises(StorageUnavailable, match=next(iter(changes))):
            await Storage.open(configured(**{"MONGODB_URI": place.uri, **changes}))

    asyncio.run(main())


def test_without_an_address_the_embedded_server_is_used_and_keeps_the_data(tmp_path: Path) -> None:
    async def crawl(verdict: str) -> None:
        storage = await Storage.open(configured(MONGODB_URI=None, FORUMCRAWL_HOME=str(tmp_path / "home")))
        try:
            assert await storage.writer.submit(full_post()) == verdict
        finally:
            await storage.close()

    asyncio.run(crawl("new"))
    asyncio.run(crawl("unchanged"))


def test_an_embedded_server_that_cannot_be_had_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    async def main() -> None:
        with pytest.raises(StorageUnavailable, match="set FORUMCRAWL_HOME"):
            await Storage.open(configured(MONGODB_URI=None, FORUMCRAWL_HOME=str(tmp_path / "file" / "home")))

    asyncio.run(main())
