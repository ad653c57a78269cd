"""The embedded servers as their users meet them: real processes, killed in every way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, Protocol

from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.write_concern import WriteConcern
from redis import Redis

from forumcrawl.storage.embedded import Hold


class Numbers(Protocol):
    """A set of numbers on a server."""

    def put(self, number: int) -> None:
        """Returns when the number survives a kill of the server."""

    def count(self) -> int: ...


class MongoNumbers:
    def __init__(self, collection: Collection[dict[str, Any]]) -> None:
        self._collection = collection.with_options(write_concern=WriteConcern(w=1, j=True))

    def put(self, number: int) -> None:
        self._collection.insert_one({"_id": number})

    def count(self) -> int:
        return self._collection.count_documents({})


class RedisNumbers:
    def __init__(self, client: Redis) -> None:
        self._client = client

    def put(self, number: int) -> None:
        assert self._client.sadd("numbers", number) == 1
        assert self._client.waitaof(1, 0, 5000)[0] == 1  # a reply alone may be up to a second ahead of the disk

    def count(self) -> int:
        return int(self._client.scard("numbers"))


@contextmanager
def numbers(held: Hold, server: str = "mongodb") -> Iterator[Numbers]:
    """The numbers on one of the servers that are held."""
    if server == "redis":
        with Redis.from_url(held.redis_url, socket_timeout=10) as redis:
            yield RedisNumbers(redis)
    else:
        with closing(MongoClient[dict[str, Any]](held.mongodb_uri, serverSelectionTimeoutMS=5000)) as client:
            yield MongoNumbers(client.forumcrawl.numbers)


def address(held: Hold, server: str) -> str:
    return held.redis_url if server == "redis" else held.mongodb_uri
