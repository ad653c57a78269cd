"""Where the engine says that it is through with a request."""

from __future__ import annotations

from collections.abc import Callable

from scrapy import Request
from scrapy.crawler import Crawler


class _InProgress(set[Request]):
    """The engine's set of requests that it has begun and not finished; who leaves it is done."""

    def __init__(self, done: Callable[[Request], None]) -> None:
        super().__init__()
        self._done = done

    def remove(self, request: Request) -> None:
        super().remove(request)
        self._done(request)


def watch(crawler: Crawler, done: Callable[[Request], None]) -> None:
    """Hear of every request that the engine is through with.

    Scrapy has no signal for it: this is the one place where all items of a request have passed their pipelines and
    all its children were queued. Raises RuntimeError where the engine is built otherwise.
    """
    slot = getattr(crawler.engine, "_slot", None)
    if slot is None or type(getattr(slot, "inprogress", None)) is not set or slot.inprogress:
        raise RuntimeError("this version of Scrapy keeps what is in progress elsewhere: the frontier needs Scrapy 2.19")
    slot.inprogress = _InProgress(done)
