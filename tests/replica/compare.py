"""How what a crawl stored differs from the truth, in words; in bounded memory for any number of documents."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import bson
from bson.codec_options import CodecOptions

from forumcrawl.items import Item
from forumcrawl.items.document import to_document

IGNORED = frozenset(
    "first_seen_at fetched_at changed_at content_hash run_id "  # the envelope
    "sha256 source_uuid source_url near_duplicate_of html".split()  # what is derived, or not told exactly
)
_AVATAR_SIZE = re.compile(r"(/data/avatars/)[a-z]/")
_URLISH = frozenset(("url", "proxy_url", "avatar_url"))
_MOST = 100
_AWARE: CodecOptions[dict[str, Any]] = CodecOptions(tz_aware=True)


def compare(
    expected: Iterable[Item],
    actual: Iterable[Mapping[str, Any]],
    *,
    allowed_extra: Collection[str] = (),
    most: int = _MOST,
) -> list[str]:
    """Differences between truth items and MongoDB documents, none when they agree.

    `actual` are the documents of the collections compared, in any order; a document is told apart by its
    `_id`, which no two collections share. `allowed_extra` are ids that may be there and need not
    (`World.row_only_keys`: threads known from a list row alone). At most `most` differences are told in
    full, the rest are counted. Not compared: the envelope, what is derived, and a post's `html`, which only
    must not be empty where there is text.
    """
    differences = _differences(expected, actual, frozenset(allowed_extra))
    told = [line for _, line in zip(range(most), differences, strict=False)]
    rest = sum(1 for _ in differences)
    return [*told, f"… and {rest} more differences"] if rest else told


def _differences(
    expected: Iterable[Item], actual: Iterable[Mapping[str, Any]], allowed: frozenset[str]
) -> Iterator[str]:
    with _Shelf() as shelf:
        for document in actual:
            if not shelf.put(document):
                yield f"{document['_id']}: twice"
        for item in expected:
            stored = shelf.take(item.key)
            if stored is None:
                yield f"{item.key}: missing"
            else:
                yield from (f"{item.key}: {line}" for line in compare_one(item, stored))
        yield from (f"{key}: extra" for key in shelf.left() if key not in allowed)


def compare_one(item: Item, document: Mapping[str, Any]) -> Iterator[str]:
    """Differences of one document from one item, field by field."""
    truth = to_document(item)
    if truth.get("text") and not document.get("html"):
        yield "html is empty"
    yield from _walk("", truth, document)


def _walk(path: str, expected: Any, actual: Any) -> Iterator[str]:
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        names = expected if not path.endswith("extras") else {**expected, **actual}
        for name in names:
            if name not in IGNORED:
                inner = f"{path}.{name}" if path else str(name)
                yield from _walk(inner, expected.get(name), actual.get(name))
    elif isinstance(expected, list) and isinstance(actual, list):
        if len(expected) != len(actual):
            yield f"{path} has {len(actual)} entries, not {len(expected)}: {_short(actual)}, not {_short(expected)}"
            return
        for place, (one, other) in enumerate(zip(expected, actual, strict=True)):
            yield from _walk(f"{path}[{place}]", one, other)
    elif _plain(path, expected) != _plain(path, actual):
        yield f"{path} is {_short(actual)}, not {_short(expected)}"


def _plain(path: str, value: Any) -> Any:
    """A value as compared: times aware, addresses percent-encoded, avatars of any size the same."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    if isinstance(value, str) and path.rpartition(".")[2] in _URLISH:
        return _AVATAR_SIZE.sub(r"\1", quote(value, safe="!#$%&'()*+,/:;=?@[]~"))
    return value


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 300 else f"{text[:200]} … {text[-80:]}"


class _Shelf:
    """Documents by id in a temporary database on disk, so that 100,000 of them need no memory."""

    def __enter__(self) -> _Shelf:
        self._db = sqlite3.connect("")
        self._db.execute("CREATE TABLE shelf (key TEXT PRIMARY KEY, document BLOB) WITHOUT ROWID")
        return self

    def __exit__(self, *error: object) -> None:
        self._db.close()

    def put(self, document: Mapping[str, Any]) -> bool:
        """Put one down; False where its id is there already."""
        blob = bson.encode(document)
        done = self._db.execute("INSERT OR IGNORE INTO shelf VALUES (?, ?)", (str(document["_id"]), blob))
        return done.rowcount == 1

    def take(self, key: str) -> dict[str, Any] | None:
        """Take one away; None where it is not there."""
        row = self._db.execute("DELETE FROM shelf WHERE key = ? RETURNING document", (key,)).fetchone()
        document: dict[str, Any] | None = None if row is None else bson.decode(row[0], _AWARE)
        return document

    def left(self) -> Iterator[str]:
        """Ids of what is left."""
        return (row[0] for row in self._db.execute("SELECT key FROM shelf ORDER BY key"))
