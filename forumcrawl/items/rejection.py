"""An item that is not valid as a `Rejected` item, which is valid whatever the item holds."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from datetime import datetime
from typing import Any

from forumcrawl.items.base import Item
from forumcrawl.items.document import field_names, plain
from forumcrawl.items.outcome import Rejected
from forumcrawl.items.validate import fault

_ENVELOPE = frozenset(field_names(Item)) - {"url"}
_LONGEST = 64 * 1024  # characters kept of a text, bytes of binary


def rejection(item: Item, field: str | None, reason: str) -> Rejected:
    """The `Rejected` item of `item`: its document as near as MongoDB can hold it, the field at fault and why."""
    # Without the envelope, which the record has itself: the same item rejected again is the same record.
    said = {name: value for name, value in plain(item).items() if name not in _ENVELOPE}
    document = storable({"_id": _key(item), **said})
    site = str(document["site"]) if document.get("site") and not document.get("forum") else None
    rejected = Rejected(
        forum=None if site else str(document.get("forum") or "unknown"),
        site=site,
        url=document["url"] if isinstance(document.get("url"), str) else None,
        fetched_at=item.fetched_at,
        run_id=item.run_id,
        type=item.collection,
        field=storable(field),
        reason=storable(reason),
        item=document,
    )
    if fault(rejected) is not None:
        rejected.item, rejected.fetched_at, rejected.run_id = {"_id": document["_id"]}, None, None
    return rejected


def storable(value: Any) -> Any:
    """`value` as near as a MongoDB document can hold it: long texts cut, what has no form there as text."""
    if isinstance(value, str):
        return value[:_LONGEST].encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {storable(str(key)).replace("\0", "\\0"): storable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [storable(each) for each in value]
    if isinstance(value, bytes):
        return value[:_LONGEST]
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return value if -(1 << 63) <= value < 1 << 63 else str(value)
    if isinstance(value, datetime) and value.utcoffset() is not None:
        return value
    return storable(repr(value))


def _key(item: Item) -> str:
    with suppress(TypeError):  # a kind of item without a natural key
        if item.key:
            return str(item.key)
    digest = hashlib.sha256(repr(item).encode("utf-8", "backslashreplace"))
    return f"unkeyed/{digest.hexdigest()[:16]}"
