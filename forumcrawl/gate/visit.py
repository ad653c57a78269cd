"""One page in the browser: from its address to what stands there once its scripts have run."""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urldefrag, urljoin, urlsplit

from playwright.async_api import BrowserContext, CDPSession, Page, Response, Route
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Request as PageRequest

from forumcrawl.gate.detect import Finding, Verdict, examine
from forumcrawl.gate.visited import Visit
from forumcrawl.text.addresses import site_of

STEP: Final = 10.0
"""Seconds that a browser which is well may take for one step."""
_LOOK = 0.15  # seconds between two looks
_SETTLE = 5.0  # seconds for which requests of a page that shows its content are waited for
_STUBBORN = 3.0  # seconds after which an answer that no script changes is believed
_LOADS = 10  # a gate that loads the page so often does not open
_LOADED = frozenset({"document", "script", "xhr", "fetch", "stylesheet"})


class Hangs(Exception):
    """The browser did not do a step in time."""


class Leads(Exception):
    """The page leads to another site, whose address is the message."""


@dataclass(slots=True)
class _Seen:
    """What the page did so far."""

    loads: int = 0
    last: Response | None = None
    at: float = 0.0
    pending: set[PageRequest] = field(default_factory=set)
    led_to: str = ""


async def visit(context: BrowserContext, url: str, deadline: float) -> Visit:
    """Go to `url` and wait until it is no gate any more, at the latest at `deadline` (monotonic seconds).

    Raises Hangs, Leads and Playwright's errors, also for a page that crashes or cannot be loaded.
    """
    seen, start = _Seen(), time.monotonic()
    await _step(context.route("**/*", lambda route: _filter(route, url, seen)))
    page = await _step(context.new_page())
    await _stay(context, page, url, seen)
    crashed = asyncio.Event()
    page.on("crash", lambda _: crashed.set())
    page.on("response", lambda response: _note(page, response, seen))
    page.on("request", lambda request: seen.pending.add(request))
    for over in ("requestfinished", "requestfailed"):
        page.on(over, lambda request: seen.pending.discard(request))
    try:
        await page.goto(url, wait_until="commit", timeout=1000 * max(1.0, deadline - start))
        found = await _opened(page, seen, crashed, deadline)
    except PlaywrightError:
        if seen.led_to:
            raise Leads(seen.led_to) from None
        raise
    found.cookies = _cookie_header(await _step(context.cookies(url)))
    if seen.last is not None:
        found.agent = (await _step(seen.last.request.all_headers())).get("user-agent", "")
    if not found.opened:
        with suppress(PlaywrightError):
            found.picture = await page.screenshot(timeout=1000 * STEP / 2)
    found.seconds = time.monotonic() - start
    return found


async def _opened(page: Page, seen: _Seen, crashed: asyncio.Event, deadline: float) -> Visit:
    """The page once it is open, or as it is when it does not open."""
    sent: tuple[Response, Visit] | None = None
    shown, shown_at = "", 0.0
    while True:
        if crashed.is_set():
            raise PlaywrightError("the page crashed")
        if seen.led_to:
            raise Leads(seen.led_to)
        now, last = time.monotonic(), seen.last
        if last is not None and (sent is None or sent[0] is not last):
            found = await _as_sent(last)
            sent, shown = (last, found) if found is not None else sent, ""
        if sent is not None and sent[0] is last:
            if sent[1].opened:
                return sent[1]
            content = await _content(page)
            settled = not seen.pending or now - seen.at > _SETTLE
            if content and content == shown and settled:
                made = _as_shown(page.url, content)
                if made.opened and now - shown_at >= _LOOK:
                    return made
                if _is_final(sent[1].finding, now - seen.at) or seen.loads >= _LOADS:
                    return sent[1]
            else:
                shown, shown_at = content, now
        if now > deadline or (seen.loads >= _LOADS and sent is not None):
            break
        await asyncio.sleep(_LOOK)
    if sent is None:
        raise PlaywrightError("no answer in time")
    return sent[1]


async def _as_sent(response: Response) -> Visit | None:
    """The answer as the server sent it; None where the browser has left it behind."""
    try:
        headers = await _step(response.all_headers())
        body = await _step(response.body())
    except PlaywrightError:
        return None
    finding = examine(response.status, headers, body)
    return Visit(response.url, finding, response.status, _told(headers), body)


def _as_shown(url: str, content: str) -> Visit:
    """The page as its scripts made it."""
    body, headers = content.encode(), {"content-type": "text/html; charset=utf-8"}
    return Visit(url, examine(200, headers, body), 200, headers, body, rendered=True)


def _is_final(finding: Finding, age: float) -> bool:
    return finding.verdict is not Verdict.JS_GATE and age > _STUBBORN


def _told(headers: Mapping[str, str]) -> dict[str, str]:
    """Without what was true of the bytes on the wire only."""
    dropped = ("content-encoding", "content-length", "transfer-encoding", "set-cookie")
    return {name: value for name, value in headers.items() if name not in dropped}


async def _content(page: Page) -> str:
    """The page's present HTML; nothing while it is on its way to another."""
    try:
        content: str = await _step(page.content())
    except PlaywrightError as error:
        if "navigating" in str(error) or "context was destroyed" in str(error):
            return ""
        raise
    return content


async def _step(doing: Any) -> Any:
    """What a call to the browser gives. Raises Hangs when it takes too long."""
    try:
        async with asyncio.timeout(STEP):
            return await doing
    except TimeoutError:
        raise Hangs(f"the browser did not answer for {STEP:g} s") from None


def _note(page: Page, response: Response, seen: _Seen) -> None:
    request = response.request
    if request.is_navigation_request() and request.frame == page.main_frame:
        seen.last, seen.at = response, time.monotonic()
        seen.loads += not 300 <= response.status < 400


async def _stay(context: BrowserContext, page: Page, url: str, seen: _Seen) -> None:
    """Follow no redirect to another site. Playwright's routes see the first request of a chain only."""
    session: CDPSession = await _step(context.new_cdp_session(page))
    answers = {"urlPattern": "*", "resourceType": "Document", "requestStage": "Response"}
    tasks: set[asyncio.Task[None]] = set()

    async def decide(paused: dict[str, Any]) -> None:
        status = paused.get("responseStatusCode", 0)
        named = next((h["value"] for h in paused.get("responseHeaders", ()) if h["name"].lower() == "location"), "")
        leads_to = urljoin(paused["request"]["url"], named)
        with suppress(PlaywrightError):  # the page is gone by now
            if 300 <= status < 400 and named and not _same(leads_to, url):
                seen.led_to = seen.led_to or urldefrag(leads_to)[0]
                await session.send("Fetch.failRequest", {"requestId": paused["requestId"], "errorReason": "Aborted"})
            else:
                await session.send("Fetch.continueRequest", {"requestId": paused["requestId"]})

    def note(paused: dict[str, Any]) -> None:
        task = asyncio.get_running_loop().create_task(decide(paused))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    session.on("Fetch.requestPaused", note)
    await _step(session.send("Fetch.enable", {"patterns": [answers]}))


async def _filter(route: Route, url: str, seen: _Seen) -> None:
    """Let through what may open the page; no pictures, fonts and films, no other site, nothing of this machine."""
    request = route.request
    leads_away = request.is_navigation_request() and request.frame.parent_frame is None and not _same(request.url, url)
    if leads_away:
        seen.led_to = urldefrag(request.url)[0]
    with suppress(PlaywrightError):  # the page is gone by now
        if leads_away or request.resource_type not in _LOADED or _is_inside(request.url, url):
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


def _cookie_header(cookies: Any) -> str:
    return "; ".join(f"{each['name']}={each['value']}" for each in cookies)
