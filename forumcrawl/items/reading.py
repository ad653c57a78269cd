"""What of a thread was read and is durable: the next run compares list rows with this, never with rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from forumcrawl.items.base import ForumItem


@dataclass(slots=True, kw_only=True)
class PageRead:
    """One page of a thread, read whole."""

    posts: int
    """Position in the thread of its last post."""
    last_id: int
    """Id of its last post."""
    last_at: datetime | None
    """Time of its newest post (UTC)."""
    of: int
    """Number of pages of the thread as this page showed it."""


@dataclass(slots=True, kw_only=True)
class Refusal:
    """A thread that cannot be read, and what its list row said then: it is asked for again when the row changes."""

    outcome: str
    """forbidden, login_required, not_found, moved or redirected_out."""
    replies: int | None
    """Number of replies in the row."""
    last_post_at: datetime | None
    """Time of the last post in the row (UTC)."""


@dataclass(slots=True, kw_only=True)
class ThreadRead(ForumItem):
    """Pages 1 to `upto` of a thread without a gap, and the pages read `ahead` of the first gap.

    The spider yields one after the posts of each page; the writer stores it after them, so what it
    says is durable. A crawl that was cut short therefore leaves an exact account of what is missing.
    """

    collection: ClassVar[str] = "thread_reads"
    partial: ClassVar[bool] = True
    counters_live: ClassVar[bool] = True

    thread_id: int
    """Numeric id of the thread."""
    upto: int = 0
    """Pages 1 to this one were read without a gap."""
    last: PageRead | None = None
    """Page `upto`."""
    newest_before: datetime | None = None
    """Time of the newest post on the pages before `upto` (UTC)."""
    ahead: dict[str, PageRead] = field(default_factory=dict)
    """Pages read beyond the first gap, page number to what it held."""
    refusal: Refusal | None = None
    """Set while the thread's last answer was that it cannot be read."""
    anew: bool = False
    """What was known before does not count any more: the thread is read from its first page."""

    @property
    def key(self) -> str:
        return f"{self.forum}/thread/{self.thread_id}"

    @classmethod
    def of_page(cls, forum: str, thread_id: int, page: int, read: PageRead) -> ThreadRead:
        """The account of one page just read."""
        return cls(forum=forum, thread_id=thread_id, ahead={str(page): read})

    def absorb(self, other: ThreadRead) -> None:
        """Add what `other` has read; pages that close the gap move from `ahead` into `upto`.

        A page read again replaces what was known of it: page 1 to `upto` stay read, and the newest
        reading of page `upto` wins, since that is the page that grows. A thread that has fewer pages
        than before has lost posts, so that its pages hold others now: the account starts anew.
        """
        self.refusal = other.refusal
        if other.anew:
            self.upto, self.last, self.newest_before, self.ahead = 0, None, None, {}
        for read in other.ahead.values():
            if self.last is not None and read.of < self.last.of:
                self.upto, self.last, self.newest_before = 0, None, None
            self.ahead = {number: page for number, page in self.ahead.items() if page.of <= read.of}
        self.ahead.update(other.ahead)
        if other.upto > self.upto:
            self.upto, self.last, self.newest_before = other.upto, other.last, other.newest_before
        for number in sorted(map(int, self.ahead)):
            if number > self.upto + 1 or (number > self.upto and self._may_have_grown):
                break
            self._join(number, self.ahead.pop(str(number)))

    @property
    def _may_have_grown(self) -> bool:
        """Page `upto` was the last page when it was read: with a page behind it, it holds more by now."""
        return self.last is not None and self.last.of <= self.upto

    def _join(self, number: int, read: PageRead) -> None:
        """Page `number` is read, and so is every page before it."""
        before, self.last = (self.last, read) if number >= self.upto else (read, self.last)
        if number == self.upto:
            return
        self.upto = max(number, self.upto)
        self.newest_before = _later(self.newest_before, before.last_at if before else None)

    @property
    def newest_at(self) -> datetime | None:
        """Time of the newest post on pages 1 to `upto` (UTC)."""
        return _later(self.newest_before, self.last.last_at if self.last else None)

    def resume_page(self, replies: int | None, last_post_at: datetime | None, *, rounded: bool) -> int | None:
        """First page that can differ from what a list row now says, or None when nothing can.

        `replies` and `last_post_at` are the row's; `rounded` says that the row abbreviates `replies`.
        """
        if self.refusal is not None and (self.refusal.replies, self.refusal.last_post_at) == (replies, last_post_at):
            return None
        if self.last is None or (replies is None and last_post_at is None):
            return 1
        read = self.last.posts - 1
        if not rounded and replies is not None and replies < read:
            return 1
        whole = self.upto >= self.last.of and not self.ahead
        agrees = last_post_at in (None, self.newest_at) and (rounded or replies in (None, read))
        return None if whole and agrees else self.upto

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> ThreadRead:
        """Read it back from its MongoDB document."""
        return cls(
            forum=document["forum"],
            thread_id=document["thread_id"],
            upto=document["upto"],
            last=_page(document["last"]),
            newest_before=document["newest_before"],
            ahead={number: PageRead(**page) for number, page in document["ahead"].items()},
            anew=document.get("anew", False),
            refusal=None if document.get("refusal") is None else Refusal(**document["refusal"]),
        )


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(filter(None, (one, other)), default=None)


def _page(document: dict[str, Any] | None) -> PageRead | None:
    return None if document is None else PageRead(**document)
