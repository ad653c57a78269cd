"""One batch of items into the collections: load what is stored, decide, write, and again where another was faster."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from typing import TypeAlias

from forumcrawl.items import ImageFile, Item, ThreadRead
from forumcrawl.storage.alike import Alike
from forumcrawl.storage.bulk import Bulk, OnWrite, Operation
from forumcrawl.storage.changes import Verdict, projection
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
from forumcrawl.storage.work import Refused, Work, by_key, by_kind

OnFound: TypeAlias = Callable[[Item, Verdict], None]

_RACE_PAUSE = 0.02  # seconds, times the number of races lost


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
        works = by_key(items, others)
        await self._settle(works, verdicts)
        pictures = [work.key for work in works if work.has_file() and verdicts[work.places[0]] != "rejected"]
        await self._match([items[place] for place in others if verdicts[place] != "rejected"], pictures)
        await self._settle(by_key(items, accounts), verdicts)
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

    async def _settle(self, works: list[Work], verdicts: list[Verdict]) -> None:
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

    async def _load(self, works: list[Work]) -> None:
        async def load(kind: type[Item], group: list[Work]) -> None:
            keys = [work.key for work in group]
            documents = await self._lookup.by(kind.collection, "_id", keys, projection(kind))
            found = {document["_id"]: document for document in documents}
            for work in group:
                work.stored = found.get(work.key)

        await asyncio.gather(*(load(kind, group) for kind, group in by_kind(works)))

    async def _write(self, works: list[Work]) -> list[Work]:
        """Write what `works` change; gives back those that must be decided again."""
        again: list[Work] = []
        for kind, group in by_kind(works):
            operations: list[Operation] = []
            owners: list[Work] = []
            for work in group:
                try:
                    operation = work.decide()
                except Refused as error:
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

    async def _keep_earlier(self, kind: type[Item], works: list[Work]) -> None:
        """The texts that these changes take away are durable before the changes are written."""
        await self._find_out(await self._revising.of(kind, [work.change for work in works if work.change]))

    async def _find_out(self, found: Sequence[Item]) -> None:
        """Store what nobody submitted, and tell of it."""
        verdicts: list[Verdict] = ["unchanged"] * len(found)
        await self._settle(by_key(found, range(len(found))), verdicts)
        for item, verdict in zip(found, verdicts, strict=True):
            self._tell(item, verdict)
