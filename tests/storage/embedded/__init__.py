"""The embedded servers as their users meet them: real processes, killed in every way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.write_concern import WriteConcern

from forumcrawl.storage.embedded import Hold


@contextmanager
def numbers(held: Hold) -> Iterator[Collection[dict[str, Any]]]:
    with closing(MongoClient[dict[str, Any]](held.mongodb_uri, serverSelectionTimeoutMS=5000)) as client:
        yield client.forumcrawl.get_collection("numbers", write_concern=WriteConcern(w=1, j=True))
