"""Responses and failures that hold no content, as items."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure as TwistedFailure

from forumcrawl.download.failure import outcome_of, outcome_of_status
from forumcrawl.download.redirect import LOOP, RedirectedOut
from forumcrawl.download.refusal import refused
from forumcrawl.items import Failure, Item, ThreadRead, UnparsedPage
from forumcrawl.items.reading import Refusal
from forumcrawl.pages.xenforo import OutcomePage, Unrecognised, XenForoPage, open_page
from forumcrawl.stats.names import OUTCOMES
from forumcrawl.text.urls import canonical

P = TypeVar("P", bound=XenForoPage)
logger = logging.getLogger(__name__)


class Outcomes:
    """Counts and logs what yielded no content, on its way to the archive."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    def record(self, items: Sequence[Item]) -> Iterator[Item]:
        """The same items, counted; one warning a failure."""
        for item in items:
            if isinstance(item, Failure):
                if (stats := self._crawler.stats) is not None:
                    stats.inc_value(OUTCOMES.format(outcome=item.outcome))
                logger.warning("%s: %s: %s", item.outcome, item.url, item.reason)
                item.failed_in = getattr(self._crawler, "run_id", None)
            yield item


@dataclass(slots=True)
class NoContent:
    """A response or a failure that yields no content."""

    items: Sequence[Item]
    """What to record."""
    settled: bool = False
    """Asking again gives the same: the forum's own page, or a permanent redirect, says so."""


def read_response(response: Response, forum: str, expected: type[P], *, first: bool = False) -> P | NoContent:
    """The page object for a response, or what to record where it is no content or not what was expected.

    `first`: this page is to tell which forum it is; `forum` is only what its address makes of it.
    """
    request, status = _request(response), response.status
    if (refusal := refused(response)) is not None:
        return NoContent([failure(forum, request, refusal.outcome, refusal.reason, status)])
    if LOOP in response.flags:
        return NoContent([failure(forum, request, LOOP, f"HTTP {status} without end", status)])
    try:
        page = open_page(response.body, url=response.url, forum=None if first else forum)
    except Unrecognised as error:
        if status >= 400:
            return NoContent([failure(forum, request, outcome_of_status(status), f"HTTP {status}", status)])
        return NoContent(_unrecognised(forum, response, str(error)))
    if isinstance(page, OutcomePage):
        outcome = page.outcome(status)
        said = failure(forum, request, outcome, page.reason or f"HTTP {status}", status)
        return NoContent([said], settled=outcome == "not_found")
    if status >= 400:
        return NoContent([failure(forum, request, outcome_of_status(status), f"HTTP {status}", status)])
    if not isinstance(page, expected):
        reason = f"led to {canonical(response.url)}, a page of another kind ({page.kind})"
        return NoContent([failure(forum, request, "moved", reason, status)])
    return page


def failure(forum: str, request: Request, outcome: str, reason: str, status: int | None = None) -> Failure:
    """The failure of a request: how often it was tried and who led to it come from the request."""
    referer = request.headers.get("Referer")
    asked_for = (request.meta.get("redirect_urls") or [request.url])[0]
    return Failure(
        forum=forum,
        url=canonical(asked_for),
        outcome=outcome,
        status=status,
        reason=reason,
        tries=request.meta.get("retry_times", 0) + 1,
        referer=None if referer is None else referer.decode("latin-1"),
    )


def refusals(forum: str, nothing: NoContent, request: Request) -> Iterator[ThreadRead]:
    """That a thread cannot be read, to be remembered until its list row changes; nothing for passing trouble."""
    known = request.cb_kwargs
    if not known.get("entry") or not nothing.settled:
        return
    last = known.get("last_post")
    moment = None if last is None else datetime.fromtimestamp(last, UTC)
    outcome = next(item.outcome for item in nothing.items if isinstance(item, Failure))
    refusal = Refusal(outcome=outcome, replies=known.get("replies"), last_post_at=moment)
    yield ThreadRead(forum=forum, thread_id=known["thread_id"], refusal=refusal)


def failed_download(forum: str, error: TwistedFailure) -> NoContent:
    """The failure of a request that got no response."""
    failed = failure(forum, error.request, *outcome_of(error))  # type: ignore[attr-defined]  # Scrapy adds it
    return NoContent([failed], settled=isinstance(error.value, RedirectedOut) and error.value.for_good)


def _unrecognised(forum: str, response: Response, reason: str) -> list[Item]:
    kept = UnparsedPage(forum=forum, url=canonical(response.url), reason=reason, html=zlib.compress(response.body))
    return [kept, failure(forum, _request(response), "unrecognised", reason, response.status)]


def _request(response: Response) -> Request:
    assert response.request is not None, "Scrapy gives a response its request"
    return response.request
