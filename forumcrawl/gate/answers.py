"""Requests that are sent anew, and responses that the browser brought, as Scrapy has them."""

from __future__ import annotations

from typing import Any, Final

from scrapy import Request
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from forumcrawl.frontier.bands import BAND, Band
from forumcrawl.gate.clearance import DRESSED
from forumcrawl.gate.visited import Visit

BROWSED: Final = "browser"
"""Flag of a response that the browser brought."""


def again(request: Request, **told: Any) -> Request:
    """The same request, to be sent anew."""
    anew = request.replace(dont_filter=True, meta={**request.meta, **told})
    if anew.meta.pop(DRESSED, 0):
        for name in ("Cookie", "User-Agent"):
            anew.headers.pop(name, None)
    return anew


def made(request: Request, visit: Visit) -> Response:
    """What the browser brought, as a response."""
    headers = Headers(visit.headers)
    kind = responsetypes.from_args(headers=headers, url=visit.url, body=visit.body)
    return kind(visit.url, status=visit.status, headers=headers, body=visit.body, request=request, flags=[BROWSED])


def blank(request: Request) -> Response:
    """In place of an answer that there never was."""
    return Response(request.url, status=503, request=request)


def is_page(response: Response) -> bool:
    """Whether it says that it is HTML."""
    return b"html" in (response.headers.get("Content-Type") or b"")


def is_picture(request: Request) -> bool:
    """Whether a picture is asked for."""
    return bool(request.meta.get(BAND) == Band.PICTURE.label)


def is_robots(request: Request) -> bool:
    """Whether it is Scrapy's own for robots.txt."""
    return bool(request.meta.get("dont_obey_robotstxt")) and request.url.endswith("/robots.txt")
