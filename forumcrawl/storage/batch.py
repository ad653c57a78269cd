"""One batch of items into the collections: load what is stored, decide, write, and again where another was faster."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import bson
from bson.errors import BSONError
from bson.raw_bson import RawBSONDocument
from pymongo import InsertOne, UpdateOne

from forumcrawl.items import ImageFile, Item, Rejected, ThreadRead
from forumcrawl.items.rejection import rejection
from forumcrawl.items.validate import MAX_DOCUMENT
from forumcrawl.storage.alike import Alike
from forumcrawl.storage.bulk import Bulk, OnWrite, Operation
from forumcrawl.storage.changes import Change, Document, Verdict, change, projection
from forumcrawl.storage.errors import RACES, StorageUnavailable, explained, lost_race
from forumcrawl.storage.likeness import Likeness
from forumcrawl.storage.lookup import Lookup
from forumcrawl.storage.matching import Matching
from forumcrawl.storage.mongo import Database
from forumcrawl.storage.patience import Patience
from forumcrawl.storage.picturing import Picturing
from forumcrawl.storage.revising import Revising
from forumcrawl.storage.seen import Seen
from forumcrawl.storage.traces import Traces

OnFound: TypeAlias = Callable[[Item, Verdict], None]

_RACE_PAUSE = 0.02  # seconds, times the number of races lost


class _Refused(Exception):
    """No server takes this document, whatever it holds now."""


@dataclass(kw_only=True, slots=True)
class _Work:
    """The items of one key, in order, and what becomes of them."""

    kind: type[Item]
    key: str
    items: list[Item]
    places: list[int]
    """Where in the batch each of `items` stands."""
    stored: Document | None = None
    change: Change | None = None

    def decide(self) -> Change:
        if self.change and self.change.is_stored(self.stored):
            self.change = replace(self.change, insert=None, update=None, mark=None)
        else:
            self.change = change(self.stored, self.items)
        return self.change

    def verdicts(self) -> list[Verdict]:
        """One a place; a `Rejected` item speaks for all items that it stands for."""
        if self.kind is Rejected or self.change is None:
            return ["rejected"] * len(self.places)
        return self.change.verdicts

    def has_file(self) -> bool:
        """Whether this is a picture whose file was stored, by this batch or before."""
        said = (item.sha256 for item in self.items if isinstance(item, ImageFile))
        return self.kind is ImageFile and (any(said) or bool(self.stored and self.stored.get("sha256")))

    def rejected(self, field: str | None, reason: str) -> _Work:
        if self.kind is Rejected:
            raise StorageUnavailable(f"the database refuses even the record of a rejected item: {reason}")
        record = rejection(self.items[-1], field, reason)
        return _Work(kind=Rejected, key=record.key, items=[record], places=self.places)


class Batches:
    """Stores batches of items, each batch durable before `store` returns.

    Safe beside other writers of the same database: what was decided from an old state of a document is not
    written over a newer one, but decided again. `on_write` hears of each bulk write: operations and seconds;
    `on_found` of each item that was not submitted but found, such as a citation.
    """

    def __init__(
        self, database: Database, patience: Patience, on_write: OnWrite | None = None, on_found: OnFound | None = None
    ) -> None:
        self._on_found = on_found
        self._bulk = Bulk(database, patience, on_write)
        self._lookup = Lookup(database, patience)
        given = (database, patience, self._lookup)
        self._traces = Traces(*given)
        self._matching = Matching(self._lookup, self._traces)
        self._alike = Alike(*given, self._traces)
        self._picturing = Picturing(*given)
        self._likeness = Likeness(*given)
        self._revising = Revising(*given)
        self._seen = Seen()

    async def store(self, items: Sequence[Item]) -> list[Verdict]:
        """A verdict for each item, as if they had been stored one after the other.

        What posts and articles have to do with each other is looked up when they are durable, and stored too. What was
        read of a thread (`ThreadRead`) is stored after all else is durable. Raises StorageUnavailable;
        part of the batch may be stored then.
        """
        verdicts: list[Verdict] = ["unchanged"] * len(items)
        fresh = [place for place, item in enumerate(items) if not self._seen.has(item)]
        accounts = [place for place in fresh if isinstance(items[place], ThreadRead)]
        others = [place for place in fresh if not isinstance(items[place], ThreadRead)]
        works = _by_key(items, others)
        await self._settle(works, verdicts)
        pictures = [work.key for work in works if work.has_file() and verdicts[work.places[0]] != "rejected"]
        await self._match([items[place] for place in others if verdicts[place] != "rejected"], pictures)
        await self._settle(_by_key(items, accounts), verdicts)
        for place in fresh:
            if verdicts[place] != "rejected":
                self._seen.add(items[place])
        return verdicts

    async def _match(self, durable: list[Item], pictures: list[str]) -> None:
        # Read when they are durable, not as they were decided: of two writers the last one finds the other.
        files = await self._lookup.by(ImageFile.collection, "_id", pictures, None)
        await self._likeness.group(files)
        await self._picturing.refer(durable, files)
        for text in await self._alike.link(durable):
            self._tell(text, "duplicate")
        found = await self._matching.of(durable)
        for item in found:
            item.fetched_at, item.run_id = durable[0].fetched_at, durable[0].run_id
        await self._find_out(found)

    def _tell(self, item: Item, verdict: Verdict) -> None:
        if self._on_found:
            self._on_found(item, verdict)

    async def _settle(self, works: list[_Work], verdicts: list[Verdict]) -> None:
        for race in range(RACES):
            if not works:
                return
            await asyncio.sleep(race * _RACE_PAUSE * random.random())
            await self._load(works)
            again = await self._write(works)
            for work in works:
                for place, verdict in zip(work.places, work.verdicts(), strict=True):
                    verdicts[place] = verdict
            works = again
        raise StorageUnavailable(f"{works[0].kind.collection} {works[0].key}: {RACES} times another write came first")

    async def _load(self, works: list[_Work]) -> None:
        async def load(kind: type[Item], group: list[_Work]) -> None:
            keys = [work.key for work in group]
            documents = await self._lookup.by(kind.collection, "_id", keys, projection(kind))
            found = {document["_id"]: document for document in documents}
            for work in group:
                work.stored = found.get(work.key)

        await asyncio.gather(*(load(kind, group) for kind, group in _by_kind(works)))

    async def _write(self, works: list[_Work]) -> list[_Work]:
        """Write what `works` change; gives back those that must be decided again."""
        again: list[_Work] = []
        for kind, group in _by_kind(works):
            operations: list[Operation] = []
            owners: list[_Work] = []
            for work in group:
                try:
                    operation = _operation(work.decide())
                except (_Refused, BSONError, OverflowError, UnicodeError) as error:
                    again.append(work.rejected(None, str(error)))
                    continue
                if operation is not None:
                    operations.append(operation)
                    owners.append(work)
            await self._keep_earlier(kind, owners)
            await self._traces.keep(kind, [(work.change, work.stored) for work in owners if work.change])
            errors = await self._bulk.write(kind.collection, operations)
            for index, entry in errors.items():
                work = owners[index]
                again.append(work if lost_race(entry) else work.rejected(*explained(entry)))
        return again

    async def _keep_earlier(self, kind: type[Item], works: list[_Work]) -> None:
        """The texts that these changes take away are durable before the changes are written."""
        await self._find_out(await self._revising.of(kind, [work.change for work in works if work.change]))

    async def _find_out(self, found: Sequence[Item]) -> None:
        """Store what nobody submitted, and tell of it."""
        verdicts: list[Verdict] = ["unchanged"] * len(found)
        await self._settle(_by_key(found, range(len(found))), verdicts)
        for item, verdict in zip(found, verdicts, strict=True):
            self._tell(item, verdict)


def _operation(change: Change) -> Operation | None:
    """Documents are encoded one by one here, so that one that cannot be does not stop the others."""
    if change.insert is not None:
        return InsertOne(_encoded(change.insert))
    if change.update is None:
        return None
    update = {name: _encoded(fields) for name, fields in change.update.items()}
    return UpdateOne({"_id": change.key, "content_hash": change.guard}, update, upsert=change.mark is not None)


def _encoded(document: Document) -> RawBSONDocument:
    data = bson.encode(document)
    if len(data) > MAX_DOCUMENT:
        raise _Refused(f"takes {len(data)} bytes, MongoDB holds {MAX_DOCUMENT} at most")
    return RawBSONDocument(data)


def _by_key(items: Sequence[Item], places: Iterable[int]) -> list[_Work]:
    works: dict[tuple[type[Item], str], _Work] = {}
    for place in places:
        item = items[place]
        kind: type[Item] = type(item)
        key = item.key
        work = works.get((kind, key))
        if work is None:
            work = works[kind, key] = _Work(kind=kind, key=key, items=[], places=[])
        work.items.append(item)
        work.places.append(place)
    return list(works.values())


def _by_kind(works: list[_Work]) -> Iterator[tuple[type[Item], list[_Work]]]:
    """Pictures last: who stores the file of one finds all that show it, and tells them."""
    groups: dict[type[Item], list[_Work]] = {}
    for work in works:
        groups.setdefault(work.kind, []).append(work)
    yield from sorted(groups.items(), key=lambda group: group[0] is ImageFile)
