"""Goldens: what each saved page under fixtures/ gives, as JSON beside it.

`python -m tests.pages.golden ThreadPage/xf22_rich` writes one; nothing else does. Read it against the page
before you commit it.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from forumcrawl.pages.extracting import records
from tests.goldens import Goldens

Record = dict[str, Any]
FIXTURES = Path(__file__).with_name("fixtures")
_LEFT_OUT = ("content_hash", "html")
"""The hash follows from the other fields; how libxml2 writes HTML is its own affair."""


_goldens = Goldens(FIXTURES)
cases, body = _goldens.cases, _goldens.body


def jsonable(found: list[Record]) -> list[Record]:
    """Records as they are after a trip through JSON, without the fields that goldens leave out."""
    read: list[Record] = json.loads(json.dumps(found, default=datetime.isoformat), object_hook=_kept)
    return read


def _kept(record: Record) -> Record:
    return {name: value for name, value in record.items() if name not in _LEFT_OUT}


@cache
def actual(case: str) -> list[Record]:
    """What the parsers read from a case's page now."""
    return jsonable(list(records(body(case))))


@cache
def expected(case: str) -> list[Record] | None:
    """What they must read, None where nobody wrote it down."""
    found: list[Record] | None = _goldens.expected(case)
    return found


if __name__ == "__main__":
    for name in sys.argv[1:]:
        _goldens.write(name, actual(name))
