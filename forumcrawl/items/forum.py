"""What a XenForo forum shows: boards, threads, posts, members, and their parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from forumcrawl.items.base import ForumItem, counter, unhashed


@dataclass(slots=True, kw_only=True)
class Board(ForumItem):
    """A node of the forum's index: category, board, page or link."""

    collection: ClassVar[str] = "boards"
    partial: ClassVar[bool] = True
    counters_live: ClassVar[bool] = True

    board_id: int
    """Numeric node id."""
    title: str | None = None
    """Name as shown."""
    description: str | None = None
    """Text below the name."""
    parent_id: int | None = None
    """Node id of the category or board it stands in."""
    kind: str | None = None
    """category, forum, page, link, or another node type's own name."""
    threads: int | None = counter()
    """Number of threads; rounded where the forum abbreviates ("34.2K")."""
    posts: int | None = counter()
    """Number of messages; rounded where the forum abbreviates."""

    @property
    def key(self) -> str:
        return f"{self.forum}/board/{self.board_id}"


@dataclass(slots=True, kw_only=True)
class PollOption:
    """One answer of a poll."""

    text: str
    """The answer."""
    votes: int | None = counter()
    """Votes, None while the forum hides them."""


@dataclass(slots=True, kw_only=True)
class Poll:
    """A thread's poll."""

    question: str
    """What is asked."""
    options: list[PollOption] = field(default_factory=list)
    """The answers in page order."""
    voters: int | None = counter()
    """Number of people who voted, None while hidden."""


@dataclass(slots=True, kw_only=True)
class ThreadAuthor:
    """Who started a thread."""

    name: str
    """Name as shown."""
    member_id: int | None = None
    """Numeric member id; None for guests and deleted members."""


@dataclass(slots=True, kw_only=True)
class Thread(ForumItem):
    """A thread, as its list row and its own first page tell it together."""

    collection: ClassVar[str] = "threads"
    partial: ClassVar[bool] = True
    counters_live: ClassVar[bool] = True

    thread_id: int
    """Numeric id: the identity, whatever the slug."""
    title: str | None = None
    """Title without prefixes."""
    prefixes: list[str] | None = None
    """Prefix labels in page order."""
    tags: list[str] | None = None
    """Tags in page order; None until the thread's own page was read."""
    board_id: int | None = None
    """Node id of the board it stands in."""
    author: ThreadAuthor | None = None
    """Who started it."""
    created_at: datetime | None = None
    """When it was started (UTC)."""
    last_post_at: datetime | None = None
    """Time of its last post (UTC)."""
    replies: int | None = counter()
    """Number of replies; rounded where the forum abbreviates."""
    views: int | None = counter()
    """Number of views; rounded where the forum abbreviates."""
    pages: int | None = counter()
    """Number of pages."""
    sticky: bool | None = None
    """Pinned to the top of its board."""
    locked: bool | None = None
    """Closed for replies."""
    kind: str | None = None
    """discussion, article, question, poll, or another type's own name."""
    poll: Poll | None = None
    """Its poll, where it has one."""

    @property
    def key(self) -> str:
        return f"{self.forum}/thread/{self.thread_id}"


@dataclass(slots=True, kw_only=True)
class Author:
    """Who wrote a post, as the card beside it says."""

    name: str | None = None
    """Name as shown."""
    member_id: int | None = None
    """Numeric member id; None for guests and deleted members."""
    title: str | None = None
    """User title below the name."""
    banners: list[str] = field(default_factory=list)
    """Group banners in page order."""
    messages: int | None = counter()
    """Number of messages."""
    reaction_score: int | None = counter()
    """Reaction score."""
    points: int | None = counter()
    """Trophy points."""
    joined_at: datetime | None = None
    """Day of registration as midnight UTC; None where the card's date could not be read."""
    joined_raw: str | None = None
    """The card's date as written."""
    avatar_url: str | None = unhashed()
    """Address of the picture."""
    extras: dict[str, str] = field(default_factory=dict)
    """Other card fields, label to value, as written."""


@dataclass(slots=True, kw_only=True)
class Quote:
    """A quoted passage in a post."""

    author: str | None = None
    """Name of who is quoted."""
    post_id: int | None = None
    """Post it was taken from, where the forum says."""
    member_id: int | None = None
    """Member id of who is quoted, where the forum says."""
    text: str = ""
    """The passage, without passages quoted inside it."""
    depth: int = 1
    """1 for a quote in the post itself, 2 for a quote in that quote, and so on."""


@dataclass(slots=True, kw_only=True)
class Link:
    """A link in a post's body."""

    url: str
    """Where it leads, unwrapped from the forum's own link proxy."""
    text: str = ""
    """Text as shown (XenForo cuts long addresses in the middle)."""
    kind: str = "external"
    """external, internal, mention or unfurl."""
    in_quote: bool = False
    """Stands in a quoted passage."""


@dataclass(slots=True, kw_only=True)
class Image:
    """A picture in a post's body."""

    url: str
    """Address of the original, unwrapped from the forum's image proxy."""
    alt: str = ""
    """Alternative text."""
    proxied: bool = False
    """The forum shows it through its image proxy."""
    proxy_url: str | None = unhashed()
    """The proxy's address, for when the original is gone."""
    in_quote: bool = False
    """Stands in a quoted passage."""
    source_uuid: str | None = unhashed()
    """The UUID in its address or name, which is its identity at its source whatever its size."""
    sha256: str | None = unhashed()
    """Hash of the stored file, once stored."""


@dataclass(slots=True, kw_only=True)
class Attachment:
    """A file attached to a post."""

    url: str
    """Address of the file's page or download."""
    name: str = ""
    """File name as shown."""
    sha256: str | None = unhashed()
    """Hash of the stored file, where it is a picture and once it is stored."""


@dataclass(slots=True, kw_only=True)
class Embed:
    """Media embedded in a post's body."""

    url: str
    """Address of the player or of what it plays."""
    site: str | None = None
    """The forum's name for the media site, where it says."""


@dataclass(slots=True, kw_only=True)
class Reactions:
    """Reactions to a post, as the bar below it says."""

    count: int = 0
    """How many members reacted: the names shown and "N others"."""
    names: list[str] = field(default_factory=list)
    """Names shown."""


@dataclass(slots=True, kw_only=True)
class Post(ForumItem):
    """One post."""

    collection: ClassVar[str] = "posts"

    post_id: int
    """Numeric id."""
    thread_id: int
    """The thread it stands in."""
    number: int | None = None
    """Position in the thread, from 1."""
    author: Author = field(default_factory=Author)
    """Who wrote it."""
    created_at: datetime | None = None
    """When it was written (UTC)."""
    edited_at: datetime | None = None
    """When it was last edited (UTC)."""
    text: str = ""
    """Body text in paragraphs, without quotes, signature and controls."""
    html: str = ""
    """Body as the forum sent it."""
    quotes: list[Quote] = field(default_factory=list)
    """Quoted passages in page order."""
    links: list[Link] = field(default_factory=list)
    """Links in page order."""
    images: list[Image] = field(default_factory=list)
    """Pictures in page order."""
    attachments: list[Attachment] = field(default_factory=list)
    """Attached files in page order."""
    embeds: list[Embed] = field(default_factory=list)
    """Embedded media in page order."""
    reactions: Reactions = field(default_factory=Reactions)
    """Reactions."""
    source_url: str | None = unhashed()
    """The address named as the source, where the post names one."""
    near_duplicate_of: str | None = unhashed()
    """`_id` of the earliest post with nearly the same text."""

    @property
    def key(self) -> str:
        return f"{self.forum}/post/{self.post_id}"


@dataclass(slots=True, kw_only=True)
class Member(ForumItem):
    """A member, as cards beside posts and the member's own page tell it together."""

    collection: ClassVar[str] = "members"
    partial: ClassVar[bool] = True
    counters_live: ClassVar[bool] = True

    member_id: int
    """Numeric id."""
    name: str | None = None
    """Name as shown."""
    title: str | None = None
    """User title."""
    joined_at: datetime | None = None
    """Registration (UTC); midnight of the day where only a card told it."""
    joined_raw: str | None = None
    """The date as written on the card."""
    last_seen_at: datetime | None = counter()
    """Last activity (UTC), from the member's page."""
    messages: int | None = counter()
    """Number of messages."""
    reaction_score: int | None = counter()
    """Reaction score."""
    points: int | None = counter()
    """Trophy points."""
    avatar_url: str | None = unhashed()
    """Address of the picture."""
    avatar_sha256: str | None = unhashed()
    """Hash of the picture's file, where avatars are stored."""
    extras: dict[str, str] | None = None
    """Other fields, label to value, as written."""

    @property
    def key(self) -> str:
        return f"{self.forum}/member/{self.member_id}"
