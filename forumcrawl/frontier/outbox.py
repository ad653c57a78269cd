"""What a worker has to say: requests to queue and deliveries that are done, in the order that loses nothing."""

from __future__ import annotations

from forumcrawl.frontier.streams import Burial, Push, Streams


class Outbox:
    """An acknowledgement never goes before the requests that were queued before it.

    What was sent stays until the server has said that it has it: saying it twice does no harm.
    """

    def __init__(self) -> None:
        self.pushes: list[Push] = []
        self._done: list[tuple[bytes, str]] = []
        self._buried: list[Burial] = []
        self._sending: tuple[list[Push], list[tuple[bytes, str]], list[Burial]] | None = None

    def __len__(self) -> int:
        pushes, done, buried = self._sending or ((), (), ())
        return sum(map(len, (self.pushes, self._done, self._buried, pushes, done, buried)))

    @property
    def queued(self) -> int:
        """Requests that are not queued yet."""
        return len(self.pushes) + (len(self._sending[0]) if self._sending else 0)

    def deliveries(self) -> list[bytes]:
        """Those that are done, which the server does not know yet."""
        _, done, buried = self._sending or ((), (), ())
        return [*(id for id, _ in (*self._done, *done)), *(each.id for each in (*self._buried, *buried) if each.id)]

    def push(self, request: Push) -> None:
        """A request to queue."""
        self.pushes.append(request)

    def acknowledge(self, delivery: bytes, host: str) -> None:
        """A delivery that is done."""
        self._done.append((delivery, host))

    def bury(self, letter: Burial) -> None:
        """A delivery, or a request, that nothing will come of."""
        self._buried.append(letter)

    def seal(self) -> None:
        """What is in it now goes with the next `send`."""
        if self._sending is None and len(self):
            self._sending = (self.pushes, self._done, self._buried)
            self.pushes, self._done, self._buried = [], [], []

    def forget(self) -> None:
        """Nothing of it is of use any more."""
        self._sending, self.pushes, self._done, self._buried = None, [], [], []

    async def send(self, streams: Streams) -> int:
        """Send what is sealed; how many requests were new. Raises JobOver and redis-py's errors, and then nothing is
        forgotten."""
        if self._sending is None:
            return 0
        fresh = await streams.settle(*self._sending)
        self._sending = None
        return fresh
