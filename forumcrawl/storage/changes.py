"""What a batch changes of one document: pure, from what is stored and the items of that key in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, is_dataclass, replace
from datetime import datetime
from typing import Any, Literal, TypeAlias

from forumcrawl.items import STORED, Item
from forumcrawl.items.document import content_hash, counter_names, field_names, hashed_names, to_document
from forumcrawl.items.merge import merged
from forumcrawl.items.restore import restore
from forumcrawl.items.shapes import Shape, shapes

Verdict: TypeAlias = Literal["new", "changed", "unchanged", "rejected", "duplicate"]
Document: TypeAlias = dict[str, Any]

_ENVELOPE = frozenset({"first_seen_at", "fetched_at", "changed_at", "content_hash", "run_id"})
_MARK = ("content_hash", "changed_at", "run_id")  # who wrote a version of a document, and when


@dataclass(frozen=True, slots=True)
class Passed:
    """A version of a document that a later item of the same batch replaced."""

    item: Item
    seen_from: datetime | None
    seen_to: datetime | None


@dataclass(kw_only=True, slots=True)
class Change:
    """One write, or none, and what it is for each item that led to it."""

    verdicts: list[Verdict]
    """One for each item, as if each had been written by itself."""
    key: str = ""
    """`_id` of the document."""
    insert: Document | None = None
    """The document, where none is stored."""
    update: Document | None = None
    """An update document, where one is stored."""
    guard: str | None = None
    """The content hash that the update was worked out from: it must not be applied to another."""
    mark: tuple[Any, ...] | None = None
    """How the document is marked after the write; None when the content stays."""
    passed: list[Passed] = field(default_factory=list)
    """What was replaced within the batch."""

    def is_stored(self, stored: Mapping[str, Any] | None) -> bool:
        """Whether `stored` is what this change writes: a try that seemed to fail had been done after all."""
        return self.mark is not None and stored is not None and self.mark == _marks(stored)


def projection(kind: type[Item]) -> list[str] | None:
    """The stored fields that `change` needs; None for the whole document."""
    return None if kind.partial else [*_MARK, *_LIVE[kind]]


def change(stored: Document | None, items: Sequence[Item]) -> Change:
    """What `items`, all of one key and in order, change of the document `stored` (None: there is none)."""
    kind: type[Item] = type(items[0])
    current = restore(kind, stored) if stored is not None and kind.partial else None
    hashed = None if stored is None else stored.get("content_hash") or ""
    verdicts: list[Verdict] = []
    latest, passed = None, []
    for item in items:
        before, current = current, merged(current, item) if kind.partial else item
        fresh = content_hash(current)
        if fresh == hashed:
            verdicts.append("unchanged")
            continue
        if latest is not None and before is not None:
            passed.append(Passed(before, _milliseconds(latest.fetched_at), _milliseconds(item.fetched_at)))
        verdicts.append("new" if hashed is None else "changed")
        hashed, latest = fresh, item
    assert current is not None
    document = to_document(current)
    if latest is None:
        assert stored is not None
        return _refreshed(kind, stored, document, verdicts)
    seen_at = _milliseconds(latest.fetched_at)
    document |= {"content_hash": hashed, "fetched_at": seen_at, "changed_at": seen_at, "run_id": latest.run_id}
    return replace(_written(kind, stored, document, verdicts), passed=passed)


def _written(kind: type[Item], stored: Document | None, document: Document, verdicts: list[Verdict]) -> Change:
    key, mark = document["_id"], _marks(document)
    if stored is None:
        document["first_seen_at"] = document["changed_at"]
        return Change(verdicts=verdicts, key=key, insert=document, mark=mark)
    names = _moved(stored, document) if kind.partial else _said(kind, document)
    fields = {name: document[name] for name in (*names, *_ENVELOPE) if name != "first_seen_at"}
    # The update is an upsert, so that one that comes too late ends in a duplicate key and not in silence.
    missing = {name: value for name, value in document.items() if name not in fields and name != "_id"}
    missing["first_seen_at"] = document["changed_at"]
    update = {"$set": fields, "$setOnInsert": missing}
    return Change(verdicts=verdicts, key=key, update=update, guard=stored.get("content_hash"), mark=mark)


def _refreshed(kind: type[Item], stored: Document, document: Document, verdicts: list[Verdict]) -> Change:
    """The content stays: only counters that moved are written, and what was not known of a document of parts."""
    fields = {name: document[name] for name in _LIVE[kind] if document[name] != stored.get(name)}
    if kind.partial:
        fields |= {name: document[name] for name in _moved(stored, document) if stored.get(name) is None}
    guard = stored.get("content_hash")
    return Change(verdicts=verdicts, key=document["_id"], update={"$set": fields} if fields else None, guard=guard)


def _moved(stored: Document, document: Document) -> list[str]:
    same = object()
    names = (name for name in document if name not in _ENVELOPE and name != "_id")
    return [name for name in names if document[name] != stored.get(name, same)]


def _said(kind: type, document: Document) -> list[str]:
    """All hashed fields, and the others where they hold something: what we derived must not be forgotten."""
    hashed = set(hashed_names(kind))
    return [name for name in field_names(kind) if name in hashed or document[name] is not None]


def _marks(document: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(document.get(name) for name in _MARK)


def _milliseconds(moment: datetime | None) -> datetime | None:
    """As MongoDB keeps times, so that what is read back equals what was written."""
    return moment and moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _live(kind: type) -> list[str]:
    counters = counter_names(kind)
    return [name for name, shape in shapes(kind).items() if name in counters or _holds_counters(shape)]


def _holds_counters(shape: Shape) -> bool:
    return any(counter_names(each.kind) for each in shape.nested() if is_dataclass(each.kind))


_LIVE: dict[type[Item], list[str]] = {kind: _live(kind) if kind.counters_live else [] for kind in STORED}
"""Fields to refresh while the content stays: counters, and parts that hold some."""
