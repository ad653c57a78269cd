"""What a database error means for the crawl: try again, settle the one document otherwise, or end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    ExecutionTimeout,
    OperationFailure,
    PyMongoError,
    WriteConcernError,
)

UNAVAILABLE = "storage_unavailable"
"""Why a crawl ended whose database stayed away."""
DUPLICATE_KEY = 11000
"""Another writer was faster: load what is stored and decide again."""
RACES = 20
"""How often in a row one document may lose a race before the writer gives up."""

# Codes of MongoDB's retryable errors, and those of an election, a shutdown or a lost cursor.
_PASSING = frozenset(
    {6, 7, 43, 64, 89, 91, 112, 134, 189, 202, 237, 262, 317, 358}
    | {9001, 10107, 11600, 11602, 13388, 13435, 13436, 50915}
)
_LABELS = ("RetryableWriteError", "TransientTransactionError", "RetryableError", "SystemOverloadedError")


class StorageUnavailable(Exception):
    """The database cannot be used, and waiting longer will not help; the message is one line that says why."""


def transient(error: PyMongoError) -> bool:
    """Whether the same operation may succeed a little later."""
    if isinstance(error, BulkWriteError):
        entries = error.details.get("writeErrors", [])
        return bool(error.details.get("writeConcernErrors")) or any(entry["code"] in _PASSING for entry in entries)
    if isinstance(error, ConnectionFailure | ExecutionTimeout | WriteConcernError):
        return True
    if any(error.has_error_label(label) for label in _LABELS):
        return True
    return isinstance(error, OperationFailure) and error.code in _PASSING


def one_line(error: BaseException) -> str:
    """Type and message of an error on one line, short enough for a log; pymongo repeats the topology in its own."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text.split(', Timeout:')[0].split(' (configured timeouts:')[0][:300]}"


def lost_race(entry: Mapping[str, Any]) -> bool:
    """Whether a write error says that the document exists already, or is not as it was when it was read."""
    return entry["code"] == DUPLICATE_KEY and list(entry.get("keyPattern", ["_id"])) == ["_id"]


def explained(entry: Mapping[str, Any]) -> tuple[str | None, str]:
    """Field path (where a validator names one) and reason of a write error that concerns its document alone."""
    path, reason = _blamed(entry.get("errInfo", {}).get("details", {}))
    return ".".join(path) or None, f"{entry['errmsg']}{reason and ': '}{reason} (code {entry['code']})"


def _blamed(details: Mapping[str, Any]) -> tuple[list[str], str]:
    """The first field that a `$jsonSchema` validator blames, from its nested account."""
    for rule in ("schemaRulesNotSatisfied", "propertiesNotSatisfied", "details"):
        below = details.get(rule)
        first = below[0] if isinstance(below, list) and below else below
        if isinstance(first, Mapping):
            path, reason = _blamed(first)
            here = [str(details[name]) for name in ("propertyName", "itemIndex") if name in details]
            return here + path, reason or str(details.get("reason", ""))
    missing = details.get("missingProperties") or details.get("additionalProperties") or []
    named = [str(details["propertyName"])] if "propertyName" in details else [str(each) for each in missing[:1]]
    return named, str(details.get("reason", ""))
