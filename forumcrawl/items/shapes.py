"""What the annotations of an item class say, in the one form that schema, validation and restoring share."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

SCALARS: tuple[type, ...] = (str, int, float, bool, datetime, bytes)


@dataclass(frozen=True, slots=True)
class Shape:
    """One annotation: what a value may be."""

    kind: type
    """A scalar type, `list`, `dict`, the dataclass of a part, or `object` for anything."""
    optional: bool = False
    """None is allowed."""
    of: Shape | None = None
    """What a list or a dict holds."""

    def nested(self) -> Iterator[Shape]:
        """This shape and those of the values inside it, down to the fields of parts."""
        yield self
        inside = shapes(self.kind).values() if dataclasses.is_dataclass(self.kind) else filter(None, [self.of])
        for each in inside:
            yield from each.nested()


def shapes(kind: type) -> dict[str, Shape]:
    """The shape of each field of an item class or of a part of one, in order.

    Raises TypeError for an annotation that no document can hold.
    """
    return _shapes(kind)


@cache
def _shapes(kind: type) -> dict[str, Shape]:
    hints = get_type_hints(kind)
    return {field.name: _shape(hints[field.name]) for field in dataclasses.fields(kind)}


def _shape(annotation: Any) -> Shape:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        inner = [each for each in arguments if each is not types.NoneType]
        if len(inner) == 1:
            return dataclasses.replace(_shape(inner[0]), optional=True)
    elif origin is list:
        return Shape(list, of=_shape(arguments[0]))
    elif origin is dict and arguments[0] is str:
        return Shape(dict, of=_shape(arguments[1]))
    elif annotation is Any:
        return Shape(object, optional=True)
    elif annotation in SCALARS or dataclasses.is_dataclass(annotation):
        return Shape(annotation)
    raise TypeError(f"no document holds a {annotation}")
