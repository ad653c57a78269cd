"""The Redis of one crawl or command: the server that REDIS_URL names, or the embedded one."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import TYPE_CHECKING

from redis.asyncio.sentinel import SentinelConnectionPool
from redis.exceptions import RedisError

from forumcrawl.storage.embedded import EmbeddedError, Hold, hold
from forumcrawl.storage.errors import one_line
from forumcrawl.storage.redis_client import RedisUnavailable, check, connect, redacted, transient

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

__all__ = ["RedisSession", "RedisUnavailable", "check", "connect", "redacted", "transient"]
_START_SECONDS = 10.0  # a server that does not answer a starting crawl in this time is not there
_LOOK_SECONDS = 0.1


class RedisSession:
    """The Redis of one crawl or command; made by `open`, ended by `close`."""

    def __init__(self, url: str, claim: Hold | None = None) -> None:
        self.address = redacted(url)
        self.client = connect(url)
        self._url = url
        self._hold = claim

    @classmethod
    async def open(cls, settings: BaseSettings) -> RedisSession:
        """A session on the server that REDIS_URL names, else on the embedded one.

        Raises RedisUnavailable, after about ten seconds at most for a named server, with one line that says what to do.
        """
        url, claim = settings.get("REDIS_URL"), None
        if not url:
            claim = await _claim(settings)
            url = claim.redis_url
        session = cls(url, claim)
        try:
            await session._answer(min(_START_SECONDS, settings.getfloat("FRONTIER_PATIENCE", _START_SECONDS)))
        except BaseException:
            await session.close()
            raise
        return session

    async def ensure(self) -> None:
        """Start an embedded server that died. Raises RedisUnavailable when it is given up."""
        if self._hold:
            try:
                await asyncio.to_thread(self._hold.ensure)
            except EmbeddedError as reason:
                raise RedisUnavailable(str(reason)) from reason

    async def close(self) -> None:
        """Let go of client and server."""
        try:
            pool = self.client.connection_pool
            if isinstance(pool, SentinelConnectionPool):
                await asyncio.gather(*(each.aclose() for each in pool.sentinel_manager.sentinels))
            await self.client.aclose()
        finally:
            if self._hold:
                self._hold.close()

    async def _answer(self, seconds: float) -> None:
        """Wait so long for a server that is just starting, or cannot be reached for a moment."""
        deadline, said = time.monotonic() + seconds, "no answer"
        while True:
            try:
                async with asyncio.timeout(max(_LOOK_SECONDS, deadline - time.monotonic())):
                    return await check(self.client, self._url)
            except (RedisError, OSError) as error:
                said = one_line(error) if str(error) else said
                if not transient(error) or time.monotonic() + _LOOK_SECONDS > deadline:
                    raise _unreachable(self._url, said) from None
            await asyncio.sleep(_LOOK_SECONDS)


async def _claim(settings: BaseSettings) -> Hold:
    home, port = Path(settings["FORUMCRAWL_HOME"]), settings.getint("EMBEDDED_REDIS_PORT")
    try:
        return await asyncio.to_thread(hold, home, servers=("redis",), redis_port=port)
    except EmbeddedError as error:
        raise RedisUnavailable(str(error)) from error


def _unreachable(url: str, said: str) -> RedisUnavailable:
    return RedisUnavailable(
        f"cannot use the Redis at {redacted(url)} ({said}): "
        "start it, correct REDIS_URL, or unset it to use the embedded server"
    )
