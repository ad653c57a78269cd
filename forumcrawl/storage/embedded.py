"""Local database servers: they start with their first user, are shared, and end with their last.

How users meet the supervisor of a server is told in `forumcrawl.storage.home`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from forumcrawl.storage.claim import POLL, Claim
from forumcrawl.storage.home import EmbeddedError, State, answers
from forumcrawl.storage.kinds import KINDS

__all__ = ["EmbeddedError", "Hold", "State", "answers", "hold"]


class Hold:
    """One user's claims on embedded servers: they run until the last is closed or its process ended."""

    def __init__(self, home: Path, ports: Mapping[str, int], timeout: float) -> None:
        self._timeout = timeout
        self._claims: dict[str, Claim] = {}
        try:
            for name, port in ports.items():
                self._claims[name] = Claim(home, KINDS[name], port)
            self.ensure()
        except BaseException:
            self.close()
            for claim in self._claims.values():
                claim.await_end()
            raise

    def __enter__(self) -> Hold:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def mongodb_uri(self) -> str:
        """Address of the embedded MongoDB, the same for as long as the claim is held."""
        return f"mongodb://127.0.0.1:{self._claims['mongodb'].port}/?directConnection=true"

    @property
    def redis_url(self) -> str:
        """Address of the embedded Valkey, the same for as long as the claim is held."""
        return f"redis://127.0.0.1:{self._claims['redis'].port}/0"

    def ensure(self) -> None:
        """Return when the servers answer, started again if need be; takes under 1 ms when all is well.

        Raises `EmbeddedError` when they do not in time, are given up, or cannot have their old port again.
        """
        deadline = time.monotonic() + self._timeout
        while missing := [claim for claim in self._claims.values() if not claim.usable(deadline)]:
            if time.monotonic() > deadline:
                raise missing[0].late(self._timeout)
            time.sleep(POLL)

    def close(self) -> None:
        """Give up the claims; a server ends when it was the last on it. Closing twice is harmless."""
        for claim in self._claims.values():
            claim.close()


def hold(
    home: Path,
    *,
    servers: Iterable[str] = ("mongodb", "redis"),
    mongodb_port: int = 0,
    redis_port: int = 0,
    timeout: float = 30.0,
) -> Hold:
    """Claim embedded servers of the folder `home`, starting those that nobody else has.

    A port 0 takes the one of last time, or any free one. `timeout`: seconds, for `ensure()` too.
    The claim ends with this process, also when that is killed. Raises `EmbeddedError`.
    """
    wanted = [KINDS[name] for name in servers]
    if sys.platform != "linux":
        settings = " and ".join(kind.setting for kind in wanted)
        raise EmbeddedError(f"the embedded servers run on Linux only: set {settings} to a server of yours")
    asked = {"mongodb": mongodb_port, "redis": redis_port}
    ports = {kind.name: asked[kind.name] for kind in wanted}
    for name, port in ports.items():
        if not 0 <= port <= 65535:
            raise EmbeddedError(f"EMBEDDED_{name.upper()}_PORT is {port}: it must be 0 (any free port) to 65535")
    return Hold(home.absolute(), ports, timeout)
