"""Posts, articles and members refer to the files of the pictures they show, as soon as both are durable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pymongo import UpdateOne

from forumcrawl.items import Article, ImageFile, Item, Member, Post
from forumcrawl.storage.lookup import Lookup
from forumcrawl.storage.mongo import Database, Document
from forumcrawl.storage.patience import Patience
from forumcrawl.text.urls import canonical

_LISTS = ("images", "attachments")
_NAMES = [*(f"{name}.{field}" for name in _LISTS for field in ("url", "sha256")), "avatar_url", "avatar_sha256"]


class Picturing:
    """Writes the hash of a stored file into all that show it; doing it again changes nothing."""

    def __init__(self, database: Database, patience: Patience, lookup: Lookup) -> None:
        self._database = database
        self._patience = patience
        self._lookup = lookup

    async def refer(self, items: Sequence[Item], stored: Iterable[Document]) -> None:
        """Tell posts, articles and members of durable `ImageFile`s, as they are stored, which file their pictures are.

        Raises StorageUnavailable when the database stays away.
        """
        hashes = _hashes(_by_key(items), stored)
        for kind in (Post, Article, Member):
            keys = [key for key in hashes if _kind_of(key) is kind]
            showing = await self._lookup.by(kind.collection, "_id", keys, _NAMES)
            updates = [update for shown_in in showing for update in _references(shown_in, hashes[shown_in["_id"]])]
            if updates:
                await self._write(kind.collection, updates)

    async def _write(self, collection: str, updates: list[UpdateOne]) -> None:
        await self._patience.attempt(lambda: self._database[collection].bulk_write(updates, ordered=False))


def _by_key(items: Sequence[Item]) -> dict[str, list[ImageFile]]:
    """A batch may name a picture more than once, for different posts."""
    given: dict[str, list[ImageFile]] = {}
    for item in items:
        if isinstance(item, ImageFile):
            given.setdefault(item.key, []).append(item)
    return given


def _hashes(given: Mapping[str, list[ImageFile]], stored: Iterable[Document]) -> dict[str, dict[str, str]]:
    """By `_id` of what is to be told: the hashes of its pictures, by their `_id`."""
    hashes: dict[str, dict[str, str]] = {}
    for image in stored:
        key, digest = image["_id"], image.get("sha256")
        if digest is None:
            continue
        # A file that is new is told to all that show it, one that was known to those that show it now.
        said = given[key]
        news = any(each.sha256 for each in said)
        for shown_in in image["seen_in"] if news else [each for one in said for each in one.seen_in]:
            hashes.setdefault(shown_in, {})[key] = digest
    return hashes


def _kind_of(key: str) -> type[Item]:
    if key.startswith("https://"):
        return Article
    return Member if key.rpartition("/")[0].endswith("/member") else Post


def _references(document: Document, hashes: Mapping[str, str]) -> Iterator[UpdateOne]:
    """What a document lacks; it names its pictures as its page does, which need not be their `_id`s."""
    for name in _LISTS:
        missing: dict[str, str] = {}
        for shown in document.get(name) or ():
            digest = hashes.get(canonical(shown["url"]))
            if digest is not None and digest != shown.get("sha256"):
                missing[shown["url"]] = digest
        for url, digest in missing.items():
            update = {"$set": {f"{name}.$[shown].sha256": digest}}
            where = {"_id": document["_id"], f"{name}.url": url}
            yield UpdateOne(where, update, array_filters=[{"shown.url": url}])
    avatar = document.get("avatar_url")
    digest = hashes.get(canonical(avatar)) if avatar else None
    if digest is not None and digest != document.get("avatar_sha256"):
        where = {"_id": document["_id"], "avatar_url": avatar}
        yield UpdateOne(where, {"$set": {"avatar_sha256": digest}})
