"""Where the database of a crawl or a command is: apart from the storage, which a command that reads does not load."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from forumcrawl.storage.embedded import EmbeddedError, Hold, hold
from forumcrawl.storage.errors import StorageUnavailable

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

START_SECONDS = 10.0
"""A database that does not answer a starting crawl or command in this time is not there."""


async def locate(settings: BaseSettings) -> tuple[str, Hold | None]:
    """Where the database is: the address that the settings name, else the embedded server's and the claim on it.

    Raises StorageUnavailable.
    """
    if uri := settings.get("MONGODB_URI"):
        return str(uri), None
    claim = await _claim(settings)
    return claim.mongodb_uri, claim


async def _claim(settings: BaseSettings) -> Hold:
    home = Path(settings["FORUMCRAWL_HOME"])
    try:
        port = settings.getint("EMBEDDED_MONGODB_PORT")
        return await asyncio.to_thread(hold, home, servers=("mongodb",), mongodb_port=port)
    except EmbeddedError as error:
        raise StorageUnavailable(str(error)) from error
