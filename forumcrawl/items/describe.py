"""The data model as Markdown, from the item classes: `python -m forumcrawl.items.describe > docs/data-model.md`."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import sys
from collections.abc import Iterator

from forumcrawl.items import STORED, Item
from forumcrawl.items.base import Stored
from forumcrawl.items.document import counter_names, hashed_names
from forumcrawl.items.run import RECORDS
from forumcrawl.items.schema import INDEXES
from forumcrawl.items.shapes import Shape, shapes
from forumcrawl.items.trace import TRACES

_INTRODUCTION = """\
# Data model

<!-- Made by `python -m forumcrawl.items.describe > docs/data-model.md`; a test fails when it is out of date. -->

MongoDB database `forumcrawl`, one collection an item type. `_id` is the natural key, so writing twice does no harm.
Times are UTC. `null` stands for what the page did not say.

The column *hash* says which fields the content hash covers. A document whose hash stays the same is not written again;
fields marked *counter* grow by themselves and are refreshed alone in the collections that say so.
"""

_TRACES = """
# What texts are found by

Documents that the archive derives from posts and articles and asks for what is like a text or shows a picture.
"""
_RECORDS = """
# What is kept of runs

Documents that the crawl writes about itself, for `scrapy status` and `scrapy runs`. They have no content hash.
"""


def data_model() -> str:
    """The whole document."""
    sections = [_INTRODUCTION, *_common(), *(line for kind in STORED for line in _collection(kind))]
    sections += [_TRACES, *(line for kind in TRACES for line in _record(kind))]
    sections += [_RECORDS, *(line for kind in RECORDS for line in _record(kind))]
    return "\n".join(sections).rstrip() + "\n"


def field_docs(kind: type) -> dict[str, str]:
    """The docstring below each field of a dataclass, inherited fields included; "" where there is none."""
    docs: dict[str, str] = {}
    for base in reversed(kind.__mro__):
        if dataclasses.is_dataclass(base):
            docs |= _own_docs(base)
    return {name: docs[name] for name in shapes(kind)}


def _own_docs(kind: type) -> dict[str, str]:
    body = ast.parse(inspect.getsource(kind)).body[0]
    assert isinstance(body, ast.ClassDef)
    docs = {}
    for node, below in zip(body.body, [*body.body[1:], ast.Pass()], strict=True):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            text = below.value.value if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant) else ""
            docs[node.target.id] = " ".join(str(text).split())
    return docs


def _common() -> Iterator[str]:
    yield "## Every document\n"
    yield from _table(Item, list(shapes(Item)))


def _collection(kind: type[Item]) -> Iterator[str]:
    yield f"\n## `{kind.collection}`\n\n{_first_line(kind)}\n"
    if kind.partial:
        yield "Told in parts by several pages, which are merged."
    if kind.counters_live:
        yield "Counters are refreshed while the rest stays the same."
    if kind.partial or kind.counters_live:
        yield ""
    yield from _table(kind, [name for name in shapes(kind) if name not in shapes(Item)])
    yield from _parts_and_indexes(kind)


def _record(kind: type[Stored]) -> Iterator[str]:
    yield f"\n## `{kind.collection}`\n\n{_first_line(kind)}\n"
    yield from _table(kind, list(shapes(kind)), hashed=False)
    yield from _parts_and_indexes(kind, hashed=False)


def _parts_and_indexes(kind: type[Stored], *, hashed: bool = True) -> Iterator[str]:
    for part in _parts(kind):
        yield f"\n### {part.__name__}\n\n{_first_line(part)}\n"
        yield from _table(part, list(shapes(part)), hashed=hashed)
    for index in INDEXES.get(kind.collection, ()):
        fields = ", ".join(f"`{name}`" + (" (falling)" if order < 0 else "") for name, order in index)
        yield f"\nIndex: {fields}."


def _table(kind: type, names: list[str], *, hashed: bool = True) -> Iterator[str]:
    docs = field_docs(kind)
    yield f"| field | type |{' hash |' * hashed} meaning |\n|---|---|{'---|' * hashed}---|"
    for name in names:
        role, text = f" {_role(kind, name)} |" if hashed else "", docs[name].replace("|", "\\|")
        yield f"| `{name}` | {_type(shapes(kind)[name])} |{role} {text} |"


def _role(kind: type, name: str) -> str:
    return "yes" if name in hashed_names(kind) else "counter" if name in counter_names(kind) else "no"


def _type(shape: Shape) -> str:
    names = {str: "text", int: "integer", bool: "yes or no", object: "anything"}
    name = names.get(shape.kind, shape.kind.__name__)
    if shape.kind is list and shape.of:
        name = f"list of {_type(shape.of)}"
    elif shape.kind is dict and shape.of:
        name = f"text to {_type(shape.of)}"
    return f"{name} or null" if shape.optional and shape.kind is not object else name


def _parts(kind: type) -> list[type]:
    """The dataclasses inside an item class, each once, in the order they are met."""
    nested = (each.kind for shape in shapes(kind).values() for each in shape.nested())
    return list(dict.fromkeys(each for each in nested if dataclasses.is_dataclass(each)))


def _first_line(kind: type) -> str:
    return (kind.__doc__ or "").strip().split("\n")[0]


if __name__ == "__main__":
    sys.stdout.write(data_model())
