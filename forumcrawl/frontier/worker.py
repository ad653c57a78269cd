"""One process's part in the frontier: a background task that talks to Redis, so that the crawl never waits for it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Protocol

from forumcrawl.frontier.jobs import is_over
from forumcrawl.frontier.leases import Lease, Leases
from forumcrawl.frontier.load import Load
from forumcrawl.frontier.neighbours import is_gone, new_name, whereabouts
from forumcrawl.frontier.outbox import Outbox
from forumcrawl.frontier.pace import Told
from forumcrawl.frontier.streams import ANY, Burial, Delivery, JobOver, Queued, Streams, Turn
from forumcrawl.storage.errors import one_line
from forumcrawl.storage.patience import Patience
from forumcrawl.storage.redis_client import REDIS, RedisUnavailable
from forumcrawl.tasks import ended

logger = logging.getLogger(__name__)

_LONGEST = 1.0  # seconds between two tries while the server is away
_GATHER = 0.02  # seconds in which what is to be said gathers, while there is work
_IDLE = 0.1  # seconds between two questions of a worker that has nothing to do


class Server(Protocol):
    """The Redis server as the worker needs it."""

    async def ensure(self) -> None:
        """Start an embedded server that died; raises RedisUnavailable when that is given up."""


class Worker:
    """Holds leases, and says and asks what is due, again and again, until it is closed.

    `open_request` makes a request of a delivery, or says (a text) why that cannot be done; None leaves it to another
    worker, once this one has left. `on_work` is called when something may be begun, `on_lost` once when the server was
    away for longer than `patience` seconds, `on_order` with what an operator told this worker to do. `about` is told
    to whoever looks: by default where this process runs. `load`: how busy it is.
    """

    def __init__(
        self,
        streams: Streams,
        server: Server,
        leases: Leases,
        *,
        prefetch: int,
        patience: float,
        open_request: Callable[[Delivery], Lease | str | None],
        on_work: Callable[[], None],
        on_lost: Callable[[str], None],
        on_count: Callable[[str, int], None],
        on_queued: Callable[[Queued], None],
        on_order: Callable[[str], None] = lambda order: None,
        about: Mapping[str, object] | None = None,
        load: Load | None = None,
    ) -> None:
        self.name = new_name()
        self.streams = streams
        self.leases = leases
        self.outbox = Outbox()
        self.load = load or Load()
        self.told: dict[str, Told] = {}
        self.last = Turn(alive=True, waiting=1)
        """What the frontier said last. Until it has spoken, there may be something to do."""
        self._server = server
        self._prefetch = prefetch
        self._patience = Patience(patience, self._mend, trouble=REDIS, longest=_LONGEST)
        self._away = False  # the server did not answer since it was last spoken to in full
        self._open_request = open_request
        self._on_work, self._on_lost, self._on_count = on_work, on_lost, on_count
        self._on_queued, self._on_order = on_queued, on_order
        self._about = about or whereabouts()
        self._begun: dict[bytes, None] = {}  # started, and Redis does not know
        self._wake = asyncio.Event()
        self._stale = True  # what it said last is older than what it was told last
        self._counting: Lease | None = None
        self._heard = time.monotonic()
        self._heartbeat = min(1.0, streams.pace.lease / 5)
        self._number = 0  # of the last turn: where the server counts otherwise, it or an answer has lost something
        self._lost = False
        self._task: asyncio.Task[None] | None = None

    async def join(self) -> None:
        """Take part from now on. Raises RedisUnavailable."""
        await self._patience.attempt(self._introduce)
        self._task = asyncio.get_running_loop().create_task(self._run(), name="frontier")

    async def close(self) -> None:
        """Say what is left to say, within the patience, and leave: what is still held goes to others at once."""
        if self._task:
            await ended(self._task)
            self._task = None
        if not self._lost:
            await self._patience.attempt(self._farewell)

    def is_fresh(self) -> bool:
        """Whether the frontier was heard of lately enough for what is held to be this worker's."""
        return time.monotonic() - self._heard < 0.8 * self.streams.pace.lease

    def begin(self, now: float) -> Lease | None:
        """The next request to do now, which is thereby started."""
        lease = self.leases.first(now) if self.is_fresh() else None
        if lease is not None and lease.delivery.again and not lease.counted:
            # It may kill this process at once: that it was started is known first.
            self._counting = lease
            self._wake.set()
            return None
        if lease is not None:
            self.leases.begin()
            if not lease.counted:
                self._begun[lease.id] = None
        if self.leases.waiting <= self._prefetch // 2:
            self._wake.set()
        return lease

    def end(self, lease: Lease) -> None:
        """A request is done, or dead where the lease says why."""
        self._begun.pop(lease.id, None)
        delivery = lease.delivery
        if lease.failed:
            self.outbox.bury(Burial(lease.id, delivery.host, delivery.request, lease.failed))
            self._on_count("dead", 1)
        else:
            self.outbox.acknowledge(lease.id, delivery.host)
        self.spoken()

    def spoken(self) -> None:
        """There is something to say; it is said soon."""
        if len(self.outbox) == 1 or self._is_urgent():
            self._wake.set()

    def tell(self, host: str) -> Told:
        """What is to be said of a host; change it."""
        return self.told.setdefault(host, Told())

    async def choose(self, name: str, members: list[str], limit: int) -> tuple[list[str], int]:
        """As `Streams.choose`, waiting for a server that is away. Raises RedisUnavailable."""
        return await self._patience.attempt(lambda: self.streams.choose(name, members, limit))

    def nothing_left(self) -> bool:
        """Whether no worker of the job has anything to do, as the frontier says and as far as this one knows."""
        last = self.last
        return not (self._stale or last.waiting or last.in_flight or len(self.leases) or self.outbox)

    # --- the task ----------------------------------------------------------------------------------------------

    async def _run(self) -> None:
        try:
            while True:
                await self._patience.attempt(self._cycle)
                await self._pause()
        except RedisUnavailable as error:
            self._lose(str(error))
        except Exception as error:
            logger.exception("The frontier's worker failed")
            self._lose(f"the frontier's worker failed: {type(error).__name__}: {error}")

    def _lose(self, reason: str) -> None:
        self._lost = True
        self._on_lost(" ".join(reason.split()))

    async def _pause(self) -> None:
        """Until there is something to say or to ask; a moment more, unless it is urgent, and it is said together."""
        now = time.monotonic()
        until = now + (self._look_again() if self._want() else self._heartbeat)
        while not self._is_urgent() and now < until:
            if self.outbox:
                until = min(until, now + _GATHER)
            self._wake.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(until - now):
                    await self._wake.wait()
            now = time.monotonic()

    def _look_again(self) -> float:
        """Seconds after which a worker that could do more asks again."""
        if self.last.due_in is None:
            return _IDLE
        return min(_IDLE, max(_GATHER, self.last.due_in - self.streams.pace.ahead))

    def _is_urgent(self) -> bool:
        """Whether the crawl waits for what this would bring: the children of what was done, while nothing else is
        known to be left, or more of what is there for the asking."""
        if self._counting is not None:
            return True
        if self.leases.waiting > self._prefetch // 2:
            return False
        if not self.last.waiting:
            return bool(self.outbox.pushes)
        return bool(self.last.deliveries) and self.last.due_in == 0 and self._want() > 0

    def _want(self) -> int:
        return min(self.leases.room, self._prefetch - self.leases.waiting)

    async def _cycle(self) -> None:
        if self._away:
            await self._come_back()
        await self._say()
        begun, told, counting = self._begun, self.told, self._counting
        self._begun, self.told = {}, {}
        also = [] if counting is None else [counting.id]
        try:
            turn = await self.streams.turn(
                self.name,
                self._want(),
                begun=[*begun, *also],
                told=told,
                light_gap=self.load.gap(),
                light_room=self.leases.light_room if self.load.urgent else ANY,
            )
        except BaseException:
            self._begun, self.told = {**begun, **self._begun}, {**told, **self.told}
            raise
        self._counting = None
        if not turn.alive:
            await self._start_over()
            return
        self._heard, self.last, self._stale = time.monotonic(), turn, False
        if counting is not None:
            counting.counted = True
        self._hold(turn.deliveries)
        if turn.number != self._number + 1:
            await self._compare()
        self._number = turn.number
        if turn.order:
            self._on_order(turn.order)
        if self.leases.waiting or self.nothing_left():
            self._on_work()

    async def _say(self) -> None:
        if self.outbox:
            self._stale = True
        self.outbox.seal()
        try:
            fresh = await self.outbox.send(self.streams)
        except JobOver:
            if await is_over(self.streams.client, self.streams.job):
                self.outbox.forget()  # others have done all this and ended the job, while this process was frozen
                return
            await self._introduce()  # the server has forgotten it
            fresh = await self.outbox.send(self.streams)
        self._on_count("fresh", fresh)
        queued, self.streams.queued = self.streams.queued, []
        for each in queued:
            self._on_queued(each)

    def _hold(self, deliveries: Sequence[Delivery]) -> None:
        for delivery in deliveries:
            lease = self._open_request(delivery)
            if isinstance(lease, Lease):
                self.leases.add(lease)
            elif lease is not None:
                self.outbox.bury(Burial(delivery.id, delivery.host, delivery.request, lease))
            self._on_count("redelivered", delivery.again)

    # --- trouble -----------------------------------------------------------------------------------------------

    async def _mend(self, error: Exception) -> None:
        if not self._away:
            logger.warning("The frontier is away, trying again: %s", one_line(error))
        self._away = True
        self._on_count("retries", 1)
        await self._server.ensure()

    async def _introduce(self) -> None:
        self._number = (await self.streams.turn(self.name, 0, join=1)).number
        await self.streams.introduce(self.name, self._about)
        for other, about in (await self.streams.workers()).items():
            if other != self.name and is_gone(about):
                await self.streams.leave(other)

    async def _come_back(self) -> None:
        """The server was away and may have lost what it was told last."""
        self.last = await self.streams.turn(self.name, 0, join=2)
        self._number = self.last.number
        await self.streams.introduce(self.name, self._about)
        await self._compare()
        self._heard, self._away = time.monotonic(), False

    async def _compare(self) -> None:
        """What this side holds, and what the server believes that it holds: the rest of either goes to others."""
        held = [*self.leases.ids(), *self.outbox.deliveries()]
        self.leases.drop(await self.streams.keep(self.name, held))

    async def _start_over(self) -> None:
        """This worker was taken for dead: what it has not begun is others' now; what it has begun it may finish."""
        dropped = self.leases.drop()
        logger.warning("Silent for longer than a lease: %d deliveries were given to others", dropped)
        self.name = new_name()
        self._counting = None
        await self._introduce()

    async def _farewell(self) -> None:
        await self._say()
        self.leases.drop()
        self.last = await self.streams.turn(self.name, 0, begun=self._begun, told=self.told)
        self._stale = False
        await self.streams.leave(self.name)
