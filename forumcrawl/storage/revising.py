"""What a change takes away of a text is kept in `revisions`, before the change is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from forumcrawl.items import Article, Item, Post, Revision
from forumcrawl.items.document import settled_html, to_document
from forumcrawl.storage.changes import Change
from forumcrawl.storage.lookup import Lookup, listed
from forumcrawl.storage.mongo import Database, Document
from forumcrawl.storage.patience import Patience

_TEXTS: tuple[type[Item], ...] = (Post, Article)
_NAMES = ["forum", "site", "url", "text", "html", "content_hash", "first_seen_at"]


class Revising:
    """Works out the revisions of a batch's changes; that a crawl dies before the change is written does no harm.

    The `_id` of a revision says since when its text was seen, so a change that is done again, or by two writers at
    once, has one revision.
    """

    def __init__(self, database: Database, patience: Patience, lookup: Lookup) -> None:
        self._revisions = database[Revision.collection]
        self._patience = patience
        self._lookup = lookup

    async def of(self, kind: type[Item], changes: Sequence[Change]) -> list[Revision]:
        """The revisions that must be durable before `changes` of one collection are written.

        A change of anything but the text, such as of reactions, leaves none. Raises StorageUnavailable when the
        database stays away.
        """
        if kind not in _TEXTS:
            return []
        found = [each for change in changes for each in _passed(change)]
        moved = {each.key: each for each in changes if each.update is not None and each.mark is not None}
        if not moved:
            return found
        stored = await self._lookup.by(kind.collection, "_id", list(moved), _NAMES)
        lost = [each for each in stored if _is_lost(each, moved[each["_id"]])]
        return [*found, *[_lost(each, moved[each["_id"]], await self._latest(each["_id"])) for each in lost]]

    async def _latest(self, key: str) -> Document | None:
        """The last revision of a post or an article."""
        newest = self._revisions.find({"item": key}).sort("seen_to", -1).limit(1)
        found = await listed(self._patience, newest)
        return found[0] if found else None


def _is_lost(stored: Document, change: Change) -> bool:
    """Whether the change takes the text away. Where another writer was faster, it will be worked out again."""
    fields = (change.update or {})["$set"]
    return stored.get("content_hash") == change.guard and differ(stored, {**stored, **fields})


def differ(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two documents have different texts; what changes by itself in their HTML is no difference."""
    if not (one.get("text") or one.get("html")):
        return False
    same = one.get("text") == other.get("text")
    return not same or settled_html(one.get("html") or "") != settled_html(other.get("html") or "")


def _passed(change: Change) -> Iterator[Revision]:
    """Versions that were replaced within a batch."""
    said = change.insert or (change.update or {}).get("$set") or {}
    documents = [to_document(each.item) for each in change.passed]
    for each, document, after in zip(change.passed, documents, [*documents[1:], said], strict=False):
        if each.seen_from is not None and each.seen_to is not None and differ(document, {**document, **after}):
            yield _revision(document, each.seen_from, each.seen_to, said.get("run_id"))


def _lost(stored: Document, change: Change, latest: Document | None) -> Revision:
    """The stored text that a change takes away. It was seen since the text before it was gone."""
    fields = (change.update or {})["$set"]
    since = (stored.get("first_seen_at") or fields["changed_at"]) if latest is None else latest["seen_to"]
    if latest is not None and not differ(stored, latest):  # a crawl died between it and the change
        since = latest["seen_from"]
    return _revision(stored, since, fields["changed_at"], fields["run_id"])


def _revision(document: Document, seen_from: datetime, seen_to: datetime, run_id: str | None) -> Revision:
    forum = document.get("forum")
    return Revision(
        forum=forum,
        site=None if forum else document.get("site"),
        url=document.get("url"),
        item=document["_id"],
        text=document.get("text") or "",
        html=document.get("html") or "",
        seen_from=seen_from,
        seen_to=seen_to,
        fetched_at=seen_to,
        run_id=run_id,
    )
