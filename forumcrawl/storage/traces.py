"""What texts and pictures are found by: written before what they are of, and asked for a page of texts at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any, TypeAlias

from pymongo import InsertOne, ReplaceOne

from forumcrawl.items import Article, Item, Post
from forumcrawl.items.document import to_document
from forumcrawl.items.trace import ArticleTrace, PostTrace, Trace
from forumcrawl.storage.bulk import Bulk
from forumcrawl.storage.changes import Change
from forumcrawl.storage.common import too_common
from forumcrawl.storage.errors import lost_race
from forumcrawl.storage.groups import age_of
from forumcrawl.storage.lookup import Lookup, at_once, listed
from forumcrawl.storage.mongo import Database, Document
from forumcrawl.storage.patience import Patience
from forumcrawl.text.sketch import sketch_of

Keys: TypeAlias = Mapping[str, Sequence[int]]
"""Index keys by the `_id` of what has them."""
Found: TypeAlias = dict[str, dict[str, bytes]]
"""By `_id` of ours, the sketches of those that share a key with it, by `_id`."""
Pair: TypeAlias = tuple[str, str]
"""`_id`s of two texts, ours first."""

_OF: dict[type[Item], type[Trace]] = {Post: PostTrace, Article: ArticleTrace}
_TEXTS = 20
"""Texts asked for at once."""
_MOST = 400
"""Traces that one text is answered with at the most."""


class Traces:
    """Of posts and of articles. What is stored has a trace: one without the other is harmless the other way round."""

    def __init__(self, database: Database, patience: Patience, lookup: Lookup) -> None:
        self._database = database
        self._patience = patience
        self._bulk = Bulk(database, patience)
        self._lookup = lookup

    async def keep(self, kind: type[Item], changes: Iterable[tuple[Change, Document | None]]) -> None:
        """Store the traces of what is about to be written, each change with the document that it changes.

        Raises StorageUnavailable when the database stays away.
        """
        if kind not in _OF:
            return
        fresh: list[Document] = []
        moved: list[Document] = []
        for change, stored in changes:
            if change.mark is not None:
                told = change.insert or {**(stored or {}), **(change.update or {}).get("$set", {})}
                (moved if stored else fresh).append({**told, "_id": change.key})
        if kind is Post:
            fresh.sort(key=lambda post: age_of(post["_id"], post["created_at"]))
        twice = await self._insert(kind, _folded(kind, [trace_of(kind, each) for each in fresh]))
        await self._replace(kind, twice + [to_document(trace_of(kind, each)) for each in moved])

    async def like(self, kind: type[Item], texts: Mapping[str, str]) -> dict[Pair, tuple[bytes, bytes]]:
        """The sketches of ours and theirs, by pair, of these texts and those stored ones that share a key with them.

        Raises as `sharing` does.
        """
        own = {ours: sketch_of(text) for ours, text in texts.items()}
        found = await self.sharing(kind, {ours: each.keys for ours, each in own.items()})
        return {
            (ours, theirs): (own[ours].sketch, sketch) for ours, row in found.items() for theirs, sketch in row.items()
        }

    async def sharing(self, kind: type[Item], keys: Keys) -> Found:
        """The stored traces that share a key with these texts; a key that too many share (`storage.common`) tells
        nothing. Raises StorageUnavailable when the database stays away."""
        found: Found = {}
        name = _OF[kind].collection
        common, place = self._lookup.common, f"{name} keys"
        told = {ours: await common.without(place, each) for ours, each in keys.items() if each}
        left = {ours: each for ours, each in told.items() if each}
        while left:
            texts = list(left.items())
            parts = [dict(texts[start : start + _TEXTS]) for start in range(0, len(texts), _TEXTS)]
            rows = dict(chain.from_iterable(each.items() for each in await at_once(partial(self._ask, name), parts)))
            crowded = {key for ours, row in rows.items() for key in too_common(name, "keys", left[ours], row)}
            if crowded:
                await common.add(place, crowded)
            again = {ours: rest for ours in rows if len(rest := _without(left[ours], crowded)) < len(left[ours])}
            found |= {ours: _sketches(ours, row) for ours, row in rows.items() if ours not in again}
            left = {ours: each for ours, each in again.items() if each}
        return found

    async def showing(self, kind: type[Item], pictures: Iterable[str]) -> list[Document]:
        """The stored traces that have one of these `pictures`. Raises as `sharing` does."""
        return await self._lookup.by(_OF[kind].collection, "pictures", list(dict.fromkeys(pictures)), ["pictures"])

    async def fold(self, posts: Sequence[str]) -> None:
        """These posts are found by those they are copies of, word for word, and by their own keys no more."""
        if posts:
            traces = self._database[PostTrace.collection]
            await self._patience.attempt(
                lambda: traces.update_many({"_id": {"$in": list(posts)}}, {"$set": {"keys": []}})
            )

    async def _unfold(self, posts: Sequence[str]) -> None:
        """These posts lose their text: of those that had given their keys up for one, the earliest is found by them."""
        for post in posts:
            under = self._database[Post.collection].find({"near_duplicate_of": post}, ["text", "created_at"])
            copies = await listed(self._patience, under.limit(_MOST))
            kept = await self._lookup.by(PostTrace.collection, "_id", [each["_id"] for each in copies], None)
            folded = {each["_id"]: each for each in kept if not each["keys"] and each["sketch"]}
            copies.sort(key=lambda each: age_of(each["_id"], each["created_at"]))
            if first := next((each for each in copies if each["_id"] in folded), None):
                keys = list(sketch_of(first["text"]).keys)
                trace = {**folded[first["_id"]], "keys": keys}
                await self._bulk.write(PostTrace.collection, [ReplaceOne({"_id": first["_id"]}, trace)])

    async def _ask(self, name: str, keys: Keys) -> dict[str, list[Document]]:
        """One question for all: on the embedded server a document is compared with all keys of a question, in turn.

        What `$lookup` finds is bounded by the keys being no common ones; a pipeline in it takes twice the time.
        """
        pipeline: list[dict[str, Any]] = [
            {"$documents": [{"_id": ours, "keys": list(each)} for ours, each in keys.items()]},
            {"$lookup": {"from": name, "localField": "keys", "foreignField": "keys", "as": "found"}},
            {"$project": {"found": {"$slice": ["$found", _MOST]}}},
        ]

        async def attempt() -> list[Document]:
            return await (await self._database.aggregate(pipeline)).to_list()

        return {row["_id"]: row["found"] for row in await self._patience.attempt(attempt)}

    async def _insert(self, kind: type[Item], traces: Sequence[Document]) -> list[Document]:
        """Those of `traces` that were there before, left by a crawl that died or by another writer."""
        errors = await self._bulk.write(_OF[kind].collection, [InsertOne(each) for each in traces])
        return [traces[index] for index, error in errors.items() if lost_race(error)]

    async def _replace(self, kind: type[Item], traces: Sequence[Document]) -> None:
        """Write what is not stored as it is."""
        name = _OF[kind].collection
        known = {
            each["_id"]: each for each in await self._lookup.by(name, "_id", [each["_id"] for each in traces], None)
        }
        other = [each for each in traces if known.get(each["_id"]) != each]
        if kind is Post:
            await self._unfold([each["_id"] for each in other if known.get(each["_id"], {}).get("keys")])
        await self._bulk.write(name, [ReplaceOne({"_id": each["_id"]}, each, upsert=True) for each in other])


def trace_of(kind: type[Item], document: Mapping[str, Any]) -> Trace:
    """Of the document of a post or an article."""
    found = sketch_of(document.get("text") or "")
    shown = dict.fromkeys(uuid for each in document.get("images") or () if (uuid := each.get("source_uuid")))
    return _OF[kind](item=document["_id"], keys=list(found.keys), sketch=found.sketch, pictures=list(shown))


def _folded(kind: type[Item], traces: Sequence[Trace]) -> list[Document]:
    """As documents; of posts with the same text the first alone has keys."""
    seen = set[tuple[tuple[int, ...], bytes]]()
    for each in traces if kind is Post else ():
        text = (tuple(each.keys), each.sketch)
        if text in seen:
            each.keys = []
        seen.add(text)
    return [to_document(each) for each in traces]


def _without(keys: Sequence[int], common: set[int]) -> list[int]:
    return [key for key in keys if key not in common]


def _sketches(ours: str, row: Iterable[Document]) -> dict[str, bytes]:
    return {each["_id"]: each["sketch"] for each in row if each["_id"] != ours}
