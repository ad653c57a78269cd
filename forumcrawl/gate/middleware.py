"""Opens gates: a page behind a script is asked for once in the browser, and the host's others go on without it."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from forumcrawl.download.headers import headers_of
from forumcrawl.download.refusal import SCREENSHOT, refuse
from forumcrawl.download.retry import SOURCE
from forumcrawl.frontier.pace import host_of
from forumcrawl.gate.answers import BROWSED, again, blank, is_page, is_picture, is_robots, made
from forumcrawl.gate.chromium import NoChromium
from forumcrawl.gate.clearance import DRESSED, HostGate, undress
from forumcrawl.gate.consent import consent_cookie
from forumcrawl.gate.detect import Finding, Verdict, examine
from forumcrawl.gate.holding import can_be_given_back, held, hold, park
from forumcrawl.gate.keepsakes import keep
from forumcrawl.gate.visited import BrowserFailed, LedAway, PageFailed, Visit
from forumcrawl.stats.names import GATE, GATE_VERDICTS

if TYPE_CHECKING:
    from forumcrawl.gate.browser import Browser

logger = logging.getLogger(__name__)
_ROOM = 4  # requests of a host that wait in slots of the downloader at the most
_ROUNDS = 6  # visits that one request may cost
_TROUBLES = 3  # crashes of the browser that one request may cost
_ADVICE = {
    "challenge": "it asks for a person, whom nobody plays here: the host is left alone for longer and longer",
    "blocked": "it refuses to answer: the host is left alone for longer and longer",
    "consent": "it asks for consent: CONSENT_COOKIES may name a cookie that gives it",
    "browser_failed": "the browser fails on its pages",
}


class GateMiddleware:
    """Nearer to the downloader than what paces and tries again: they never see a gate that opens.

    What does not open is flagged (`download.refusal`). A forum's host that challenges or blocks is parked, and the
    request given back to the frontier, until it was refused GATE_TRIES times.
    """

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._browser: Browser | None = None
        self._gates: dict[str, HostGate] = defaultdict(HostGate)
        self._agent = str(settings["USER_AGENT"])
        self._by_browser = frozenset(settings.getlist("BROWSER_HOSTS"))
        self._consents: dict[str, str] = json.loads(settings["CONSENT_COOKIES"] or "{}")
        self._tries = settings.getint("GATE_TRIES")
        self._longest_wait = 3 * settings.getfloat("BROWSER_TIMEOUT")
        self._folder = Path(settings["FORUMCRAWL_HOME"]) / "gate"
        self._no_browser = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> GateMiddleware:
        middleware = cls(crawler)
        crawler.signals.connect(middleware._close, signal=signals.spider_closed)
        return middleware

    async def process_request(self, request: Request) -> Request | Response | None:
        """Waits while another request opens the host's gate; carries the clearance, or goes to the browser."""
        undress(request, self._agent)
        if leads_to := request.meta.pop("gate_leads", None):  # for the redirect middleware to decide
            return Response(request.url, status=302, headers={"Location": leads_to}, flags=[BROWSED])
        host = host_of(request)
        gate = self._gates.get(host) or (self._gates[host] if host in self._by_browser else None)
        if gate is None:
            return None
        if not is_picture(request):
            if gate.opening is not None and (given_back := await self._wait(gate, request)) is not None:
                return given_back
            if self._wants_browser(gate, request):
                return await self._queue(gate, request)
        gate.dress(request)
        return None

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        """The response, one that the browser brought, or the request again with a clearance."""
        if BROWSED in response.flags:
            return response
        finding = examine(response.status, headers_of(response), response.body)
        host, sent = host_of(request), request.meta.get(DRESSED, 0)
        if is_picture(request):
            stale = finding.verdict is Verdict.JS_GATE and host in self._gates and self._gates[host].number > sent
            return again(request) if stale else response
        if is_page(response):
            self._count(GATE_VERDICTS.format(verdict=finding.verdict, host=host))
        match finding.verdict:
            case Verdict.OPEN | Verdict.LOGIN:
                if sent and finding.verdict is Verdict.OPEN:
                    self._gates[host].fruitless = 0
                    self._count(GATE.format(what="reused", host=host))
                return response
            case Verdict.JS_GATE:
                return await self._gated(self._gates[host], request, response)
            case Verdict.CONSENT:
                return self._asked_for_consent(self._gates[host], request, response, finding)
        return response if is_robots(request) else self._refused(request, response, finding.verdict, finding.reason)

    # --- gates that a browser opens ----------------------------------------------------------------------------

    async def _gated(self, gate: HostGate, request: Request, response: Response) -> Request | Response:
        if gate.opening is not None:
            return await self._wait(gate, request) or again(request)
        rounds = request.meta.get("gate_rounds", 0) + 1
        if gate.number > request.meta.get(DRESSED, 0) and rounds <= _ROUNDS:
            return again(request, gate_rounds=rounds)
        if rounds > _ROUNDS:
            return self._refused(request, response, "challenge", "the gate shows again each time it was opened")
        gate.opening = asyncio.Event()
        try:
            async with held(self._crawler, host_of(request)):
                return await self._browse(gate, request, response, rounds)
        finally:
            gate.opening.set()
            gate.opening = None

    async def _browse(
        self, gate: HostGate, request: Request, response: Response | None, rounds: int = 0
    ) -> Request | Response:
        host = host_of(request)
        try:
            visit = await self._visit(request.url, gate.cookies)
        except NoChromium as error:
            return self._without_browser(request, response, str(error))
        except LedAway as error:
            return again(request, gate_leads=str(error))
        except (BrowserFailed, PageFailed) as error:
            troubles = request.meta.get("gate_troubles", 0) + 1
            logger.info("%s: %s (%d of %d)", request.url, error, troubles, _TROUBLES)
            self._count(GATE.format(what="troubles", host=host))
            if troubles < _TROUBLES:
                return again(request, gate_troubles=troubles)
            return self._refused(request, response or blank(request), "browser_failed", str(error))
        self._count(GATE.format(what="browser_pages", host=host))
        self._count(GATE.format(what="browser_seconds", host=host), round(visit.seconds, 3))
        if visit.rendered:
            request.meta["download_latency"] = visit.seconds  # the host's pace is the browser's
        return self._visited(gate, request, visit, rounds)

    async def _visit(self, url: str, cookies: str) -> Visit:
        if self._browser is None:
            from forumcrawl.gate.browser import Browser  # a crawl that needs no browser does not load Playwright

            self._browser = Browser(self._crawler.settings)
        return await self._browser.visit(url, cookies)

    async def _close(self) -> None:
        if self._browser is not None:
            await self._browser.close()

    def _visited(self, gate: HostGate, request: Request, visit: Visit, rounds: int) -> Request | Response:
        response = made(request, visit)
        if not visit.opened:
            given = visit.finding.verdict
            outcome = Verdict.CHALLENGE if given is Verdict.JS_GATE else given
            reason = "it did not open in the browser" if given is Verdict.JS_GATE else visit.finding.reason
            if given is Verdict.LOGIN:
                return response
            return self._refused(request, response, outcome, reason, visit.picture)
        gate.fruitless += 1
        if not visit.rendered:
            gate.cleared(visit.cookies, visit.agent)
            if rounds:
                self._count(GATE.format(what="opened", host=host_of(request)))
                logger.info("The gate of %s is open (%.1f s in the browser)", host_of(request), visit.seconds)
            if rounds and visit.url != request.url:  # where the page leads is for the redirect middleware to follow
                return again(request, gate_rounds=rounds)
        if gate.by_browser and "by_browser" not in gate.told:
            gate.told.add("by_browser")
            logger.info("%s: plain requests do not get its pages, they stay with the browser", host_of(request))
        return response

    async def _wait(self, gate: HostGate, request: Request) -> Request | None:
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

    async def _queue(self, gate: HostGate, request: Request) -> Request | Response:
        """In the browser, where only a few of a host's requests wait for a page; the others do so in the frontier."""
        if gate.waiting >= _ROOM and can_be_given_back(self._crawler, request):
            hold(self._crawler, host_of(request))
            return again(request)
        gate.waiting += 1
        try:
            return await self._browse(gate, request, None)
        finally:
            gate.waiting -= 1

    def _wants_browser(self, gate: HostGate, request: Request) -> bool:
        wanted = gate.by_browser or host_of(request) in self._by_browser
        return wanted and not self._no_browser and not is_robots(request) and request.method == "GET"

    def _without_browser(self, request: Request, response: Response | None, reason: str) -> Request | Response:
        if not self._no_browser:
            logger.error("Pages that need a browser are recorded as needs_browser and not read: %s", reason)
        self._no_browser = True
        if response is None:
            return again(request)
        return self._refused(request, response, "needs_browser", "a script has to run, and there is no Chromium")

    # --- what no browser opens ---------------------------------------------------------------------------------

    def _asked_for_consent(
        self, gate: HostGate, request: Request, response: Response, finding: Finding
    ) -> Request | Response:
        cookie = consent_cookie(host_of(request), response.body, self._consents)
        if cookie and cookie not in gate.cookies:
            gate.agreed(cookie)
        if gate.number > request.meta.get(DRESSED, 0):
            return again(request)
        return self._refused(request, response, "consent", finding.reason)

    def _refused(
        self, request: Request, response: Response, outcome: str, reason: str, picture: bytes | None = None
    ) -> Request | Response:
        """The response, flagged; or the request, for another try when its host was left alone for a while."""
        host = host_of(request)
        self._tell(self._gates[host], host, outcome, reason, response, picture)
        if outcome in ("challenge", "blocked") and not request.meta.get(SOURCE) and not is_robots(request):
            park(self._crawler, host)
            refusals = request.meta.get("gate_refusals", 0) + 1
            if refusals < self._tries and can_be_given_back(self._crawler, request):
                return again(request, gate_refusals=refusals)
        if picture is not None:  # not sooner: what is given back travels as JSON
            request.meta[SCREENSHOT] = picture
        return refuse(response, outcome, reason)

    def _tell(
        self, gate: HostGate, host: str, outcome: str, reason: str, response: Response, picture: bytes | None
    ) -> None:
        """The operator hears of each kind of refusal of a host once, and finds its page."""
        if outcome in gate.told:
            return
        gate.told.add(outcome)
        place = keep(self._folder, host, outcome, response.body, picture)
        advice = _ADVICE.get(outcome, "it is not read")
        logger.warning("%s: %s (%s): %s; the page is kept as %s", host, outcome, reason, advice, place)

    def _count(self, name: str, count: float = 1) -> None:
        if (stats := self._crawler.stats) is not None:
            stats.inc_value(name, count)  # type: ignore[arg-type]  # Scrapy's counts may be fractions too
