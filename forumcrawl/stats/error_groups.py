"""Errors of a crawl in groups: one kind, one place, one host; the first of each with all there is to see."""

from __future__ import annotations

import traceback
import zlib
from datetime import UTC, datetime
from types import CodeType
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure as TwistedFailure

from forumcrawl.download.refusal import SCREENSHOT
from forumcrawl.items import Failure, ImageFile, Rejected, SourceLink
from forumcrawl.items.run import ErrorGroup
from forumcrawl.stats.names import ERRORS
from forumcrawl.text.addresses import site_of

_GROUPS = 200  # of a worker; what comes later is one group
_LONGEST = 20_000  # characters of a traceback
_LARGEST = 2 * 1024 * 1024  # bytes of a compressed page, or of a screenshot
_TROUBLES = ("blocked", "failed", "unparsed")  # outcomes of links and pictures that somebody should look at
_OTHER = "more kinds of errors"
_PACKAGE = "forumcrawl"


class ErrorGroups:
    """Gathers what failed; `changed` is what is to be stored since it was asked last."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._groups: dict[tuple[str, str, str], ErrorGroup] = {}
        self._changed: dict[tuple[str, str, str], None] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ErrorGroups:
        groups = cls(crawler)
        crawler.signals.connect(groups.spider_error, signal=signals.spider_error)
        crawler.signals.connect(groups.item_error, signal=signals.item_error)
        crawler.signals.connect(groups.item_scraped, signal=signals.item_scraped)
        return groups

    def changed(self) -> list[ErrorGroup]:
        """The groups that are new or grew since the last call; whose run they are of is still to be said."""
        groups = [self._groups[key] for key in self._changed]
        self._changed.clear()
        return groups

    def keep(self, groups: list[ErrorGroup]) -> None:
        """They could not be stored: they are changed still."""
        self._changed.update(dict.fromkeys((group.kind, group.place, group.host) for group in groups))

    # --- what is heard -----------------------------------------------------------------------------------------

    def spider_error(self, failure: TwistedFailure, response: Any, spider: Spider) -> None:
        self._raised(failure, response)

    def item_error(self, item: Any, response: Any, spider: Spider, failure: TwistedFailure) -> None:
        self._raised(failure, response)

    def item_scraped(self, item: Any, response: Any, spider: Spider) -> None:
        """Items that say what went wrong; `response` is no page where a request failed altogether."""
        if isinstance(item, Failure):
            kind = f"http_error {item.status}" if item.outcome == "http_error" else item.outcome
            self._note(kind, _callback(response), item.reason, item.url, response)
        elif isinstance(item, Rejected):
            self._note("rejected", f"{item.type}.{item.field or '_id'}", item.reason, item.url, response)
        elif isinstance(item, SourceLink | ImageFile) and item.outcome in _TROUBLES:
            what = "source" if isinstance(item, SourceLink) else "picture"
            self._note(f"{what}_{item.outcome}", _callback(response), item.reason or "", item.url, response)

    # --- grouping ----------------------------------------------------------------------------------------------

    def _raised(self, failure: TwistedFailure, response: Any) -> None:
        error: Any = failure.value
        url = getattr(response, "url", None) or getattr(getattr(response, "request", None), "url", None)
        message = " ".join(str(error).split())
        group = self._note(type(error).__name__, place_of(error), message, url, response)
        if group.count == 1:
            told = "".join(traceback.format_exception(error))
            group.traceback = told[-_LONGEST:]

    def _note(self, kind: str, place: str, message: str, url: str | None, response: Any) -> ErrorGroup:
        key, now = (kind, place, site_of(url) if url else ""), datetime.now(UTC)
        if key not in self._groups and len(self._groups) >= _GROUPS:
            key = (_OTHER, "", "")
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = self._first(key, now, message, url, response)
        group.count += 1
        group.last_at = now
        self._changed[key] = None
        if self._crawler.stats:
            self._crawler.stats.inc_value(ERRORS.format(kind=key[0]))
        return group

    def _first(
        self, key: tuple[str, str, str], now: datetime, message: str, url: str | None, response: Any
    ) -> ErrorGroup:
        html, worker = None, str(getattr(self._crawler, "run_id", "") or id(self))
        if isinstance(response, Response) and _is_page(response):
            html = _if_small(zlib.compress(response.body))
        kind, place, host = key
        return ErrorGroup(
            run="",
            worker=worker,
            kind=kind,
            place=place,
            host=host,
            count=0,
            first_at=now,
            last_at=now,
            message=message[:1000],
            url=url,
            html=html,
            screenshot=_if_small(_screenshot(response)),
        )


def place_of(error: BaseException) -> str:
    """The innermost function of this package that an error passed through, else the innermost of all."""
    codes = [frame.f_code for frame, _ in traceback.walk_tb(error.__traceback__)]
    ours = [code for code in codes if f"/{_PACKAGE}/" in code.co_filename]
    return _named((ours or codes)[-1]) if codes else ""


def _named(code: CodeType) -> str:
    module = code.co_filename.rpartition("site-packages/")[2].removesuffix(".py").replace("/", ".")
    return f"{module[module.find(_PACKAGE) :] if _PACKAGE in module else module}.{code.co_qualname}"


def _callback(response: Any) -> str:
    """The callback that a page, or the failure in its place, was for."""
    request: Request | None = getattr(response, "request", None)
    callback = getattr(request, "callback", None)
    return getattr(callback, "__name__", "download") if isinstance(response, Response) else "download"


def _is_page(response: Response) -> bool:
    return b"html" in (response.headers.get("Content-Type") or b"html") and bool(response.body)


def _screenshot(response: Any) -> bytes | None:
    request = getattr(response, "request", None)
    found = request.meta.get(SCREENSHOT) if request is not None else None
    return found if isinstance(found, bytes) else None


def _if_small(data: bytes | None) -> bytes | None:
    return data if data is not None and len(data) <= _LARGEST else None
