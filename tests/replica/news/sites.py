"""The source sites, each a loopback host of its own, and what is wrong with some of them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class SourceSite:
    """A site. It has the address 127.0.0.`octet` and the forum's port."""

    name: str
    octet: int
    title: str
    style: str = "jsonld"
    """How its pages are made: alarabiya, jsonld, meta, dated, english; forward: it only leads on to other sites."""
    manner: str = "open"
    """How it answers for an article, see `MANNERS`."""

    @property
    def host(self) -> str:
        """Its loopback address."""
        return f"127.0.0.{self.octet}"

    @property
    def language(self) -> str:
        """Language of its articles."""
        return "en" if self.style == "english" else "ar"


MANNERS: dict[str, frozenset[str]] = {
    "open": frozenset(("fetched",)),
    "down": frozenset(("failed",)),
    "stall": frozenset(("failed", "fetched")),
    "drip": frozenset(("failed", "fetched")),
    "forbidden": frozenset(("blocked",)),
    "challenge": frozenset(("blocked",)),
    "loop": frozenset(("failed", "unresolved")),
    "missing": frozenset(("gone",)),
    "removed": frozenset(("gone",)),
    "soft_missing": frozenset(("gone", "not_article")),
    "consent": frozenset(("blocked", "not_article")),
    "truncated": frozenset(("failed", "unparsed")),
}
"""How a site answers for its articles, and what a crawl may call the outcome.

down: nothing listens; stall: no answer for a while; drip: the page comes in small pieces; forbidden: 403;
challenge: a page for browsers only, 403; loop: redirects in a circle; missing: 404; removed: 410;
soft_missing: 200 and a page that says there is none; consent: 200 and a page that asks for consent;
truncated: the connection ends in the middle of the page.
"""
_OPEN = (
    SourceSite("alarabiya", 2, "العربية", "alarabiya"),
    SourceSite("jsonld", 3, "صحيفة المرفأ"),
    SourceSite("meta", 4, "بوابة الساحل", "meta"),
    SourceSite("dated", 5, "يوميات الميناء", "dated"),
    SourceSite("english", 6, "Harbour Gazette", "english"),
)
SHORT = SourceSite("short", 7, "short", "forward")
MOBILE = SourceSite("mobile", 8, "العربية", "forward")
"""Leads on to the site "alarabiya", as mobile hosts do with a reader who has no telephone."""
_WRONG = tuple(SourceSite(name, 9 + k, f"موقع {name}", manner=name) for k, name in enumerate([*MANNERS][1:]))
SITES = {site.name: site for site in (*_OPEN, SHORT, MOBILE, *_WRONG)}
_LETTERS = {site.name[0]: site for site in _OPEN}
_ROUND = "aajmeamadajaeadajmaajadaeajma"
"""Site of the first articles of each 40, by its first letter; where an article's number is 1 beyond a multiple of 4
the next one is about the same event, and of another site of the same language."""
_REST = "ajmaeadajam"
_EVERY = 40
_PAIRS_END = 28


def site_of(number: int) -> SourceSite:
    """The site of an article: in the first 40 eleven sites fail, and in the first 40 of each 200 after."""
    turn, place = divmod(number, _EVERY)
    if place < len(_ROUND):
        return _LETTERS[_ROUND[place]]
    rest = place - len(_ROUND)
    return _WRONG[rest] if turn % 5 == 0 else _LETTERS[_REST[rest]]


def twin_of(number: int) -> int | None:
    """The article about the same event, None where there is none."""
    place = number % _EVERY
    if place >= _PAIRS_END or place % 4 not in (1, 2):
        return None
    return number + 1 if place % 4 == 1 else number - 1


def base_urls(origin: str) -> dict[str, str]:
    """Site name to the address its pages begin with, beside a forum at `origin`."""
    port = urlsplit(origin).port or 80
    return {site.name: f"http://{site.host}:{port}" for site in SITES.values()}
