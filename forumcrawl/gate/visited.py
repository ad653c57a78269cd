"""What comes of a visit in the browser; known without Playwright, which is loaded at the first need."""

from __future__ import annotations

from dataclasses import dataclass

from forumcrawl.gate.detect import Finding, Verdict


class BrowserFailed(Exception):
    """The browser crashed, hung or did not start: the request may be tried again."""


class PageFailed(Exception):
    """The page could not be loaded; the message is one line."""


class LedAway(Exception):
    """The page redirects to another site, which a visit does not follow; the message is the address."""


@dataclass(slots=True)
class Visit:
    """What a page came to."""

    url: str
    finding: Finding
    status: int
    headers: dict[str, str]
    body: bytes
    rendered: bool = False
    """The body is what scripts made of the page, not what the server sent."""
    cookies: str = ""
    """As a Cookie header has them."""
    agent: str = ""
    """The User-Agent the server saw."""
    seconds: float = 0.0
    picture: bytes | None = None
    """A PNG of a page that did not open."""

    @property
    def opened(self) -> bool:
        """Whether it is the page."""
        return self.finding.verdict is Verdict.OPEN
