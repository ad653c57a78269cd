from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from forumcrawl.items import STORED
from forumcrawl.items.describe import data_model, field_docs
from forumcrawl.items.run import RECORDS
from forumcrawl.items.schema import INDEXES
from forumcrawl.items.shapes import Shape, shapes
from forumcrawl.items.trace import TRACES

DOCUMENT = Path(__file__).parents[2] / "docs" / "data-model.md"
PARTS = {each.kind for kind in STORED for shape in shapes(kind).values() for each in shape.nested()}
CLASSES = [*STORED, *sorted(filter(dataclasses.is_dataclass, PARTS), key=lambda kind: kind.__name__)]


def test_the_data_model_is_up_to_date() -> None:
    assert DOCUMENT.read_text("utf-8") == data_model(), "python -m forumcrawl.items.describe > docs/data-model.md"


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_field_says_what_it_is(kind: type) -> None:
    assert [name for name, text in field_docs(kind).items() if not text.endswith((".", "...", ")"))] == []


def test_the_data_model_names_every_collection_and_field() -> None:
    text = data_model()
    for kind in CLASSES:
        assert all(f"| `{name}` |" in text for name in shapes(kind)), kind
    assert all(f"## `{kind.collection}`" in text for kind in STORED)
    assert all(f"## `{kind.collection}`" in text for kind in TRACES)


def test_every_index_is_of_a_collection_and_of_fields_that_exist() -> None:
    kinds: dict[str, type] = {kind.collection: kind for kind in (*STORED, *TRACES, *RECORDS)}
    for collection, indexes in INDEXES.items():
        for index in indexes:
            for path, order in index:
                known: dict[str, Shape] = shapes(kinds[collection])
                *parents, field = path.split(".")
                for parent in parents:
                    shape = known[parent]
                    known = shapes((shape.of or shape).kind)
                assert field in known
                assert order in (1, -1)
