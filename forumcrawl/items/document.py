"""Items to MongoDB documents and back to plain data, and the content hash."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from forumcrawl.items.base import Item, Stored

_VOLATILE = re.compile(r"_xfUid-[\w-]+|([?&](?:amp;)?hash=)[0-9a-fA-F]+|\?\d{9,10}(?=[\"'&\s])")
"""Parts of a body's HTML that change by themselves: element ids, proxy hashes, avatar times."""
_COUNT = re.compile(r"[\d.,\s\u00a0\u202f٠-٩٬٫]+[KkMm]?")
"""A bare number as a card shows it."""


@cache
def field_names(kind: type) -> tuple[str, ...]:
    """Field names of an item class, in order."""
    return tuple(f.name for f in dataclasses.fields(kind))


@cache
def hashed_names(kind: type) -> tuple[str, ...]:
    """Fields of an item class, or of a part of one, that the content hash covers."""
    return tuple(f.name for f in dataclasses.fields(kind) if f.metadata.get("hashed", True))


@cache
def counter_names(kind: type) -> tuple[str, ...]:
    """Fields of an item class that grow by themselves."""
    return tuple(f.name for f in dataclasses.fields(kind) if f.metadata.get("counter"))


def plain(value: Any) -> Any:
    """Dataclasses inside `value` as dicts, in field order."""
    if type(value) in (str, int, bool, float, type(None), datetime, bytes):
        return value
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: plain(getattr(value, name)) for name in field_names(type(value))}
    return value


def to_document(item: Stored) -> dict[str, Any]:
    """The MongoDB document of an item or a record, `_id` first."""
    return {"_id": item.key, **plain(item)}


def content_hash(item: Item) -> str:
    """SHA-256 of what the source said, as hex.

    Left out, as the data contract says: counters, avatar tokens, proxy hashes and what we derive.
    A card's extra fields that are bare numbers are counters under another name, so they are left out too.
    """
    text = json.dumps(_said(item), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_scalar)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def settled_html(html: str) -> str:
    """A body's HTML without what changes by itself."""
    return _VOLATILE.sub(r"\1", html)


def _said(value: Any) -> Any:
    if type(value) in (str, int, bool, float, type(None)):
        return value
    if isinstance(value, list):
        return [_said(each) for each in value]
    if isinstance(value, Mapping):
        return {key: _said(each) for key, each in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: _part(name, getattr(value, name)) for name in hashed_names(type(value))}
    return value


def _part(name: str, value: Any) -> Any:
    if name == "html" and isinstance(value, str):
        return settled_html(value)
    if name == "extras" and value:
        return {label: text for label, text in value.items() if not _COUNT.fullmatch(text)}
    return _said(value)


def _scalar(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds")  # as MongoDB keeps it
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"cannot hash a {type(value).__name__}")
