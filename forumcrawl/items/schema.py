"""MongoDB's side of the item classes: a `$jsonSchema` derived from the annotations, and the indexes."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias

from forumcrawl.items.base import Stored
from forumcrawl.items.shapes import Shape, shapes

Index: TypeAlias = tuple[tuple[str, int], ...]
"""Fields of an index with 1 for rising, -1 for falling."""

_BSON: dict[type, list[str]] = {
    str: ["string"],
    int: ["int", "long"],
    float: ["double"],
    bool: ["bool"],
    datetime: ["date"],
    bytes: ["binData"],
}

_TRACES: tuple[Index, ...] = ((("keys", 1),), (("pictures", 1),))
# Each index of a collection costs about a fifth of its insert rate: only what a query reads by.
INDEXES: Mapping[str, tuple[Index, ...]] = {
    "threads": ((("forum", 1), ("board_id", 1), ("last_post_at", -1)),),
    "posts": (
        (("forum", 1), ("thread_id", 1), ("number", 1)),
        (("forum", 1), ("author.member_id", 1)),
        (("created_at", 1),),
        (("near_duplicate_of", 1),),
    ),
    "articles": (
        (("site", 1), ("published_at", -1)),
        (("near_duplicate_of", 1),),
        (("tail", 1),),
    ),
    "post_traces": _TRACES,
    "article_traces": _TRACES,
    "links": ((("next_try_at", 1),), (("article_id", 1),), (("tail", 1),)),
    "images": (
        (("sha256", 1),),
        (("next_try_at", 1),),
        (("dhash_keys", 1),),
        (("source_uuid", 1),),
        (("same_as", 1),),
    ),
    "citations": ((("article_id", 1),),),
    "revisions": ((("item", 1), ("seen_to", -1)),),
    "members": ((("forum", 1), ("name", 1)),),
    "failures": ((("failed_in", 1),),),
    "runs": (
        (("started_at", -1),),
        (("heard_at", -1),),
        (("ended_at", 1),),
        (("job", 1), ("started_at", -1)),
        (("workers.run_id", 1),),
    ),
    "run_points": ((("run", 1), ("at", 1)),),
    "errors": ((("run", 1),),),
    "alarms": ((("place", 1),),),
}
"""Indexes by collection, beside that of `_id`."""


def json_schema(kind: type[Stored]) -> dict[str, Any]:
    """The `$jsonSchema` of an item class or a record.

    Fields without a default are required, and so is `_id`. Parts are closed; the document itself is open, so
    that what another version of this package adds beside the known fields is not refused.
    """
    schema = _part(kind)
    del schema["additionalProperties"]
    schema["properties"] = {"_id": {"bsonType": "string", "minLength": 1}, **schema["properties"]}
    schema["required"] = ["_id", *schema.get("required", [])]
    return schema


def _part(kind: Any) -> dict[str, Any]:
    required = [field.name for field in dataclasses.fields(kind) if not _has_default(field)]
    return {
        "bsonType": "object",
        **({"required": required} if required else {}),  # MongoDB refuses an empty list
        "properties": {name: _value(shape) for name, shape in shapes(kind).items()},
        "additionalProperties": False,
    }


def _value(shape: Shape) -> dict[str, Any]:
    if shape.kind is object:
        return {}
    schema = _typed(shape)
    if shape.optional:
        kinds = schema["bsonType"]
        schema["bsonType"] = [*([kinds] if isinstance(kinds, str) else kinds), "null"]
    return schema


def _typed(shape: Shape) -> dict[str, Any]:
    if shape.kind is dict and shape.of:
        return {"bsonType": "object", "additionalProperties": _value(shape.of)}
    if shape.kind is list and shape.of:
        return {"bsonType": "array", "items": _value(shape.of)}
    if dataclasses.is_dataclass(shape.kind):
        return _part(shape.kind)
    kinds = _BSON[shape.kind]
    return {"bsonType": kinds[0] if len(kinds) == 1 else kinds}


def _has_default(field: dataclasses.Field[Any]) -> bool:
    return field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING
