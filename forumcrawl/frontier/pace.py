"""How hosts and workers are treated, and what is told of a host."""

from __future__ import annotations

from dataclasses import dataclass

from scrapy import Request
from scrapy.settings import BaseSettings
from scrapy.utils.httpobj import urlparse_cached

from forumcrawl.frontier.bands import Band

_FAST = 1000  # milliseconds


@dataclass(slots=True)
class Told:
    """What a worker saw of a host since it last told; times in seconds."""

    ok: int = 0
    latency: float = 0.0
    """Of the last good answer."""
    slow: int = 0
    """Answers 429 or 503."""
    fails: int = 0
    """Requests without an answer, and answers 5xx."""
    hold: float = 0.0
    """How long it asks to be left alone."""
    crawl: float | None = None
    """Crawl-delay of its robots.txt."""
    park: bool = False
    """It refuses all that is asked of it: it is parked, unless it is already."""

    def in_ms(self) -> dict[str, float]:
        """As the script takes it."""
        crawl = -1 if self.crawl is None else 1000 * self.crawl
        times = {"latency": 1000 * self.latency, "hold": 1000 * self.hold, "crawl": crawl}
        return {"ok": self.ok, "slow": self.slow, "fails": self.fails, "park": int(self.park), **times}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How hosts and workers are treated; the same for all workers of a job."""

    delay: float = 1.0
    """Seconds between two requests to one host; 0: no pace but what 429, 503 and robots.txt ask for."""
    concurrency: float = 2.0
    """A host that takes L seconds to answer is asked every L / concurrency seconds at the most."""
    in_flight: int = 0
    """Deliveries not acknowledged, a host; 0: any number."""
    light_in_flight: int = 0
    """The same for a host of which only source articles or pictures wait; 0: no other limit than `in_flight`."""
    fast_in_flight: int = 0
    """The same where such a host answered its last requests well and in less than a second."""
    lease: float = 15.0
    """Seconds of silence after which what a worker holds goes to others."""
    ahead: float = 0.2
    """Turns that come in so many seconds are given already, so that no turn is missed."""
    tries: int = 5
    """A request that was started so often and never finished is dead."""
    park_after: int = 10
    """Failures in a row after which a host is parked."""
    park_first: float = 10.0
    """Seconds a host is parked for the first time; doubles while it goes on failing."""
    park_longest: float = 600.0

    def in_ms(self) -> dict[str, float]:
        """As the script takes it."""
        times = ("lease", "ahead", "park_first", "park_longest")
        caps = {"cap": self.in_flight, "light_cap": self.light_in_flight, "light": Band.SOURCE.scores[0]}
        caps |= {"fast_cap": self.fast_in_flight, "fast": _FAST}
        plain = {"concurrency": self.concurrency, "tries": self.tries, **caps}
        waits = {name: 1000 * getattr(self, name) for name in times}
        return {**plain, **waits, "park_after": self.park_after, "base": 1000 * self.delay}


def pace_of(settings: BaseSettings) -> Pace:
    """How hosts and workers are treated, from the settings."""
    return Pace(
        delay=settings.getfloat("HOST_DELAY"),
        concurrency=settings.getfloat("HOST_CONCURRENCY"),
        in_flight=settings.getint("HOST_IN_FLIGHT"),
        light_in_flight=settings.getint("SOURCE_IN_FLIGHT"),
        fast_in_flight=settings.getint("SOURCE_IN_FLIGHT_FAST"),
        lease=settings.getfloat("FRONTIER_LEASE"),
        tries=settings.getint("FRONTIER_DELIVERIES"),
        park_after=settings.getint("HOST_PARK_AFTER"),
        park_first=settings.getfloat("HOST_PARK_SECONDS"),
    )


def host_of(request: Request) -> str:
    """The host a request is paced by: name and port."""
    return urlparse_cached(request).netloc.lower()
