"""What is known of a host's gate, and the cookies and User-Agent that its plain requests carry."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from scrapy import Request

DRESSED = "gate_clearance"
"""Key in `Request.meta`: the number of the clearance whose cookies the request carries."""
_FRUITLESS = 3
"""Visits in a row that helped no plain request, from which a host's pages are opened by the browser alone."""


@dataclass(slots=True)
class HostGate:
    """One host's gate, as this process knows it."""

    number: int = 0
    """Of the clearance; each new one has the next."""
    cookies: str = ""
    agent: str = ""
    """The browser's User-Agent, to which the clearance may be bound; empty: the crawl's own."""
    opening: asyncio.Event | None = None
    """Set when the request that opens the gate is through; None while none does."""
    waiting: int = 0
    """Requests that wait for that, or for a page of the browser."""
    fruitless: int = 0
    """Visits since a plain request got the page."""
    told: set[str] = field(default_factory=set)
    """Outcomes that the operator was told of."""

    @property
    def by_browser(self) -> bool:
        """Plain requests are of no use: content comes by scripts, or a clearance does not hold."""
        return self.fruitless >= _FRUITLESS

    def cleared(self, cookies: str, agent: str) -> None:
        """The gate is open for who carries these."""
        self.number += 1
        self.cookies, self.agent = cookies, agent

    def agreed(self, cookie: str) -> None:
        """A consent page's own cookie opens the site to any agent."""
        self.cleared("; ".join(filter(None, (self.cookies, cookie))), self.agent)

    def dress(self, request: Request) -> bool:
        """Give a request what opens the gate; whether there is anything."""
        if not self.cookies:
            return False
        request.headers["Cookie"] = self.cookies
        if self.agent:
            request.headers["User-Agent"] = self.agent
        request.meta[DRESSED] = self.number
        return True


def undress(request: Request, agent: str) -> int:
    """Take back what `dress` gave, which was for one host and one time; the number of that clearance, 0 for none."""
    number: int = request.meta.pop(DRESSED, 0)
    if number:
        request.headers.pop("Cookie", None)
        request.headers["User-Agent"] = agent
    return number
