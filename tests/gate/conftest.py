"""A small web with pages that need a browser, and a browser of the test's own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from scrapy.settings import Settings

import forumcrawl.settings
from forumcrawl.gate.browser import Browser
from forumcrawl.gate.chromium import NoChromium, find_chromium
from tests.replica.server import HOST, Handler, bound, serving


@pytest.fixture
def browser_settings(tmp_path: Path) -> Settings:
    """The project's, with a home of the test's own."""
    settings = Settings()
    settings.setmodule(forumcrawl.settings)
    settings.set("FORUMCRAWL_HOME", str(tmp_path))
    return settings


@pytest.fixture(scope="session", autouse=True)
def chromium() -> Path:
    """The browser that is used; without one these tests say so."""
    try:
        return find_chromium(forumcrawl.settings.BROWSER_PATH, forumcrawl.settings.BROWSER_DOWNLOADS)
    except NoChromium as error:
        pytest.fail(str(error))


class Web:
    """Pages by path; `asked` holds what was asked for, in order."""

    def __init__(self, pages: dict[str, str | web.Response]) -> None:
        self.pages = pages
        self.asked: list[str] = []
        self.url = ""

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """One request."""
        self.asked.append(request.path)
        page = self.pages.get(request.path, web.Response(status=404))
        if isinstance(page, web.Response):
            return page
        return web.Response(text=page, content_type="text/html", charset="utf-8")


@asynccontextmanager
async def serving_pages(pages: dict[str, str | web.Response], host: str = HOST) -> AsyncIterator[Web]:
    """A server of these pages, until the block ends."""
    listener = bound(host, 0)
    served = Web(pages)
    served.url = f"http://{host}:{listener.getsockname()[1]}"
    handler: Handler = served.handle
    async with serving(handler, listener):
        yield served


@asynccontextmanager
async def browsing(settings: Settings) -> AsyncIterator[Browser]:
    """A browser that is ended with the block."""
    browser = Browser(settings)
    try:
        yield browser
    finally:
        await browser.close()
