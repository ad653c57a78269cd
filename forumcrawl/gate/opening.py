"""Gates that a browser opens: once for a host, whose other requests wait for that and go on with the clearance."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from forumcrawl.frontier.pace import host_of
from forumcrawl.gate.answers import again, blank, is_robots, made
from forumcrawl.gate.chromium import NoChromium
from forumcrawl.gate.clearance import DRESSED, HostGate
from forumcrawl.gate.detect import Verdict
from forumcrawl.gate.holding import can_be_given_back, held, hold
from forumcrawl.gate.refusing import Refusing
from forumcrawl.gate.visited import BrowserFailed, LedAway, PageFailed, Visit
from forumcrawl.stats.names import GATE

if TYPE_CHECKING:
    from forumcrawl.gate.browser import Browser

logger = logging.getLogger(__name__)
_ROOM = 4  # requests of a host that wait in slots of the downloader at the most
_ROUNDS = 6  # visits that one request may cost
_TROUBLES = 3  # crashes of the browser that one request may cost


class Opening:
    """The browser of one crawl, and who goes to it; started at the first need, ended by `close`."""

    def __init__(self, crawler: Crawler, refusing: Refusing) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._refused = refusing.refused
        self._browser: Browser | None = None
        self.hosts = frozenset(settings.getlist("BROWSER_HOSTS"))
        """Those whose pages are for the browser from the first."""
        self._longest_wait = 3 * settings.getfloat("BROWSER_TIMEOUT")
        self._no_browser = False

    async def gated(self, gate: HostGate, request: Request, response: Response) -> Request | Response:
        """What comes of an answer that is a gate: the page, the request again with a clearance, or a refusal."""
        if gate.opening is not None:
            return await self.wait(gate, request) or again(request)
        rounds = request.meta.get("gate_rounds", 0) + 1
        if gate.number > request.meta.get(DRESSED, 0) and rounds <= _ROUNDS:
            return again(request, gate_rounds=rounds)
        if rounds > _ROUNDS:
            return self._refused(gate, request, response, "challenge", "the gate shows again each time it was opened")
        gate.opening = asyncio.Event()
        try:
            async with held(self._crawler, host_of(request)):
                return await self._browse(gate, request, response, rounds)
        finally:
            gate.opening.set()
            gate.opening = None

    async def wait(self, gate: HostGate, request: Request) -> Request | None:
        """Until the gate is open; the request itself where it is to wait in the frontier."""
        if gate.waiting >= _ROOM and can_be_given_back(self._crawler, request):
            return again(request)
        gate.waiting += 1
        try:
            async with asyncio.timeout(self._longest_wait):
                while gate.opening is not None:
                    await gate.opening.wait()
        except TimeoutError:
            logger.warning("The gate of %s takes too long to open", host_of(request))
        finally:
            gate.waiting -= 1
        return None

    async def queue(self, gate: HostGate, request: Request) -> Request | Response:
        """In the browser, where only a few of a host's requests wait for a page; the others do so in the frontier."""
        if gate.waiting >= _ROOM and can_be_given_back(self._crawler, request):
            hold(self._crawler, host_of(request))
            return again(request)
        gate.waiting += 1
        try:
            return await self._browse(gate, request, None)
        finally:
            gate.waiting -= 1

    def is_for_browser(self, gate: HostGate, request: Request) -> bool:
        """Whether a plain request is of no use."""
        wanted = gate.by_browser or host_of(request) in self.hosts
        return wanted and not self._no_browser and not is_robots(request) and request.method == "GET"

    async def close(self) -> None:
        """End the browser, where one was started."""
        if self._browser is not None:
            await self._browser.close()

    async def _browse(
        self, gate: HostGate, request: Request, response: Response | None, rounds: int = 0
    ) -> Request | Response:
        host = host_of(request)
        try:
            visit = await self._visit(request.url, gate.cookies)
        except NoChromium as error:
            return self._without_browser(gate, request, response, str(error))
        except LedAway as error:
            return again(request, gate_leads=str(error))
        except (BrowserFailed, PageFailed) as error:
            troubles = request.meta.get("gate_troubles", 0) + 1
            logger.info("%s: %s (%d of %d)", request.url, error, troubles, _TROUBLES)
            self._crawler.stats.inc_value(GATE.format(what="troubles", host=host))
            if troubles < _TROUBLES:
                return again(request, gate_troubles=troubles)
            return self._refused(gate, request, response or blank(request), "browser_failed", str(error))
        self._crawler.stats.inc_value(GATE.format(what="browser_pages", host=host))
        self._crawler.stats.inc_value(GATE.format(what="browser_seconds", host=host), round(visit.seconds, 3))  # type: ignore[arg-type]
        if visit.rendered:
            request.meta["download_latency"] = visit.seconds  # the host's pace is the browser's
        return self._visited(gate, request, visit, rounds)

    async def _visit(self, url: str, cookies: str) -> Visit:
        if self._browser is None:
            from forumcrawl.gate.browser import Browser  # a crawl that needs no browser does not load Playwright

            self._browser = Browser(self._crawler.settings)
        return await self._browser.visit(url, cookies)

    def _visited(self, gate: HostGate, request: Request, visit: Visit, rounds: int) -> Request | Response:
        response = made(request, visit)
        if not visit.opened:
            given = visit.finding.verdict
            outcome = Verdict.CHALLENGE if given is Verdict.JS_GATE else given
            reason = "it did not open in the browser" if given is Verdict.JS_GATE else visit.finding.reason
            if given is Verdict.LOGIN:
                return response
            return self._refused(gate, request, response, outcome, reason, visit.picture)
        gate.fruitless += 1
        if not visit.rendered:
            gate.cleared(visit.cookies, visit.agent)
            if rounds:
                self._crawler.stats.inc_value(GATE.format(what="opened", host=host_of(request)))
                logger.info("The gate of %s is open (%.1f s in the browser)", host_of(request), visit.seconds)
            if rounds and visit.url != request.url:  # where the page leads is for the redirect middleware to follow
                return again(request, gate_rounds=rounds)
        if gate.by_browser and "by_browser" not in gate.told:
            gate.told.add("by_browser")
            logger.info("%s: plain requests do not get its pages, they stay with the browser", host_of(request))
        return response

    def _without_browser(
        self, gate: HostGate, request: Request, response: Response | None, reason: str
    ) -> Request | Response:
        if not self._no_browser:
            logger.error("Pages that need a browser are recorded as needs_browser and not read: %s", reason)
        self._no_browser = True
        if response is None:
            return again(request)
        return self._refused(gate, request, response, "needs_browser", "a script has to run, and there is no Chromium")
