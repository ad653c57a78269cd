"""The requests of the forum spider: what each is for, and what its callback needs to know."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scrapy import Request

from forumcrawl.download.fingerprint import IDENTITY
from forumcrawl.download.redirect import FORUM
from forumcrawl.frontier.bands import BAND, Band

START, INDEX, THREAD, LIST, MEMBER = 100, 40, 30, 20, 10
"""Priorities under Scrapy's own scheduler, where a list's threads come before its next page, so that what waits in
memory stays small. The shared frontier goes by bands."""


class Requests:
    """Makes requests that carry their identity in the forum; `callbacks` is the spider."""

    def __init__(self, forum: str, callbacks: Any) -> None:
        self._forum = forum
        self._callbacks = callbacks

    def start(self, url: str) -> Request:
        """The first page, which tells which forum it is: nothing is known of it before."""
        callback, errback = self._callbacks.parse_start, self._callbacks.no_start
        return Request(url, callback, errback=errback, priority=START, meta={BAND: Band.START.label})

    def nodes(self, url: str, board_id: int) -> Request:
        """A category's own page, or a board's whose address does not tell its id (0)."""
        return self._make(url, self._callbacks.parse_page, f"category/{board_id or url}", INDEX, Band.LISTING)

    def member(self, url: str, member_id: int) -> Request:
        """A member's own page."""
        return self._make(url, self._callbacks.parse_page, f"member/{member_id}", MEMBER, Band.MEMBER)

    def board(self, url: str, board_id: int, number: int = 1, *, discover: bool = False) -> Request:
        """Page `number` of a board whose first page is `url`. `discover`: only its boards are of interest."""
        arguments = {"board_id": board_id, "number": number, "discover": int(discover)}
        identity = f"board/{board_id or url}/{'boards' if discover else 'page'}/{number}"
        return self._make(numbered(url, number), self._callbacks.parse_list, identity, LIST, Band.LISTING, arguments)

    def thread(self, url: str, thread_id: int, number: int = 1, *, entry: bool = False, **known: int) -> Request:
        """Page `number` of a thread whose first page is `url`.

        `entry`: the first page asked for, from which the others are; `known` is then what is durable of it.
        """
        arguments = {"thread_id": thread_id, "number": number, "entry": int(entry), **known}
        identity = f"thread/{thread_id}/page/{number}"
        return self._make(numbered(url, number), self._callbacks.parse_thread, identity, THREAD, Band.THREAD, arguments)

    def _make(
        self,
        url: str,
        callback: Callable[..., Any],
        identity: str,
        priority: int,
        band: Band,
        arguments: dict[str, int] | None = None,
    ) -> Request:
        return Request(
            url,
            callback,
            errback=self._callbacks.failed,
            priority=priority,
            cb_kwargs=arguments,
            meta={IDENTITY: f"{self._forum}/{identity}", FORUM: self._forum, BAND: band.label},
        )


def numbered(url: str, number: int) -> str:
    """Address of page `number` of the list or thread whose first page is `url` (XenForo: "page-N" behind it)."""
    return url if number == 1 else f"{url.rstrip('/')}/page-{number}"
