"""Posts, and articles, with nearly the same text: each is linked to the earliest of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias

from pymongo import UpdateMany

from forumcrawl.items import Article, Item, Post
from forumcrawl.storage.groups import firsts
from forumcrawl.storage.lookup import Lookup, owners_of
from forumcrawl.storage.mongo import Database, Document
from forumcrawl.storage.patience import Patience
from forumcrawl.text.arabic import words
from forumcrawl.text.sketch import WIDTH, containment, estimated, shingles

Text: TypeAlias = Post | Article

ALIKE = 0.4
"""Containment, each way, from which two texts are nearly the same: two copies edited apart have .45, look-alikes .3."""
_UNSURE = (0.25, 0.75)
"""Estimates between which the texts themselves decide."""
_LEAST_SKETCH = 24
"""A sketch of fewer shingles is too rough an estimate: the texts decide."""
_KINDS: dict[str, type[Item]] = {kind.collection: kind for kind in (Post, Article)}
_WHEN = {"posts": "created_at", "articles": "published_at"}
_NAMES = ["keys", "sketch", "near_duplicate_of", "created_at", "published_at"]
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


class Alike:
    """Links what is nearly the same, as soon as it is durable; whoever comes last finds the others.

    `near_duplicate_of` names the earliest by its own time, whatever the order of arrival; the earliest itself has none.
    Doing it again changes nothing. Nothing is kept in memory.
    """

    def __init__(self, database: Database, patience: Patience) -> None:
        self._database = database
        self._patience = patience
        self._lookup = Lookup(database, patience)

    async def link(self, items: Sequence[Item]) -> list[Text]:
        """Link durable posts and articles to those they are nearly the same as.

        Gives back those that have an earlier, also stored ones of which one of `items` is now known to be the earlier.

        Raises StorageUnavailable when the database stays away.
        """
        linked: list[Text] = []
        for kind in (Post, Article):
            own = {item.key: item for item in items if isinstance(item, kind) and item.keys}
            linked += await self._link(kind.collection, own)
        return linked

    async def _link(self, collection: str, own: Mapping[str, Text]) -> list[Text]:
        keys = list(dict.fromkeys(key for item in own.values() for key in item.keys or ()))
        # Only the earliest of each group and what is in none: a text that was copied a thousand times is one of them.
        heads_only = {"near_duplicate_of": None}
        found = {each["_id"]: each for each in await self._lookup.by(collection, "keys", keys, _NAMES, heads_only)}
        pairs = await self._pairs(collection, own, found)
        if not pairs:
            return []
        tied = [ours for ours, _ in pairs if ours not in found]
        found |= {each["_id"]: each for each in await self._lookup.by(collection, "_id", tied, _NAMES)}
        heads = _heads(pairs, found, _WHEN[collection])
        await self._write(collection, heads, found)
        later = [key for key, head in heads.items() if key != head and key not in own and not _points_to(found, key)]
        stored: Mapping[str, Any] = await self._lookup.items(_KINDS[collection], later)
        return [*(item for key, item in own.items() if heads.get(key, key) != key), *stored.values()]

    async def _pairs(
        self, collection: str, own: Mapping[str, Text], found: Mapping[str, Document]
    ) -> list[tuple[str, str]]:
        """Pairs of `_id`s that are nearly the same, ours first."""
        owners = owners_of((key, item.keys or ()) for key, item in own.items())
        candidates = dict.fromkeys(
            (ours, theirs)
            for theirs, document in found.items()
            for each in document["keys"]
            for ours in owners.get(each, ())
            if ours != theirs
        )
        verdicts = {
            pair: _verdict(own[pair[0]].sketch or b"", found[pair[1]].get("sketch") or b"") for pair in candidates
        }
        unsure = [pair for pair, verdict in verdicts.items() if verdict is None]
        others = await self._lookup.by(collection, "_id", list({theirs for _, theirs in unsure}), ["text"])
        texts = {each["_id"]: shingles(words(each["text"])) for each in others}
        mine = {ours: shingles(words(own[ours].text)) for ours, _ in unsure}
        for ours, theirs in unsure:
            verdicts[ours, theirs] = _is_alike(mine[ours], texts.get(theirs, set()))
        return [pair for pair, verdict in verdicts.items() if verdict]

    async def _write(self, collection: str, heads: Mapping[str, str], found: Mapping[str, Document]) -> None:
        """Point each text, and all that point to it, to its head; what points there already is left alone."""
        moved = {key: head for key, head in heads.items() if _points_to(found, key) != (None if key == head else head)}
        if not moved:
            return
        documents = self._database[collection]
        under = {"near_duplicate_of": {"$in": [key for key, head in moved.items() if key != head]}}
        pointed_to = await self._patience.attempt(lambda: documents.distinct("near_duplicate_of", under))
        operations = [
            UpdateMany({"_id": key}, {"$set": {"near_duplicate_of": None if key == head else head}})
            for key, head in moved.items()
        ]
        operations += [
            UpdateMany({"near_duplicate_of": key}, {"$set": {"near_duplicate_of": moved[key]}}) for key in pointed_to
        ]
        await self._patience.attempt(lambda: documents.bulk_write(operations))


def _verdict(one: bytes, other: bytes) -> bool | None:
    """Whether two texts are nearly the same by their sketches; None where these cannot tell."""
    share = min(estimated(one, other), estimated(other, one))
    if min(len(one), len(other)) < _LEAST_SKETCH * WIDTH or _UNSURE[0] < share < _UNSURE[1]:
        return None
    return share >= ALIKE


def _is_alike(one: set[int], other: set[int]) -> bool:
    return min(containment(one, other), containment(other, one)) >= ALIKE


def _points_to(found: Mapping[str, Document], key: str) -> str | None:
    target: str | None = found[key].get("near_duplicate_of") if key in found else None
    return target


def _heads(pairs: Iterable[tuple[str, str]], found: Mapping[str, Document], when: str) -> dict[str, str]:
    """The earliest of each group, for all in it: what the pairs tie, and what these are tied to already."""

    def age(key: str) -> tuple[datetime, str]:
        return (found[key].get(when) if key in found else None) or _NEVER, key

    return firsts(pairs, age)
