"""One item of the parts that several pages tell: what is stored and what a page now says."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from forumcrawl.items.article import Article, SourceLink
from forumcrawl.items.base import Item
from forumcrawl.items.document import field_names
from forumcrawl.items.forum import Member, Poll, PollOption, Thread, ThreadAuthor
from forumcrawl.items.media import ImageFile
from forumcrawl.items.merge_media import further_image
from forumcrawl.items.merge_sources import better_article, further_link
from forumcrawl.items.reading import ThreadRead
from forumcrawl.items.shapes import shapes

T = TypeVar("T", bound=Item)

_DAY = timedelta(days=1)


def merged(old: T | None, new: T) -> T:
    """`old` (None: nothing is stored) with what `new` says; neither is changed.

    What `new` does not say (None) stays; what it says replaces, save for these, where it says less than is known:
    a thread's kind "discussion", an author without the member id that the same name had, hidden poll counts, a
    registration that is only a day (the same, or a neighbour: time zones), an older last activity, and the extra
    fields of a member that another page shows. Merging the same item again changes nothing.
    """
    if isinstance(new, ThreadRead):
        return cast(T, _read_further(cast("ThreadRead | None", old), new))
    if old is None:
        return new
    if isinstance(new, Article):
        return cast(T, better_article(cast(Article, old), new))
    if isinstance(new, SourceLink):
        return cast(T, further_link(cast(SourceLink, old), new))
    if isinstance(new, ImageFile):
        return cast(T, further_image(cast(ImageFile, old), new))
    kind: type[T] = type(new)
    rules = _RULES.get(kind, {})
    fields: dict[str, Any] = {}
    for name in shapes(kind):
        before, now = getattr(old, name), getattr(new, name)
        if before is None or now is None:
            fields[name] = before if now is None else now
        else:
            fields[name] = rules[name](before, now) if name in rules else now
    return kind(**fields)


def _read_further(old: ThreadRead | None, new: ThreadRead) -> ThreadRead:
    """A page read first is absorbed too, so that page 1 counts as read without a gap."""
    old = old or ThreadRead(forum=new.forum, thread_id=new.thread_id)
    envelope = {name: getattr(new, name) or getattr(old, name) for name in field_names(Item)}
    account = dataclasses.replace(old, ahead=dict(old.ahead), **envelope)
    account.absorb(new)
    return account


def _kind(before: str, now: str) -> str:
    """Pages beyond the first, and rows, call a poll or an article a discussion."""
    return before if now == "discussion" else now


def _thread_author(before: ThreadAuthor, now: ThreadAuthor) -> ThreadAuthor:
    if now.member_id is None and now.name == before.name:
        return before
    return now


def _poll(before: Poll, now: Poll) -> Poll:
    """Votes that the forum hides from now on keep their last known number."""
    votes = {option.text: option.votes for option in before.options}
    options = [
        PollOption(text=option.text, votes=votes.get(option.text) if option.votes is None else option.votes)
        for option in now.options
    ]
    voters = before.voters if now.voters is None else now.voters
    return Poll(question=now.question, options=options, voters=voters)


def _joined(before: datetime, now: datetime) -> datetime:
    """A card tells the day in the forum's zone, as midnight; the member's page the moment."""
    less = _is_midnight(now) and not _is_midnight(before)
    return before if less and abs(now.date() - before.date()) <= _DAY else now


def _is_midnight(moment: datetime) -> bool:
    return not (moment.hour or moment.minute or moment.second or moment.microsecond)


def _extras(before: dict[str, str], now: dict[str, str]) -> dict[str, str]:
    return {**before, **now}


_RULES: dict[type[Item], dict[str, Callable[[Any, Any], Any]]] = {
    Thread: {"kind": _kind, "author": _thread_author, "poll": _poll},
    Member: {"joined_at": _joined, "last_seen_at": max, "extras": _extras},
}
