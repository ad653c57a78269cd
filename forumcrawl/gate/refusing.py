"""What no browser opens: flagged, told to the operator once, and tried again while its host is left alone."""

from __future__ import annotations

import logging
from pathlib import Path

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from forumcrawl.download.refusal import SCREENSHOT, refuse
from forumcrawl.download.retry import SOURCE
from forumcrawl.frontier.pace import host_of
from forumcrawl.gate.answers import again, is_robots
from forumcrawl.gate.clearance import HostGate
from forumcrawl.gate.holding import can_be_given_back, park
from forumcrawl.gate.keepsakes import keep

logger = logging.getLogger(__name__)
_ADVICE = {
    "challenge": "it asks for a person, whom nobody plays here: the host is left alone for longer and longer",
    "blocked": "it refuses to answer: the host is left alone for longer and longer",
    "consent": "it asks for consent: CONSENT_COOKIES may name a cookie that gives it",
    "browser_failed": "the browser fails on its pages",
}


class Refusing:
    """A forum's host that challenges or blocks is parked, and the request given back to the frontier, until it was
    refused GATE_TRIES times."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._tries = crawler.settings.getint("GATE_TRIES")
        self._folder = Path(crawler.settings["FORUMCRAWL_HOME"]) / "gate"

    def refused(
        self,
        gate: HostGate,
        request: Request,
        response: Response,
        outcome: str,
        reason: str,
        picture: bytes | None = None,
    ) -> Request | Response:
        """The response, flagged; or the request, for another try when its host was left alone for a while."""
        host = host_of(request)
        self._tell(gate, host, outcome, reason, response, picture)
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
