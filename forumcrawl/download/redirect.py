"""Redirects are followed inside the forum only."""

from __future__ import annotations

from typing import Any

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from forumcrawl.text.urls import in_forum

FORUM = "forum"
"""Key in `Request.meta`: the forum that the request may not be redirected out of."""


class RedirectedOut(IgnoreRequest):
    """A page of the forum that leads out of it; the message is where to."""

    def __init__(self, url: str, *, for_good: bool = False) -> None:
        super().__init__(url)
        self.for_good = for_good
        """The redirect is said to be permanent."""


class RedirectLoop(Exception):
    """More redirects in a row than any page needs."""


LOOP = "redirect_loop"
"""Flag of a response that is the last of too many redirects."""


class ForumRedirectMiddleware(RedirectMiddleware):
    """Scrapy's, with three differences: it stays in the forum; a loop gives its last response, flagged, so that it
    can be tried again; and the page a redirect leads to is always fetched, since it has the identity of the page that
    was asked for."""

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        try:
            return super().process_response(request, response)
        except RedirectLoop:
            response.flags.append(LOOP)
            return response

    def handle_referer(self, request: Request, response: Response) -> None:
        """Keeps the page that led to the redirect, as browsers do."""

    def _redirect(self, redirected: Request, request: Request, reason: Any) -> Request:
        forum = request.meta.get(FORUM)
        if forum is not None and not in_forum(redirected.url, forum):
            raise RedirectedOut(redirected.url, for_good=reason in (301, 308))
        if request.meta.get("redirect_times", 0) >= self.max_redirect_times:
            raise RedirectLoop
        followed = super()._redirect(redirected, request, reason)
        followed.dont_filter = True
        return followed
