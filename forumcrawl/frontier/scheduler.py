"""Scrapy's scheduler on the shared frontier: the engine asks and tells here, the worker talks to Redis."""

from __future__ import annotations

import logging
import os
import signal
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from scrapy import Request, Spider, signals
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.settings import BaseSettings
from scrapy.utils.defer import deferred_from_coro
from scrapy.utils.misc import load_object

from forumcrawl.download.retry import RATE_LIMITED
from forumcrawl.frontier.bands import score
from forumcrawl.frontier.engine import Engine
from forumcrawl.frontier.jobs import JobError
from forumcrawl.frontier.leases import Lease
from forumcrawl.frontier.load import Load
from forumcrawl.frontier.pace import host_of
from forumcrawl.frontier.part import Part
from forumcrawl.frontier.streams import Burial, Delivery, Push, Turn
from forumcrawl.frontier.watch import watch
from forumcrawl.frontier.wire import Newer, NotSerialisable, Unreadable, dumps, loads, url_of
from forumcrawl.frontier.worker import Worker
from forumcrawl.signals import seal
from forumcrawl.stats.names import JOB
from forumcrawl.storage.redis import RedisUnavailable

if TYPE_CHECKING:
    from twisted.internet.defer import Deferred

logger = logging.getLogger(__name__)
UNAVAILABLE = "frontier_unavailable"
"""Why a crawl ended whose Redis stayed away."""
NOT_STARTED = "start_failed"
"""Why a crawl ended that could not join its job."""
OUTDATED = "outdated"
"""Why a worker ended that met requests of a newer version."""
STOPPED = "stopped"
"""Why a worker ended that an operator told to, by way of the frontier."""
_SILENCE = 30.0  # seconds without anything to do that are worth a line


class FrontierScheduler(BaseScheduler):
    """Shares one crawl job with any number of workers; what is not acknowledged is delivered again."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._part: Part | None = None
        self._engine = Engine(crawler)
        self._sealed = False
        self._told_until = 0.0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> FrontierScheduler:
        scheduler = cls(crawler)
        crawler.signals.connect(scheduler._spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(scheduler._engine_started, signal=signals.engine_started)
        crawler.signals.connect(scheduler._seal, signal=seal)
        crawler.signals.connect(scheduler._spider_error, signal=signals.spider_error)
        crawler.signals.connect(scheduler._item_error, signal=signals.item_error)
        return scheduler

    @property
    def worker(self) -> Worker:
        """What holds this process's leases; the scheduler must be open."""
        assert self._part, "open comes first"
        return self._part.worker

    @property
    def job(self) -> str:
        """The id of the job; the scheduler must be open."""
        assert self._part, "open comes first"
        return self._part.job.id

    # --- opening and closing -----------------------------------------------------------------------------------

    def open(self, spider: Spider) -> Deferred[None]:
        """Joins the job. Where there is no Redis, or no such job, `crawler.start_error` says so and nothing starts."""
        return deferred_from_coro(self._open(spider))

    async def _open(self, spider: Spider) -> None:
        try:
            self._part = await Part.take(
                self.crawler.settings,
                spider,
                open_request=self._opened,
                on_work=self._engine.wake,
                on_order=self._ordered,
                on_lost=self._lost,
                on_count=self._engine.count,
                on_queued=self._engine.queued,
                load=Load(self._engine.storing),
            )
        except (RedisUnavailable, JobError) as error:
            # Raised here, it would close item pipelines that were never opened.
            self.crawler.start_error = " ".join(str(error).split())  # type: ignore[attr-defined]
            return
        watch(self.crawler, self._done)

    def _spider_opened(self) -> None:
        if self._part is None:
            raise CloseSpider(NOT_STARTED)

    def _engine_started(self) -> None:
        """Told only now: a crawl that cannot start says one thing, the reason."""
        if self._part is None:
            return
        job = self._part.job
        if self.crawler.stats:
            self.crawler.stats.set_value(JOB, job.id)
        logger.info("Job %s (%s), frontier at %s", job.id, job.state, self._part.session.address)
        for other in job.others:
            logger.warning("Job %s is unfinished, with other arguments: -a job=%s goes on with it", other, other)

    def close(self, reason: str) -> Deferred[None] | None:
        """Leaves the job; one that has nothing left to do is over."""
        self._engine.rest()
        return deferred_from_coro(self._part.leave(reason)) if self._part else None

    # --- what the engine asks ----------------------------------------------------------------------------------

    def __len__(self) -> int:
        """Requests that wait, in the frontier and to get there."""
        return self.worker.last.waiting + self.worker.outbox.queued if self._part else 0

    def has_pending_requests(self) -> bool:
        """Whether any worker of the job holds or awaits something."""
        return self._part is not None and not self.worker.nothing_left()

    def enqueue_request(self, request: Request) -> bool:
        """Queues it, unless it was queued before: whether it was is known only later, so this is always True.

        Never raises: the engine would swallow it and the parent be acknowledged. What cannot be queued is dead.
        """
        try:
            text = dumps(request, self._engine.spider)
            fingerprint = b"" if request.dont_filter else self._engine.fingerprint(request)
            self.worker.outbox.push(Push(fingerprint, host_of(request), score(request), text))
        except Exception as error:
            self._refuse(request, error)
        self.worker.spoken()
        return True

    def next_request(self) -> Request | None:
        """The next request whose turn has come, None when there is none now; the engine is woken when there is."""
        now = time.monotonic()
        lease = None if self._sealed else self.worker.begin(now)
        if lease is not None:
            if not lease.light:
                self.worker.load.note()
            return lease.request
        due = self.worker.leases.due_in(now)
        if due is None:
            self._tell_waiting(self.worker.last)
        elif due:
            self._engine.wake_in(due)
        return None

    def _tell_waiting(self, last: Turn) -> None:
        """Nothing is done and nothing may be asked for: say until when, and end when that is too long to wait."""
        if last.in_flight or not last.due_in or last.due_in < _SILENCE or time.monotonic() < self._told_until:
            return
        moment = datetime.now(UTC) + timedelta(seconds=last.due_in)
        logger.warning("No host may be asked before %s: held or failing, see scrapy frontier", f"{moment:%H:%M:%S} UTC")
        self._told_until = time.monotonic() + last.due_in
        if last.due_in > self.crawler.settings.getfloat("RETRY_AFTER_MAX"):
            self._engine.end(RATE_LIMITED)

    def lease_of(self, request: Request) -> Lease | None:
        """The lease of a request that came from here and is being done."""
        return self.worker.leases.of(request) if self._part else None

    async def choose(self, name: str, members: list[str], limit: int) -> tuple[list[str], int]:
        """Put members into a set of the job that holds `limit` at the most; those in it now, and how many it holds.

        Raises CloseSpider when Redis stayed away: the crawl is ending.
        """
        try:
            return await self.worker.choose(name, members, limit)
        except RedisUnavailable as error:
            self._lost(str(error))
            raise CloseSpider(UNAVAILABLE) from None

    # --- what becomes of a delivery ----------------------------------------------------------------------------

    def _done(self, request: Request) -> None:
        """The engine is through with a request: its items are durable and its children are in the outbox."""
        lease = self.worker.leases.end(request)
        if lease is not None and not self._sealed:
            self.worker.end(lease)

    def _opened(self, delivery: Delivery) -> Lease | str | None:
        try:
            request = loads(delivery.request, self._engine.spider)
        except Newer as error:
            self._outdated(delivery, error)
            return None
        except Unreadable as error:
            logger.error("Dead: %s cannot be read: %s", url_of(delivery.request), error)
            self._engine.count("dead", 1)
            return str(error)
        return Lease(delivery, request, time.monotonic() + delivery.wait)

    def _refuse(self, request: Request, error: Exception) -> None:
        expected = isinstance(error, NotSerialisable | ValueError)
        logger.error("Dead: %s cannot be queued: %s", request.url, error, exc_info=None if expected else error)
        letter = Burial(b"", host_of(request), repr(request).encode(), f"{type(error).__name__}: {error}")
        self.worker.outbox.bury(letter)
        self._engine.count("dead", 1)

    def _spider_error(self, failure: Any, response: Any) -> None:
        self._fail(response, f"the spider failed: {_said(failure)}")

    def _item_error(self, failure: Any, response: Any) -> None:
        self._fail(response, f"an item was lost: {_said(failure)}")

    def _fail(self, response: Any, reason: str) -> None:
        request = getattr(response, "request", None)
        if request is not None and (lease := self.lease_of(request)):
            lease.failed = lease.failed or reason
            logger.error("Dead: %s: %s", request.url, reason)

    # --- trouble -----------------------------------------------------------------------------------------------

    def _seal(self) -> None:
        """From now on nothing is acknowledged: all that is being done will be done again."""
        self._sealed = True

    def _lost(self, reason: str) -> None:
        logger.error("Ending the crawl, the frontier stays away: %s", reason)
        self._sealed = True
        self._engine.end(UNAVAILABLE)

    def _outdated(self, delivery: Delivery, error: Newer) -> None:
        """A newer version writes this queue: its workers do the rest."""
        if not self._engine.ending:
            logger.error("Ending, a newer version is needed: %s: %s", url_of(delivery.request), error)
            self._engine.end(OUTDATED)

    def _ordered(self, order: str) -> None:
        """An operator has this worker end, whose node knows it no more."""
        if order == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if not self._engine.ending:
            logger.warning("Told to end, by way of the frontier")
            self._engine.end(STOPPED)


def uses_frontier(settings: BaseSettings) -> bool:
    """Whether SCHEDULER is this one or made of it. To issubclass() and isinstance() all Scrapy schedulers are alike."""
    return FrontierScheduler in load_object(settings["SCHEDULER"]).__mro__


def frontier_of(crawler: Crawler) -> FrontierScheduler | None:
    """The crawl's scheduler, where that is the frontier."""
    scheduler = crawler.engine.scheduler if crawler.engine else None
    return cast("FrontierScheduler", scheduler) if FrontierScheduler in type(scheduler).__mro__ else None


def _said(failure: Any) -> str:
    error = failure.value
    return f"{type(error).__name__}: {error}"[:500]
