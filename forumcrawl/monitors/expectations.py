"""What crawls must yield and may do: data, by forum and source."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any


class ExpectationsError(ValueError):
    """A file of expectations that cannot be used; the message is one line that says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectations:
    """Of one forum or source; each field is explained in `expectations.toml`."""

    least_answers: int
    server_errors: float
    rate_limited: float
    refused: float
    redesigned: int
    dead_letters: int
    rejected: float
    storage_seconds: float
    storage_retries: int
    disk_free: int
    stalled_after: float
    least_objects: int
    of_median: float
    median_of: int
    coverage: Mapping[str, float]
    """By part and field ("posts.author.name")."""


@cache
def expectations(place: str, path: str | None = None) -> Expectations:
    """Those of a forum or site, from the file `path` where one is named, laid over the package's own.

    Raises ExpectationsError.
    """
    own = tomllib.loads((files(__package__) / "expectations.toml").read_text("utf-8"))
    known = _merged(own["default"], {})
    for table in (own, _read(path) if path else {}):
        for name in dict.fromkeys(("default", place)):
            known = _merged(known, _checked(name, table.get(name, {}), path))
    return Expectations(**known)


def _read(path: str) -> dict[str, Any]:
    try:
        return tomllib.loads(Path(path).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ExpectationsError(f"EXPECTATIONS names {path}, which cannot be read: {error}") from None


def _checked(name: str, table: Any, path: str | None) -> dict[str, Any]:
    known = {field.name for field in fields(Expectations)}
    if not isinstance(table, dict) or (odd := sorted(set(table) - known)):
        raise ExpectationsError(f"[{name}] of {path} holds {odd[0] if isinstance(table, dict) else table!r}: not known")
    return table


def _merged(known: Mapping[str, Any], table: Mapping[str, Any]) -> dict[str, Any]:
    coverage = {**known.get("coverage", {}), **table.get("coverage", {})}
    return {**known, **table, "coverage": coverage}
