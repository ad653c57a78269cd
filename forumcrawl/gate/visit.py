"""One page in the browser: from its address to what stands there once its scripts have run."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from playwright.async_api import BrowserContext, CDPSession, Page, Response
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Request as PageRequest

from forumcrawl.gate.detect import Finding, Verdict, examine
from forumcrawl.gate.fence import Fence
from forumcrawl.gate.visited import Visit

STEP: Final = 10.0
"""Seconds that a browser which is well may take for one step."""
_LOOK = 0.15  # seconds between two looks
_SETTLE = 5.0  # seconds for which requests of a page that shows its content are waited for
_STUBBORN = 3.0  # seconds after which an answer that no script changes is believed
_LOADS = 10  # a gate that loads the page so often does not open
_PICTURES = 3  # tries to take one, of _STUBBORN seconds each


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


async def visit(context: BrowserContext, url: str, deadline: float) -> Visit:
    """Go to `url` and wait until it is no gate any more, at the latest at `deadline` (monotonic seconds).

    Raises Hangs, Leads and Playwright's errors, also for a page that crashes or cannot be loaded.
    """
    seen, fence, start = _Seen(), Fence(url), time.monotonic()
    page = await _step(context.new_page())
    session: CDPSession = await _step(context.new_cdp_session(page))
    await _step(fence.stand_around(context, session))
    crashed = asyncio.Event()
    page.on("crash", lambda _: crashed.set())
    page.on("response", lambda response: _note(page, response, seen))
    page.on("request", lambda request: seen.pending.add(request))
    for over in ("requestfinished", "requestfailed"):
        page.on(over, lambda request: seen.pending.discard(request))
    try:
        await page.goto(url, wait_until="commit", timeout=1000 * max(1.0, deadline - start))
        found = await _opened(page, seen, fence, crashed, deadline)
        if found is None or not found.opened:
            await _step(session.send("Emulation.setScriptExecutionDisabled", {"value": True}))
            found = found or await _standing(seen)
            found.picture = None if found.opened else await _picture(page)
    except PlaywrightError:
        if fence.led_to:
            raise Leads(fence.led_to) from None
        raise
    found.cookies = _cookie_header(await _step(context.cookies(url)))
    if seen.last is not None:
        found.agent = (await _step(seen.last.request.all_headers())).get("user-agent", "")
    found.seconds = time.monotonic() - start
    return found


async def _opened(page: Page, seen: _Seen, fence: Fence, crashed: asyncio.Event, deadline: float) -> Visit | None:
    """The page once it is open, or as it is when it does not open; None where each answer was gone too soon."""
    sent: tuple[Response, Visit] | None = None
    shown, shown_at = "", 0.0
    while True:
        if crashed.is_set():
            raise PlaywrightError("the page crashed")
        if fence.led_to:
            raise Leads(fence.led_to)
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
        if now > deadline or seen.loads >= _LOADS:
            return sent[1] if sent is not None else None
        await asyncio.sleep(_LOOK)


async def _standing(seen: _Seen) -> Visit:
    """What the page stops at when its scripts run no more: one may load it again before it can be read."""
    end = time.monotonic() + _STUBBORN
    while time.monotonic() < end:
        if seen.last is not None and (found := await _as_sent(seen.last)) is not None:
            return found
        await asyncio.sleep(_LOOK)
    raise PlaywrightError("no answer in time")


async def _picture(page: Page) -> bytes | None:
    """What the page looks like; None where the browser cannot tell."""
    for _ in range(_PICTURES):
        with suppress(PlaywrightError):
            return await page.screenshot(timeout=1000 * _STUBBORN)
    return None


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


def _cookie_header(cookies: Any) -> str:
    return "; ".join(f"{each['name']}={each['value']}" for each in cookies)
