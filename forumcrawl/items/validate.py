"""Is an item what its annotations say, and can a MongoDB document hold it? Pure, and a few microseconds an item."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeAlias

from forumcrawl.items.base import Item
from forumcrawl.items.shapes import Shape, shapes

MAX_DOCUMENT = 16 * 1024 * 1024
"""Bytes of the largest document MongoDB takes."""

_RESERVED = frozenset({"$ref", "$id", "$db"})  # keys that make a reference of a document, in drivers and in servers
_INT64 = 1 << 63
_UTC = timedelta(0)
_ENTRY = 16  # bytes allowed for type, length and list index of a value; more than BSON takes

Check: TypeAlias = Callable[[Any], int]
"""Takes a value, gives an upper bound of its bytes in BSON; raises `_Fault`."""


class _Fault(Exception):
    def __init__(self, reason: str, *path: str) -> None:
        self.reason, self.path = reason, path

    def below(self, name: str) -> _Fault:
        return _Fault(self.reason, name, *self.path)


def fault(item: Item) -> tuple[str | None, str] | None:
    """The first thing wrong with an item as (field path, reason), or None. The path is None where no field is to blame.

    Wrong are: another type than annotated; a time without zone or not in UTC; text that UTF-8 cannot express; an
    integer beyond 64 bits; a key with a NUL byte or one of "$ref", "$id", "$db" (dots and other dollars are
    kept as they are by MongoDB 5 and later); no natural key; more than MongoDB's 16 MB.
    """
    try:
        kind: type = type(item)
        size = _part(kind)(item)
    except _Fault as found:
        return ".".join(found.path) or None, found.reason
    if not item.place:
        return "forum" if hasattr(item, "forum") else "site", "is empty"
    if not item.key:
        return "_id", "is empty: the item has no natural key"
    if size + 2 * len(item.key) > MAX_DOCUMENT:
        return None, f"takes about {size} bytes, MongoDB holds {MAX_DOCUMENT} at most"
    return None


@cache
def _part(kind: type) -> Check:
    fields = tuple((name, _check(shape)) for name, shape in shapes(kind).items())
    names = sum(len(name) + _ENTRY for name, _ in fields)

    def check(value: Any) -> int:
        if type(value) is not kind:
            raise _Fault(f"is {_named(value)}, not {kind.__name__}")
        size = names
        for name, inner in fields:
            try:
                size += inner(getattr(value, name))
            except _Fault as found:
                raise found.below(name) from None
        return size

    return check


def _check(shape: Shape) -> Check:
    check = _present(shape)
    return _or_none(check) if shape.optional else check


def _present(shape: Shape) -> Check:
    if shape.kind is list and shape.of:
        return _list_of(_check(shape.of))
    if shape.kind is dict and shape.of:
        return _dict_of(_check(shape.of))
    if dataclasses.is_dataclass(shape.kind):
        return _part(shape.kind)
    return _CHECKS[shape.kind]


def _or_none(check: Check) -> Check:
    return lambda value: 0 if value is None else check(value)


def _list_of(inner: Check) -> Check:
    def check(value: Any) -> int:
        if type(value) is not list:
            raise _Fault(f"is {_named(value)}, not a list")
        size = _ENTRY * len(value)
        for index, each in enumerate(value):
            try:
                size += inner(each)
            except _Fault as found:
                raise found.below(str(index)) from None
        return size

    return check


def _dict_of(inner: Check) -> Check:
    def check(value: Any) -> int:
        if type(value) is not dict:
            raise _Fault(f"is {_named(value)}, not a dict")
        size = _ENTRY * len(value)
        for key, each in value.items():
            size += _key(key)
            try:
                size += inner(each)
            except _Fault as found:
                raise found.below(key) from None
        return size

    return check


def _key(key: Any) -> int:
    size = _text(key)
    if "\0" in key or key in _RESERVED:
        raise _Fault(f"has a key that MongoDB does not take: {key!r}")
    return size


def _text(value: Any) -> int:
    if not isinstance(value, str):
        raise _Fault(f"is {_named(value)}, not text")
    try:
        return len(value.encode())
    except UnicodeEncodeError as error:
        raise _Fault(f"holds a character that UTF-8 cannot express, at {error.start}") from None


def _integer(value: Any) -> int:
    if type(value) is not int:
        raise _Fault(f"is {_named(value)}, not an integer")
    if not -_INT64 <= value < _INT64:
        raise _Fault("is an integer of more than 64 bits")
    return 0


def _boolean(value: Any) -> int:
    if type(value) is not bool:
        raise _Fault(f"is {_named(value)}, not true or false")
    return 0


def _time(value: Any) -> int:
    if type(value) is not datetime:
        raise _Fault(f"is {_named(value)}, not a time")
    if value.utcoffset() != _UTC:
        raise _Fault("is a time without a zone" if value.utcoffset() is None else "is a time that is not in UTC")
    return 0


def _float(value: Any) -> int:
    if type(value) is not float:
        raise _Fault(f"is {_named(value)}, not a float")
    return 0


def _binary(value: Any) -> int:
    if type(value) is not bytes:
        raise _Fault(f"is {_named(value)}, not bytes")
    return len(value)


def _anything(value: Any) -> int:
    if value is None:
        return 0
    check = _CHECKS.get(type(value))
    if check is None:
        raise _Fault(f"is {_named(value)}, which no document holds")
    return check(value)


def _named(value: Any) -> str:
    return "nothing" if value is None else f"of type {type(value).__name__}"


_CHECKS: dict[type, Check] = {
    str: _text,
    int: _integer,
    float: _float,
    bool: _boolean,
    datetime: _time,
    bytes: _binary,
    list: _list_of(_anything),
    dict: _dict_of(_anything),
    object: _anything,
}
