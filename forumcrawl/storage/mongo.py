"""The MongoDB side: a client, and the collections with their validators and indexes as the items declare them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from typing import Any, TypeAlias

from pymongo import AsyncMongoClient, IndexModel
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import ConfigurationError, InvalidName, OperationFailure

from forumcrawl.items import STORED
from forumcrawl.items.base import Stored
from forumcrawl.items.schema import INDEXES, json_schema
from forumcrawl.items.trace import TRACES
from forumcrawl.storage.errors import StorageUnavailable, one_line

Document: TypeAlias = dict[str, Any]
Client: TypeAlias = AsyncMongoClient[Document]
Database: TypeAlias = AsyncDatabase[Document]

_EXISTS = 48  # NamespaceExists
_SELECTION_MS = 2_000  # an operation looks so long for a server; `Patience` tries further
_CONNECT_MS = 10_000
_SOCKET_MS = 60_000  # a large batch on a busy disk takes long; shorter and it would be sent twice
_MAJORITY_MS = 30_000  # waiting for a majority that is gone becomes an error that is tried again


def connect(uri: str, *, selection_ms: int = _SELECTION_MS) -> Client:
    """A client for `uri`; it connects when it is first used.

    Every acknowledged write survives a kill of the server: w="majority" and j=True. One server is its own
    majority, and on the embedded one, which syncs at every commit, a bulk write is no slower for it.
    Raises StorageUnavailable when `uri` is no valid address.
    """
    try:
        return AsyncMongoClient(
            uri,
            appname="forumcrawl",
            tz_aware=True,
            serverSelectionTimeoutMS=selection_ms,
            connectTimeoutMS=_CONNECT_MS,
            socketTimeoutMS=_SOCKET_MS,
            w="majority",
            journal=True,
            wTimeoutMS=_MAJORITY_MS,
        )
    except (ConfigurationError, ValueError, TypeError) as error:
        # The message of such an error may quote the password, so its name alone is told.
        reason = f"MONGODB_URI is not a valid address ({redacted(uri)}): {type(error).__name__}"
        raise StorageUnavailable(reason) from None


def database_of(client: Client, name: str) -> Database:
    """The database of that name. Raises StorageUnavailable when no database can have it."""
    try:
        return client[name]
    except InvalidName as error:
        raise StorageUnavailable(f"MONGODB_DATABASE is {name!r}: {error}") from None


def redacted(uri: str) -> str:
    """An address for messages: without user, password and options, also when it is malformed."""
    scheme = re.match(r"(mongodb(\+srv)?://)?", uri)
    user, at, rest = uri[scheme.end() if scheme else 0 :].rpartition("@")
    hosts = re.sub(r":(?!\d+(?:[,/]|$))[^,/]*", ":***", re.split(r"[?#]", rest)[0])  # "user:password" without a host
    return f"{scheme.group() if scheme else ''}{'***@' if user or at else ''}{hosts}"


async def prepare(database: Database, kinds: Iterable[type[Stored]] = (*STORED, *TRACES)) -> None:
    """Create what is missing of the collections, validators and indexes, and bring old validators up to date.

    Harmless to repeat and when two crawls do it at once; two round trips and one a collection when all is there.
    Raises pymongo's errors.
    """
    existing = {entry["name"]: entry["options"] async for entry in await database.list_collections()}
    await asyncio.gather(*(_prepare_one(database, kind, existing.get(kind.collection)) for kind in kinds))


async def _prepare_one(database: Database, kind: type[Stored], options: Document | None) -> None:
    # Moderate: a document from before a change of the rules can still be updated.
    rules: Document = {"validator": {"$jsonSchema": json_schema(kind)}, "validationLevel": "moderate"}
    if options is None and not await _created(database, kind.collection, rules):
        options = {}
    if options is not None and any(options.get(name) != rule for name, rule in rules.items()):
        await database.command({"collMod": kind.collection, **rules})
    await _index(database, kind.collection)


async def _created(database: Database, name: str, rules: Document) -> bool:
    try:
        await database.create_collection(name, check_exists=False, **rules)
    except OperationFailure as error:
        if error.code != _EXISTS:
            raise
        return False
    return True


async def _index(database: Database, name: str) -> None:
    """Compared by fields, not by name: an operator's own index of the same fields will do."""
    declared = INDEXES.get(name, ())
    if not declared:
        return
    present = {tuple(index["key"].items()) async for index in await database[name].list_indexes()}
    missing = [IndexModel(list(index)) for index in declared if index not in present]
    if missing:
        await database[name].create_indexes(missing)


def unreachable(uri: str, error: BaseException) -> StorageUnavailable:
    """The error for a database that does not answer when a command starts."""
    return StorageUnavailable(
        f"cannot use the MongoDB at {redacted(uri)} ({one_line(error)}): "
        "start it, correct MONGODB_URI, or unset it to use the embedded server"
    )
