"""Pictures that are the same: by their bytes, by their source's UUID, or because they look alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TypeAlias

from pymongo import UpdateMany, UpdateOne

from forumcrawl.items import ImageFile
from forumcrawl.media.dhash import NEAR, bands, distance, keys_near
from forumcrawl.storage.groups import ages, firsts
from forumcrawl.storage.lookup import BY_KEY, Lookup, listed, owners_of
from forumcrawl.storage.mongo import Database, Document
from forumcrawl.storage.patience import Patience

_IMAGES = ImageFile.collection
_NAMES = ["sha256", "source_uuid", "dhash", "dhash_keys", "same_as", "first_seen_at"]
# A picture that was copied a thousand times is one of them.
_COMPARED: Document = {"compared": {"$ne": False}}  # one plain condition: with $or the embedded server scans
Pair: TypeAlias = tuple[str, str, Document]
"""`_id` of ours, of another that is the same, and that one."""
_EQUAL = ("sha256", "source_uuid")
_SOME = 20
_SURE = 2
"""Bits that may differ in what is all but the same."""
_ROUNDS = 8


class Likeness:
    """Assigns each stored picture to its group, as soon as it is durable; whoever comes last finds the others.

    `same_as` names the earliest of the group that was stored, also in that one itself. By appearance a picture is
    compared with the earliest of each group, and with those of the group that do not look like it (`compared`). Doing
    it again changes nothing; nothing is kept in memory.
    """

    def __init__(self, database: Database, patience: Patience, lookup: Lookup) -> None:
        self._images = database[_IMAGES]
        self._patience = patience
        self._lookup = lookup

    async def group(self, stored: Iterable[Document]) -> None:
        """Find the groups of those stored pictures that are in none. Raises StorageUnavailable."""
        own = {each["_id"]: each for each in stored if each.get("sha256") and each.get("same_as") is None}
        if not own:
            return
        found, pairs = dict(own), [(key, key) for key in own]
        left: Mapping[str, Document] = own
        while left:  # also for what others have stored and not yet assigned: a crawl may have died there
            near = await self._equal(left)
            known = {ours for ours, _, each in near if each.get("same_as") and _is_copy(left[ours], each)}
            near += await self._alike({key: each for key, each in left.items() if key not in known})
            left = {key: each for _, key, each in near if key not in found and each.get("same_as") is None}
            own |= left
            found = {**{key: each for _, key, each in near}, **found}
            pairs += [(ours, key) for ours, key, _ in near]
        heads = await self._firsts(pairs, found)
        differing = {key for key in own if key == heads[key] or not _looks_like(own[key], found.get(heads[key], {}))}
        await self._write(heads, {key: key in differing for key in own})

    async def _equal(self, own: Mapping[str, Document]) -> list[Pair]:
        """Stored pictures with the bytes or the UUID of ours."""
        pairs: list[Pair] = []
        for field in _EQUAL:
            documents = await self._having(field, [each[field] for each in own.values() if each.get(field)])
            owners = owners_of((key, [each.get(field)]) for key, each in own.items())
            pairs += [(ours, each["_id"], each) for each in documents for ours in owners.get(each[field], ())]
        return pairs

    async def _alike(self, own: Mapping[str, Document]) -> list[Pair]:
        """Stored pictures that look like ours. What is all but the same as one of them need not be told from others:
        that one was."""
        hashes = {key: each["dhash"] for key, each in own.items() if each.get("dhash") is not None}
        pairs = await self._near(hashes, bands)
        sure = {ours for ours, key, each in pairs if key != ours and distance(hashes[ours], each["dhash"]) <= _SURE}
        left = {key: dhash for key, dhash in hashes.items() if key not in sure}
        return pairs + await self._near(left, partial(keys_near, most=NEAR))

    async def _near(self, hashes: Mapping[str, int], keys: Callable[[int], list[int]]) -> list[Pair]:
        """Those that have one of the index keys of ours."""
        owners = owners_of((key, keys(dhash)) for key, dhash in hashes.items())
        pairs: list[Pair] = []
        for each in await self._lookup.by(_IMAGES, "dhash_keys", list(owners), _NAMES, _COMPARED):
            candidates = {ours for key in each["dhash_keys"] for ours in owners.get(key, ())}
            near = (ours for ours in candidates if each["sha256"] and distance(hashes[ours], each["dhash"]) <= NEAR)
            pairs += [(ours, each["_id"], each) for ours in near]
        return pairs

    async def _having(self, field: str, values: Sequence[str]) -> list[Document]:
        """Stored pictures with equal values, some of each value: all of a value that are in a group are in one."""
        found: dict[str, Document] = {}
        for value in dict.fromkeys(values):
            some = self._images.find({field: value}, _NAMES).limit(_SOME)
            same = await listed(self._patience, some)
            found |= {each["_id"]: each for each in same if each.get("sha256")}
        return list(found.values())

    async def _firsts(self, pairs: list[tuple[str, str]], found: dict[str, Document]) -> dict[str, str]:
        """The first of each group that `pairs` make of pictures and the groups they are in."""
        pairs += [(key, each["same_as"]) for key, each in found.items() if each.get("same_as")]
        others = list({first for _, first in pairs} - set(found))
        found |= {each["_id"]: each for each in await self._lookup.by(_IMAGES, "_id", others, _NAMES)}
        return firsts(pairs, ages(found, "first_seen_at"))

    async def like(self, dhash: int, most: int = NEAR) -> list[tuple[int, str]]:
        """All stored pictures whose difference hash differs in at most `most` bits: (distance, `_id`), nearest first.

        Only documents that share an index key with it are read. Raises ValueError where `most` is more than keys can
        promise, and StorageUnavailable.
        """
        keys, found = keys_near(dhash, most), dict[str, int]()
        for start in range(0, len(keys), BY_KEY):
            near = self._images.find({"dhash_keys": {"$in": keys[start : start + BY_KEY]}}, ["dhash", "sha256"])
            for each in await listed(self._patience, near):
                if each["sha256"]:
                    found[each["_id"]] = distance(dhash, each["dhash"])
        return sorted((apart, key) for key, apart in found.items() if apart <= most)

    async def _write(self, heads: Mapping[str, str], compared: Mapping[str, bool]) -> None:
        """Assign pictures, and all that are assigned to them, to their first; and note which are `compared`.

        Another writer may have found an earlier one meanwhile: then that is the first of them.
        """
        flags = {key: {"compared": value} for key, value in compared.items()}
        for _ in range(_ROUNDS):
            operations: list[UpdateOne | UpdateMany] = [
                UpdateOne({"_id": key}, {"$set": {"same_as": head} | flags.get(key, {})}) for key, head in heads.items()
            ]
            operations += [
                UpdateMany({"same_as": key}, {"$set": {"same_as": head}}) for key, head in heads.items() if key != head
            ]
            await self._patience.attempt(partial(self._images.bulk_write, operations))
            stored = await self._lookup.by(_IMAGES, "_id", list(dict.fromkeys(heads.values())), ["same_as"])
            heads = {each["_id"]: each["same_as"] for each in stored if each["same_as"] != each["_id"]}
            if not heads:
                return


def _looks_like(one: Document, other: Document) -> bool:
    """Whether two pictures look alike, or the first has no appearance."""
    ours, theirs = one.get("dhash"), other.get("dhash")
    return ours is None or (theirs is not None and distance(ours, theirs) <= NEAR)


def _is_copy(one: Document, other: Document) -> bool:
    return all(one.get(name) == other.get(name) for name in ("sha256", "dhash"))
