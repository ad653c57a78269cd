"""What a worker holds: deliveries that wait for their turn, and requests that are being done."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from scrapy import Request

from forumcrawl.frontier.bands import is_light
from forumcrawl.frontier.streams import Delivery


@dataclass(slots=True)
class Lease:
    """A delivery in the hands of this worker."""

    delivery: Delivery
    request: Request
    at: float
    """Its turn (monotonic seconds)."""
    counted: bool = False
    """Redis knows that it is being started."""
    failed: str = ""
    """Why it must not be acknowledged."""
    light: bool = field(init=False)
    """It is for what can wait."""

    def __post_init__(self) -> None:
        self.light = is_light(self.request)

    @property
    def id(self) -> bytes:
        """Of the delivery."""
        return self.delivery.id


@dataclass(slots=True)
class Leases:
    """Ordered by turn until they are begun, by request from then on.

    `most`: how many are being done at once. Beside these there may be `beside` for what can wait, so that slow sites
    take no room from the forum.
    """

    most: int
    beside: int = 0
    alone_after: int = 2
    """A request that was started so often before is done while nothing else is."""
    _waiting: list[tuple[float, int, Lease]] = field(default_factory=list)
    _begun: dict[Request, Lease] = field(default_factory=dict)
    _order: Iterator[int] = field(default_factory=count)

    def __len__(self) -> int:
        return len(self._waiting) + len(self._begun)

    @property
    def waiting(self) -> int:
        """How many are not begun."""
        return len(self._waiting)

    @property
    def room(self) -> int:
        """How many more may be held."""
        return max(0, self._limit - len(self))

    @property
    def light_room(self) -> int:
        """How many more may be held for what can wait, without taking room from what cannot."""
        return max(0, self.beside - self.light)

    @property
    def light(self) -> int:
        """How many are for what can wait."""
        return sum(lease.light for lease in (*self._begun.values(), *(each[2] for each in self._waiting)))

    def add(self, lease: Lease) -> None:
        """Hold one more."""
        heapq.heappush(self._waiting, (lease.at, next(self._order), lease))

    def first(self, now: float) -> Lease | None:
        """The one to begin next, if its turn has come; None also while it must wait until it is alone, or while
        another that must be alone is being done."""
        if not self._waiting or self._waiting[0][0] > now or len(self._begun) >= self._limit:
            return None
        if self._begun and (self._is_alone(self._waiting[0][2]) or self._one_is_alone()):
            return None
        return self._waiting[0][2]

    def begin(self) -> None:
        """The first one is being done from now on."""
        lease = heapq.heappop(self._waiting)[2]
        self._begun[lease.request] = lease

    def due_in(self, now: float) -> float | None:
        """Seconds until the next turn; None when nothing waits."""
        return max(0.0, self._waiting[0][0] - now) if self._waiting else None

    def of(self, request: Request) -> Lease | None:
        """The lease of a request that is being done."""
        return self._begun.get(request)

    def end(self, request: Request) -> Lease | None:
        """The lease of a request that was being done and is no more."""
        return self._begun.pop(request, None)

    def ids(self) -> list[bytes]:
        """Of all deliveries."""
        return [*(lease.id for *_, lease in self._waiting), *(lease.id for lease in self._begun.values())]

    def drop(self, ids: set[bytes] | None = None) -> int:
        """Forget those that are not begun, all or the ones with these ids; how many."""
        kept = [] if ids is None else [each for each in self._waiting if each[2].id not in ids]
        dropped = len(self._waiting) - len(kept)
        heapq.heapify(kept)
        self._waiting = kept
        return dropped

    @property
    def _limit(self) -> int:
        return self.most + min(self.light, self.beside)

    def _is_alone(self, lease: Lease) -> bool:
        return lease.delivery.starts >= self.alone_after

    def _one_is_alone(self) -> bool:
        return len(self._begun) == 1 and self._is_alone(next(iter(self._begun.values())))
