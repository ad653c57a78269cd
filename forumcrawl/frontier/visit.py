"""A command's time with Redis: a session, and its steps one after another."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, TypeVar

from redis.asyncio import Redis
from redis.exceptions import RedisError
from scrapy.settings import BaseSettings

from forumcrawl.storage.redis import RedisSession, RedisUnavailable

T = TypeVar("T")


class Visit:
    """`with Visit(settings) as visit: visit.run(step(visit.client))`; raises RedisUnavailable where there is no Redis.

    Between two steps no event loop runs, so that a question to the user can be broken off.
    """

    def __init__(self, settings: BaseSettings) -> None:
        self._settings = settings
        self._runner = asyncio.Runner()
        self._session: RedisSession | None = None

    def __enter__(self) -> Visit:
        try:
            self._session = self.run(RedisSession.open(self._settings))
        except BaseException:
            self._runner.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.run(self._opened.close())
        finally:
            self._runner.close()

    @property
    def client(self) -> Redis:
        """For the steps."""
        return self._opened.client

    @property
    def address(self) -> str:
        """Of the server, fit to be shown."""
        return self._opened.address

    def run(self, step: Coroutine[Any, Any, T]) -> T:
        """What a step gives. Raises RedisUnavailable, with one line, when the server fails it."""
        try:
            return self._runner.run(step)
        except (RedisError, OSError) as error:
            said = " ".join(str(error).split())
            raise RedisUnavailable(f"Redis failed: {type(error).__name__}: {said}") from error

    @property
    def _opened(self) -> RedisSession:
        assert self._session, "used inside `with`"
        return self._session
