"""MongoDB documents back to items."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, TypeVar

from forumcrawl.items.shapes import Shape, shapes

T = TypeVar("T")


def restore(kind: type[T], document: Mapping[str, Any]) -> T:
    """The item, or the part of one, that `document` was made of.

    Fields the document lacks get their defaults and unknown ones are left out: another version may have written it.
    Raises TypeError when a field without a default is missing.
    """
    known = shapes(kind)
    return kind(**{name: _value(known[name], value) for name, value in document.items() if name in known})


def _value(shape: Shape, value: Any) -> Any:
    if value is None or shape.kind is object:
        return value
    if shape.kind is int:
        return int(value)  # the driver has a class of its own for large ones
    if shape.kind is list and shape.of:
        return [_value(shape.of, each) for each in value]
    if shape.kind is dict and shape.of:
        return {key: _value(shape.of, each) for key, each in value.items()}
    if dataclasses.is_dataclass(shape.kind):
        return restore(shape.kind, value)
    return value
