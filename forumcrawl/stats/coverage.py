"""Which fields of items say something: counted by type and field, parts inside items too."""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Any

from forumcrawl.items import Article, Board, Item, Member, Post, Thread
from forumcrawl.items.document import field_names
from forumcrawl.items.shapes import shapes
from forumcrawl.stats.names import FILLED, OBJECTS

_LOOKED_AT: tuple[type[Item], ...] = (Board, Thread, Post, Member, Article)
_ENVELOPE = frozenset(field_names(Item)) - {"url"}
_REMEMBERED = 100_000  # items told in parts; beyond that a part counts as an item


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    filled: str
    """Its stat."""
    part: str
    """Name of the parts that it holds; empty where it holds none."""
    kind: type | None = None
    """Their class."""
    bit: int = 0


class Coverage:
    """`look` at each item; `counts` are the stats `objects/{part}` and `filled/{part}/{field}` so far.

    None and empty are missing; 0 and False are not. An item that several pages tell in parts counts once, and so does a
    field that any part of it fills.
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._told: dict[str, int] = {}

    def look(self, item: Any) -> None:
        """Count an item that was stored; what is no content passes."""
        if isinstance(item, _LOOKED_AT):
            self._part(item, type(item), item.collection, item if item.partial else None)

    def _part(self, value: Any, kind: type, part: str, told_in_parts: Item | None = None) -> None:
        filled = 0
        for field in _fields(kind, part):
            held = getattr(value, field.name)
            if held is None or held == "" or held == [] or held == {}:
                continue
            filled |= field.bit
            if field.kind is not None:
                for each in held if isinstance(held, list) else (held,):
                    self._part(each, field.kind, field.part)
        before = self._remember(told_in_parts, filled) if told_in_parts else 0
        if not before:
            self.counts[OBJECTS.format(part=part)] += 1
        for field in _fields(kind, part):
            if filled & ~before & field.bit:
                self.counts[field.filled] += 1

    def _remember(self, item: Item, filled: int) -> int:
        """Which fields of an item earlier parts filled; 0 for an item that is new."""
        key = f"{item.collection}/{item.key}"
        before = self._told.get(key, 0)
        if before or len(self._told) < _REMEMBERED:
            self._told[key] = before | filled
        return before


@cache
def _fields(kind: type, part: str) -> tuple[_Field, ...]:
    names = [name for name in shapes(kind) if not (issubclass(kind, Item) and name in _ENVELOPE)]
    return tuple(_field(kind, part, name, 1 << number) for number, name in enumerate(names))


def _field(kind: type, part: str, name: str, bit: int) -> _Field:
    shape = shapes(kind)[name]
    inner = shape.of if shape.kind is list and shape.of else shape
    holds = inner.kind if dataclasses.is_dataclass(inner.kind) else None
    return _Field(name, FILLED.format(part=part, field=name), f"{part}.{name}" if holds else "", holds, bit)
