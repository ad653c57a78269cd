"""What a post's body is made of: a small tree that `render.body` turns into HTML and `reading` into truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text, not yet escaped."""

    text: str


@dataclass(frozen=True, slots=True)
class Break:
    """A line break."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal rule."""


@dataclass(frozen=True, slots=True)
class Inline:
    """Bold, italic, coloured …: an element that breaks no line."""

    tag: str
    children: Sequence[Node]
    attributes: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Aligned or indented text, headings: an element on lines of its own; XenForo ends some with U+200B."""

    tag: str
    children: Sequence[Node]
    attributes: str = ""
    zero_width: bool = False


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quotation; without `author` it is a bare quote, without `post_id` the source is not told."""

    children: Sequence[Node]
    author: str | None = None
    member_id: int | None = None
    post_id: int | None = None


@dataclass(frozen=True, slots=True)
class Spoiler:
    """Hidden text behind a button."""

    children: Sequence[Node]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """A code block."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: Sequence[Sequence[Node]]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table of cells."""

    rows: Sequence[Sequence[Sequence[Node]]]


@dataclass(frozen=True, slots=True)
class Picture:
    """An image. `form` is how the page shows it.

    plain; proxied; bare (proxied, the original not told beside it); lazy (with a noscript copy);
    attached (a file of the forum, whole); thumb (a file of the forum, small, linked to the whole: the original).
    """

    url: str
    form: str = "plain"
    alt: str = ""
    full: str = ""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link. `wrap` names the proxy the href goes through: "", confirmation or redirect."""

    url: str
    children: Sequence[Node]
    kind: str = "external"
    wrap: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A member named with @."""

    member_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Unfurl:
    """A link shown as a card."""

    url: str
    title: str
    description: str


@dataclass(frozen=True, slots=True)
class Media:
    """A video or post of another site. `form` is iframe, s9e (inside a span) or s9e-json (built by script)."""

    url: str
    site: str
    form: str = "iframe"


@dataclass(frozen=True, slots=True)
class Smilie:
    """A smilie: an image, and in the text what its author typed."""

    code: str


Node: TypeAlias = (
    Text | Break | Rule | Inline | Block | Quoted | Spoiler | Code | Items | Table | Picture | Anchor | Mention
    | Unfurl | Media | Smilie
)  # fmt: skip


def shown(url: str) -> str:
    """An address as XenForo shows it: from 101 characters on the first 35, three dots and the last 45."""
    return url if len(url) <= 100 else f"{url[:35]}...{url[-45:]}"
