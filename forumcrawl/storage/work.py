"""The items of one key in a batch, and the write that becomes of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import bson
from bson.errors import BSONError
from bson.raw_bson import RawBSONDocument
from pymongo import InsertOne, UpdateOne

from forumcrawl.items import ImageFile, Item, Rejected
from forumcrawl.items.rejection import rejection
from forumcrawl.items.validate import MAX_DOCUMENT
from forumcrawl.storage.bulk import Operation
from forumcrawl.storage.changes import Change, Document, Verdict, change
from forumcrawl.storage.errors import StorageUnavailable


class Refused(Exception):
    """No server takes this document, whatever it holds now."""


@dataclass(kw_only=True, slots=True)
class Work:
    """The items of one key, in order, and what becomes of them."""

    kind: type[Item]
    key: str
    items: list[Item]
    places: list[int]
    """Where in the batch each of `items` stands."""
    stored: Document | None = None
    """The document, as it was loaded last."""
    change: Change | None = None
    """What was decided last."""

    def decide(self) -> Operation | None:
        """The write that `items` ask for, given what is `stored`; None where there is nothing to write.

        Raises Refused for a document that no server takes.
        """
        if self.change and self.change.is_stored(self.stored):
            self.change = replace(self.change, insert=None, update=None, mark=None)
        else:
            self.change = change(self.stored, self.items)
        try:
            return _operation(self.change)
        except (BSONError, OverflowError, UnicodeError) as error:
            raise Refused(str(error)) from error

    def verdicts(self) -> list[Verdict]:
        """One a place; a `Rejected` item speaks for all items that it stands for."""
        if self.kind is Rejected or self.change is None:
            return ["rejected"] * len(self.places)
        return self.change.verdicts

    def has_file(self) -> bool:
        """Whether this is a picture whose file was stored, by this batch or before."""
        said = (item.sha256 for item in self.items if isinstance(item, ImageFile))
        return self.kind is ImageFile and (any(said) or bool(self.stored and self.stored.get("sha256")))

    def rejected(self, field: str | None, reason: str) -> Work:
        """What is stored in its place. Raises StorageUnavailable where that is what was refused."""
        if self.kind is Rejected:
            raise StorageUnavailable(f"the database refuses even the record of a rejected item: {reason}")
        record = rejection(self.items[-1], field, reason)
        return Work(kind=Rejected, key=record.key, items=[record], places=self.places)


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
        raise Refused(f"takes {len(data)} bytes, MongoDB holds {MAX_DOCUMENT} at most")
    return RawBSONDocument(data)


def by_key(items: Sequence[Item], places: Iterable[int]) -> list[Work]:
    """The items at these places, those of one key together."""
    works: dict[tuple[type[Item], str], Work] = {}
    for place in places:
        item = items[place]
        kind: type[Item] = type(item)
        key = item.key
        work = works.get((kind, key))
        if work is None:
            work = works[kind, key] = Work(kind=kind, key=key, items=[], places=[])
        work.items.append(item)
        work.places.append(place)
    return list(works.values())


def by_kind(works: list[Work]) -> Iterator[tuple[type[Item], list[Work]]]:
    """By class, pictures last: who stores the file of one finds all that show it, and tells them."""
    groups: dict[type[Item], list[Work]] = {}
    for work in works:
        groups.setdefault(work.kind, []).append(work)
    yield from sorted(groups.items(), key=lambda group: group[0] is ImageFile)
