"""Tells gates from pages, and has them opened: the host's others go on without the browser."""

from __future__ import annotations

import json
from collections import defaultdict

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from forumcrawl.download.headers import headers_of
from forumcrawl.frontier.pace import host_of
from forumcrawl.gate.answers import BROWSED, again, is_page, is_picture, is_robots
from forumcrawl.gate.clearance import DRESSED, HostGate, undress
from forumcrawl.gate.consent import consent_cookie
from forumcrawl.gate.detect import Finding, Verdict, examine
from forumcrawl.gate.opening import Opening
from forumcrawl.gate.refusing import Refusing
from forumcrawl.stats.names import GATE, GATE_VERDICTS


class GateMiddleware:
    """Nearer to the downloader than what paces and tries again: they never see a gate that opens."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._gates: dict[str, HostGate] = defaultdict(HostGate)
        self._agent = str(settings["USER_AGENT"])
        self._consents: dict[str, str] = json.loads(settings["CONSENT_COOKIES"] or "{}")
        self._refusing = Refusing(crawler)
        self._opening = Opening(crawler, self._refusing)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> GateMiddleware:
        middleware = cls(crawler)
        crawler.signals.connect(middleware._opening.close, signal=signals.spider_closed)
        return middleware

    async def process_request(self, request: Request) -> Request | Response | None:
        """Waits while another request opens the host's gate; carries the clearance, or goes to the browser."""
        undress(request, self._agent)
        if leads_to := request.meta.pop("gate_leads", None):  # for the redirect middleware to decide
            return Response(request.url, status=302, headers={"Location": leads_to}, flags=[BROWSED])
        host = host_of(request)
        gate = self._gates.get(host) or (self._gates[host] if host in self._opening.hosts else None)
        if gate is None:
            return None
        if not is_picture(request):
            if gate.opening is not None and (given_back := await self._opening.wait(gate, request)) is not None:
                return given_back
            if self._opening.is_for_browser(gate, request):
                return await self._opening.queue(gate, request)
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
            self._crawler.stats.inc_value(GATE_VERDICTS.format(verdict=finding.verdict, host=host))
        if finding.verdict in (Verdict.OPEN, Verdict.LOGIN):
            if sent and finding.verdict is Verdict.OPEN:
                self._gates[host].fruitless = 0
                self._crawler.stats.inc_value(GATE.format(what="reused", host=host))
            return response
        if finding.verdict is Verdict.JS_GATE:
            return await self._opening.gated(self._gates[host], request, response)
        if finding.verdict is Verdict.CONSENT:
            return self._asked_for_consent(self._gates[host], request, response, finding)
        if is_robots(request):
            return response
        return self._refusing.refused(self._gates[host], request, response, finding.verdict, finding.reason)

    def _asked_for_consent(
        self, gate: HostGate, request: Request, response: Response, finding: Finding
    ) -> Request | Response:
        cookie = consent_cookie(host_of(request), response.body, self._consents)
        if cookie and cookie not in gate.cookies:
            gate.agreed(cookie)
        if gate.number > request.meta.get(DRESSED, 0):
            return again(request)
        return self._refusing.refused(gate, request, response, "consent", finding.reason)
