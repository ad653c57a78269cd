"""Posts, and articles, with nearly the same text: each is linked to the earliest of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import eq
from typing import Any, TypeAlias

from pymongo import UpdateMany

from forumcrawl.items import Article, Item, Post
from forumcrawl.storage.groups import ages, firsts
from forumcrawl.storage.lookup import Lookup
from forumcrawl.storage.mongo import Database, Document
from forumcrawl.storage.patience import Patience
from forumcrawl.storage.traces import Pair, Traces
from forumcrawl.text.arabic import words
from forumcrawl.text.sketch import containment, estimated, shingles

Text: TypeAlias = Post | Article

ALIKE = 0.4
"""Containment, each way, from which two texts are nearly the same: two copies edited apart have .45, look-alikes .3."""
_SIGMAS = 3
"""Standard deviations of an estimate within which the texts themselves decide."""
_WHEN = {"posts": "created_at", "articles": "published_at"}
_NAMES = ["near_duplicate_of", "created_at", "published_at"]
_AT_ONCE = 20
"""Texts that one update points to their heads."""
Documents: TypeAlias = dict[str, Document]
"""What is stored of texts, by `_id`."""


class Alike:
    """Links what is nearly the same, as soon as it is durable; whoever comes last finds the others.

    `near_duplicate_of` names the earliest by its own time, whatever the order of arrival; the earliest itself has none.
    Doing it again changes nothing. Nothing is kept in memory.
    """

    def __init__(self, database: Database, patience: Patience, lookup: Lookup, traces: Traces) -> None:
        self._database = database
        self._patience = patience
        self._lookup = lookup
        self._traces = traces

    async def link(self, items: Sequence[Item]) -> list[Text]:
        """Link durable posts and articles to those they are nearly the same as.

        Gives back those that have an earlier, also stored ones of which one of `items` is now known to be the earlier.

        Raises StorageUnavailable when the database stays away.
        """
        linked: list[Text] = []
        for kind in (Post, Article):
            linked += await self._link(kind, {item.key: item for item in items if isinstance(item, kind)})
        return linked

    async def _link(self, kind: type[Text], own: Mapping[str, Text]) -> list[Text]:
        near = await self._traces.like(kind, {key: item.text for key, item in own.items()})
        sure = await self._sure(kind, own, {pair: _verdict(*sketches) for pair, sketches in near.items()})
        if not sure:
            return []
        found = await self._found(kind, {key for pair in sure for key in pair}, _NAMES)
        pairs = [pair for pair in sure if set(pair) <= found.keys()]  # not all that has a trace is stored already
        tied = [(key, head) for pair in pairs for key in pair if (head := _points_to(found, key)) is not None]
        found |= await self._found(kind, {head for _, head in tied} - found.keys(), _NAMES)
        age = ages(found, _WHEN[kind.collection])
        heads = firsts([*pairs, *tied], age)
        later = await self._write(kind.collection, heads, found)
        if kind is Post:
            # Word for word what an earlier one says that has keys.
            copies = (ours for ours, theirs in pairs if age(theirs) < age(ours) and eq(*near[ours, theirs]))
            await self._traces.fold(list(dict.fromkeys(copies)))
        others: Mapping[str, Any] = await self._lookup.items(kind, [key for key in later if key not in own])
        return [*(item for key, item in own.items() if heads.get(key, key) != key), *others.values()]

    async def _found(self, kind: type[Text], keys: Iterable[str], names: list[str]) -> Documents:
        found = await self._lookup.by(kind.collection, "_id", list(keys), names)
        return {each["_id"]: each for each in found}

    async def _sure(
        self, kind: type[Text], own: Mapping[str, Text], verdicts: Mapping[Pair, bool | None]
    ) -> list[Pair]:
        """Those pairs that are nearly the same: of which the sketches cannot tell, by the texts."""
        unsure = [pair for pair, verdict in verdicts.items() if verdict is None]
        stored = await self._found(kind, {theirs for _, theirs in unsure}, ["text"])
        texts = {key: shingles(words(each["text"])) for key, each in stored.items()}
        mine = {ours: shingles(words(own[ours].text)) for ours, _ in unsure}
        told = {(ours, theirs): _is_alike(mine[ours], texts[theirs]) for ours, theirs in unsure if theirs in texts}
        return [pair for pair, verdict in {**verdicts, **told}.items() if verdict]

    async def _write(self, collection: str, heads: Mapping[str, str], found: Documents) -> list[str]:
        """Point each text, and all that point to it, to its head; what points there already is left alone.

        Gives back those that pointed to none before.
        """
        moved = {key: head for key, head in heads.items() if _points_to(found, key) != (None if key == head else head)}
        if not moved:
            return []
        documents = self._database[collection]
        under = {"near_duplicate_of": {"$in": [key for key, head in moved.items() if key != head]}}
        pointed_to = await self._patience.attempt(lambda: documents.distinct("near_duplicate_of", under))
        pointing = list(moved.items())
        operations = [_pointed(dict(pointing[at : at + _AT_ONCE])) for at in range(0, len(pointing), _AT_ONCE)]
        operations += [
            UpdateMany({"near_duplicate_of": key}, {"$set": {"near_duplicate_of": moved[key]}}) for key in pointed_to
        ]
        await self._patience.attempt(lambda: documents.bulk_write(operations))
        return [key for key, head in moved.items() if key != head and not _points_to(found, key)]


def _pointed(heads: Mapping[str, str]) -> UpdateMany:
    """Each text to its head, and a head to none: one update is done sooner than one for each."""
    branches = [
        {"case": {"$eq": ["$_id", key]}, "then": {"$literal": None if key == head else head}}
        for key, head in heads.items()
    ]
    pointed = {"$switch": {"branches": branches, "default": "$near_duplicate_of"}}
    return UpdateMany({"_id": {"$in": list(heads)}}, [{"$set": {"near_duplicate_of": pointed}}])


def _verdict(one: bytes, other: bytes) -> bool | None:
    """Whether two texts are nearly the same by their sketches; None where these cannot tell."""
    both = (estimated(one, other), estimated(other, one))
    if any(each.share + _SIGMAS * each.doubt < ALIKE for each in both):
        return False
    return True if all(each.share - _SIGMAS * each.doubt >= ALIKE for each in both) else None


def _is_alike(one: set[int], other: set[int]) -> bool:
    return min(containment(one, other), containment(other, one)) >= ALIKE


def _points_to(found: Mapping[str, Document], key: str) -> str | None:
    target: str | None = found[key].get("near_duplicate_of") if key in found else None
    return target
