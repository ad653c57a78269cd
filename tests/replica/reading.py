"""What a body says, as the data contract tells it: text, quotes, links, images and embeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from forumcrawl.items.forum import Embed, Image, Link, Quote
from tests.replica.body import (
    Anchor,
    Block,
    Break,
    Code,
    Inline,
    Items,
    Media,
    Mention,
    Node,
    Picture,
    Quoted,
    Rule,
    Smilie,
    Spoiler,
    Table,
    Text,
    Unfurl,
)
from tests.replica.links import proxied
from tests.replica.world import World

_INVISIBLE = str.maketrans("", "", "\u200b\u2060\ufeff")


class TextBuilder:
    """Lines of text: a break always ends one, a block ends one only if something stands on it."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line = ""

    def add(self, text: str) -> None:
        """Text on the current line."""
        self._line += text.translate(_INVISIBLE)

    def end_line(self) -> None:
        """A line break."""
        self._lines.append(" ".join(self._line.split()))
        self._line = ""

    def block(self) -> None:
        """The edge of a block."""
        if self._line.strip():
            self.end_line()
        self._line = ""

    def verbatim(self, text: str) -> None:
        """A block whose lines and indents stay as they are."""
        self.block()
        self._lines += text.split("\n")

    def __str__(self) -> str:
        lines: list[str] = []
        for line in [*self._lines, " ".join(self._line.split())]:
            if line or (lines and lines[-1]):
                lines.append(line)
        return "\n".join(lines).strip()


@dataclass(slots=True)
class Reading:
    """What one body says."""

    world: World
    quotes: list[Quote] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    embeds: list[Embed] = field(default_factory=list)

    def read(self, nodes: Sequence[Node], out: TextBuilder, depth: int = 0) -> None:
        """Walk nodes in page order; `out` takes their text, `depth` is how many quotations they stand in."""
        for node in nodes:
            match node:
                case Text(text):
                    out.add(text)
                case Break():
                    out.end_line()
                case Rule():
                    out.block()
                case Inline(_, children):
                    self.read(children, out, depth)
                case Block(_, children):
                    self._block(children, out, depth)
                case Spoiler(children):
                    self._block(children, out, depth)
                case Code(text):
                    out.verbatim(text)
                case Items(items):
                    for item in items:
                        self._block(item, out, depth)
                case Table(rows):
                    self._table(rows, out, depth)
                case Quoted():
                    out.block()
                    self._quote(node, depth)
                case Anchor(url, children, kind):
                    self._anchor(url, children, kind, out, depth)
                case Mention(member_id, name):
                    out.add(f"@{name}")
                    urls = self.world.urls
                    self._link(urls.absolute(urls.of("members", name, member_id)), f"@{name}", "mention", depth)
                case Smilie(code):
                    out.add(code)
                case Unfurl(url, title):
                    out.block()
                    self._link(url, title, "unfurl", depth)
                case Picture():
                    self._picture(node, out, depth)
                case Media(url, site, form):
                    named = form != "iframe" or self.world.version > "2.0"
                    self.embeds.append(Embed(url=url, site=site if named else None))

    def _block(self, nodes: Sequence[Node], out: TextBuilder, depth: int) -> None:
        out.block()
        self.read(nodes, out, depth)
        out.block()

    def _table(self, rows: Sequence[Sequence[Sequence[Node]]], out: TextBuilder, depth: int) -> None:
        for row in rows:
            out.block()
            for cell in row:
                self.read(cell, out, depth)
                out.add(" ")
        out.block()

    def _quote(self, node: Quoted, depth: int) -> None:
        knows_member = self.world.version >= "2.2"
        quote = Quote(
            author=node.author,
            post_id=node.post_id,
            member_id=node.member_id if knows_member else None,
            depth=depth + 1,
        )
        self.quotes.append(quote)
        inner = TextBuilder()
        self.read(node.children, inner, depth + 1)
        quote.text = str(inner)

    def _anchor(self, url: str, children: Sequence[Node], kind: str, out: TextBuilder, depth: int) -> None:
        link = self._link(url, "", kind, depth)
        own = TextBuilder()
        own_text = Reading(self.world)
        own_text.read(children, own, depth)
        link.text = " ".join(str(own).split())
        self.read(children, out, depth)

    def _link(self, url: str, text: str, kind: str, depth: int) -> Link:
        link = Link(url=url, text=" ".join(text.split()), kind=kind, in_quote=depth > 0)
        self.links.append(link)
        return link

    def _picture(self, node: Picture, out: TextBuilder, depth: int) -> None:
        through_proxy = node.form in ("proxied", "bare")
        if self.world.version > "2.0" and node.form not in ("inline", "thumb"):
            out.block()
        self.images.append(
            Image(
                url=node.full or node.url,
                alt=node.alt,
                proxied=through_proxy,
                proxy_url=self.world.urls.absolute(proxied(self.world.urls, node.url)) if through_proxy else None,
                in_quote=depth > 0,
            )
        )
