"""What a visit may reach: the page's own site, what may open the page, nothing of this machine's network."""

from __future__ import annotations

import asyncio
import ipaddress
from contextlib import suppress
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from playwright.async_api import BrowserContext, CDPSession, Route
from playwright.async_api import Error as PlaywrightError

from forumcrawl.text.addresses import site_of

_LOADED = frozenset({"document", "script", "xhr", "fetch", "stylesheet"})


class Fence:
    """Around the page at `url`; `led_to` is the first address of another site that it wanted to go to."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._deciding: set[asyncio.Task[None]] = set()
        self.led_to = ""

    async def stand_around(self, context: BrowserContext, session: CDPSession) -> None:
        """Before the page is asked for. Playwright's routes see the first request of a chain of redirects only."""
        await context.route("**/*", self._filter)
        session.on("Fetch.requestPaused", lambda paused: self._note(session, paused))
        answers = {"urlPattern": "*", "resourceType": "Document", "requestStage": "Response"}
        await session.send("Fetch.enable", {"patterns": [answers]})

    def _note(self, session: CDPSession, paused: dict[str, Any]) -> None:
        task = asyncio.get_running_loop().create_task(self._decide(session, paused))
        self._deciding.add(task)
        task.add_done_callback(self._deciding.discard)

    async def _decide(self, session: CDPSession, paused: dict[str, Any]) -> None:
        status = paused.get("responseStatusCode", 0)
        named = next((h["value"] for h in paused.get("responseHeaders", ()) if h["name"].lower() == "location"), "")
        leads_to = urljoin(paused["request"]["url"], named)
        with suppress(PlaywrightError):  # the page is gone by now
            if 300 <= status < 400 and named and not _same(leads_to, self._url):
                self.led_to = self.led_to or urldefrag(leads_to)[0]
                await session.send("Fetch.failRequest", {"requestId": paused["requestId"], "errorReason": "Aborted"})
            else:
                await session.send("Fetch.continueRequest", {"requestId": paused["requestId"]})

    async def _filter(self, route: Route) -> None:
        """No pictures, fonts and films, no other site, nothing inside."""
        request = route.request
        is_page = request.is_navigation_request() and request.frame.parent_frame is None
        leads_away = is_page and not _same(request.url, self._url)
        if leads_away:
            self.led_to = urldefrag(request.url)[0]
        with suppress(PlaywrightError):  # the page is gone by now
            if leads_away or request.resource_type not in _LOADED or _is_inside(request.url, self._url):
                await route.abort()
            else:
                await route.continue_()


def _same(url: str, other: str) -> bool:
    return site_of(url) == site_of(other)


def _is_inside(url: str, page: str) -> bool:
    """Whether it is of this machine or its network, which a page of another host has no business with."""
    host = urlsplit(url).hostname or ""
    if host == urlsplit(page).hostname:
        return False
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
