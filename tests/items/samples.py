"""Items to test with: one full of everything, and strategies that make any."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from forumcrawl.items import Item, Member, Post, Thread, ThreadRead
from forumcrawl.items.forum import (
    Attachment,
    Author,
    Embed,
    Image,
    Link,
    Poll,
    PollOption,
    Quote,
    Reactions,
    ThreadAuthor,
)
from forumcrawl.items.reading import PageRead
from forumcrawl.items.shapes import Shape, shapes

FORUM = "forum.example"
NOON = datetime(2026, 3, 3, 12, 30, 15, tzinfo=UTC)

_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_keys = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
_times = st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
_SCALARS: dict[type, st.SearchStrategy[Any]] = {
    str: _text,
    int: st.integers(-(1 << 63), (1 << 63) - 1),
    float: st.floats(0, 1),
    bool: st.booleans(),
    datetime: _times.map(lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)),
    bytes: st.binary(max_size=12),
    object: st.none() | _text,
}


def items_of(kind: type, **fixed: Any) -> st.SearchStrategy[Any]:
    """Valid items of a class, or parts, with the fields in `fixed` as they are given."""
    drawn = {name: _values(shape) for name, shape in shapes(kind).items()}
    if issubclass(kind, Item):
        drawn |= {place: st.just(FORUM) for place in ("forum", "site") if place in drawn}
        drawn |= {"url": st.just("https://forum.example/x")}
    return st.builds(kind, **{**drawn, **{name: st.just(value) for name, value in fixed.items()}})


def _values(shape: Shape) -> st.SearchStrategy[Any]:
    if shape.kind is list and shape.of:
        values: st.SearchStrategy[Any] = st.lists(_values(shape.of), max_size=2)
    elif shape.kind is dict and shape.of:
        values = st.dictionaries(_keys, _values(shape.of), max_size=2)
    elif dataclasses.is_dataclass(shape.kind):
        values = items_of(shape.kind)
    else:
        values = _SCALARS[shape.kind]
    return st.none() | values if shape.optional else values


def read_of(number: int, last: int = 1, thread_id: int = 1, of: int = 5) -> ThreadRead:
    """The account of page `number` of a thread of `of` pages."""
    read = PageRead(posts=20 * number, last_id=last, last_at=NOON, of=of)
    return ThreadRead.of_page(FORUM, thread_id, number, read)


READS = st.builds(read_of, st.integers(1, 5), st.integers(1, 9))


def full_post(post_id: int = 7, **changes: Any) -> Post:
    """A post with every field and every part filled."""
    post = Post(
        forum=FORUM,
        url=f"https://forum.example/threads/x.3/post-{post_id}",
        fetched_at=NOON,
        run_id="run",
        post_id=post_id,
        thread_id=3,
        number=5,
        author=Author(
            name="كاتب",
            member_id=9,
            title="عضو",
            banners=["Staff"],
            messages=10,
            reaction_score=11,
            points=12,
            joined_at=NOON.replace(hour=0, minute=0, second=0),
            joined_raw="3/3/26",
            avatar_url="https://forum.example/a.jpg",
            extras={"Location": "x", "a.b": "1", "$c": "d", "": "e"},
        ),
        created_at=NOON,
        edited_at=NOON,
        text="نص",
        html="<p>نص</p>",
        quotes=[Quote(author="q", post_id=1, member_id=2, text="t", depth=2)],
        links=[Link(url="https://a.example", text="t", kind="unfurl", in_quote=True)],
        images=[Image(url="https://a.example/i", alt="i", proxied=True, proxy_url="p", in_quote=True, sha256="s")],
        attachments=[Attachment(url="https://a.example/f", name="f")],
        embeds=[Embed(url="https://v.example", site="v")],
        reactions=Reactions(count=2, names=["n"]),
        source_url="https://s.example",
        near_duplicate_of="forum.example/post/1",
    )
    return dataclasses.replace(post, **changes)


def row(**changes: Any) -> Thread:
    """A thread as a list row tells it."""
    said = Thread(
        forum=FORUM,
        url="https://forum.example/threads/x.3/",
        fetched_at=NOON,
        run_id="run",
        thread_id=3,
        title="Title",
        prefixes=["News"],
        board_id=4,
        author=ThreadAuthor(name="a", member_id=1),
        created_at=NOON,
        last_post_at=NOON,
        replies=30,
        views=500,
        sticky=False,
        locked=False,
        kind="discussion",
    )
    return dataclasses.replace(said, **changes)


def page(**changes: Any) -> Thread:
    """The same thread as its own page tells it."""
    poll = Poll(question="?", options=[PollOption(text="yes", votes=3), PollOption(text="no", votes=1)], voters=4)
    said = Thread(
        forum=FORUM,
        url="https://forum.example/threads/x.3/",
        fetched_at=NOON,
        run_id="run",
        thread_id=3,
        title="Title",
        tags=["t"],
        pages=2,
        kind="poll",
        poll=poll,
    )
    return dataclasses.replace(said, **changes)


def card(**changes: Any) -> Member:
    """A member as the card beside a post tells it."""
    said = Member(
        forum=FORUM,
        fetched_at=NOON,
        run_id="run",
        member_id=9,
        name="كاتب",
        joined_at=NOON.replace(hour=0, minute=0, second=0),
        joined_raw="3/3/26",
        messages=10,
        extras={"Location": "x"},
    )
    return dataclasses.replace(said, **changes)
