"""Makes up the body of a post: a paragraph or two, and in most posts something a parser must get right."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import quote

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
    shown,
)
from tests.replica.seed_thread import alt_of
from tests.replica.threads import ThreadInfo
from tests.replica.words import EMOJI, WORDS

if TYPE_CHECKING:
    from tests.replica.posts import Writer

_ODD = ("AT&T", "a &lt; b", "&amp;", "x < y > z", "«…»", "10\u00a0km", "\u200fRTL\u200e", "\ufeffmark", "ســلام", "قَلَمٌ")


class Composer:
    """Composes one body; `chance` decides everything."""

    thread: ThreadInfo
    number: int
    words: list[str]

    def __init__(self, writer: Writer, thread: ThreadInfo, number: int, chance: Random) -> None:
        self.writer = writer
        self.world = writer.world
        self.thread = thread
        self.number = number
        self.chance = chance
        self.words = WORDS[self.world.language]

    def body(self) -> list[Node]:
        """The body's nodes. Every second post holds a feature; which one depends on its place."""
        place = self.thread.index * 5 + self.number * 3 + self.world.seed
        opening = self._quotes() if self.number > 1 and self.chance.random() < 0.3 else []
        if place % 2:
            return [*opening, *self.paragraphs()]
        make = FEATURES[place // 2 % len(FEATURES)]
        return [*opening, *self.paragraphs(), Break(), Break(), *make(self), Break(), *self.paragraphs()]

    def sentence(self) -> str:
        """A sentence; some hold signs that must be escaped, emoji or invisible marks."""
        words = self.chance.choices(self.words, k=self.chance.randrange(4, 14))
        if self.chance.random() < 0.15:
            words.append(self.chance.choice(_ODD + tuple(EMOJI)))
        return " ".join(words) + "."

    def paragraphs(self) -> list[Node]:
        """One to three paragraphs with line breaks between them."""
        nodes: list[Node] = [Text(self.sentence())]
        for _ in range(self.chance.randrange(3)):
            nodes += [Break(), Break(), Text(self.sentence() + " " + self.sentence())]
        if self.chance.random() < 0.2:
            nodes.append(Inline("b", [Text(" " + self.sentence())]))
        return nodes

    def url(self, tail: str = "") -> str:
        """An address on some other site."""
        site = self.chance.choice(("example.org", "news.example.com", "www.example.net"))
        return f"https://{site}/{self.thread.id}/{self.number}/{self.chance.randrange(10**6)}{tail}"

    def file(self, ending: str = ".jpg") -> str:
        """An image's address on some other site."""
        return self.url(ending)

    def earlier(self, content: list[Node], *, source: bool = True) -> Quoted:
        """A quotation of an earlier post of the thread."""
        number = self.chance.randrange(1, max(2, self.number))
        author = self.writer.author(self.thread, number)
        post_id = self.writer.post_id(self.thread, number) if source else None
        return Quoted(content, author.name, author.id or None if source else None, post_id)

    def _quotes(self) -> list[Node]:
        text: list[Node] = [Text(self.sentence())]
        kind = self.chance.randrange(6)
        if kind == 0:
            return [self.earlier([self.earlier([Text(self.sentence())]), *text])]
        if kind == 1:
            return [self.earlier(text), Text(self.sentence()), Break(), self.earlier([Text(self.sentence())])]
        if kind == 2:
            return [Quoted(text)]
        if kind == 3:
            return [self.earlier(text, source=False)]
        return [self.earlier([*text, Break(), Text(self.sentence())])]

    def picture(self, form: str, ending: str = ".jpg") -> Picture:
        """An image of another site."""
        url = self.file(ending)
        return Picture(url, form, alt_of(url, self.world.version))

    def attached(self, form: str) -> Picture:
        """An image of the post's own files, in the text."""
        urls, number = self.world.urls, self.writer.post_id(self.thread, self.number) * 10 + 9
        whole = urls.absolute(urls.of("attachments", "inline.jpg", number))
        if form == "attached":
            return Picture(whole, form, "inline.jpg")
        small = urls.absolute(urls.file(f"data/attachments/{number // 1000}/{number}-{number:x}.jpg"))
        return Picture(small, form, "inline.jpg", full=whole)

    def link(self, url: str, wrap: str = "") -> list[Node]:
        """A line that ends with a link showing its own address."""
        return [Text(self.sentence() + " "), Anchor(url, [Text(shown(url))], wrap=wrap)]

    def long_url(self) -> str:
        """An address that is shown cut in the middle."""
        words = self.chance.choices(self.words, k=14)
        return self.url("/" + quote("-".join(words), safe="") + "?a=1&b=2#c")[:400]

    def internal(self) -> list[Node]:
        """A link to another thread, now and then by a name it no longer has."""
        index = self.chance.randrange(self.world.threads)
        title = f"old name {index}" if self.number % 2 else self.world.threads_model[index].title
        url = self.world.urls.absolute(self.world.urls.of("threads", title, self.world.threads_model.id_of(index)))
        return [Anchor(url, [Text(self.sentence())], kind="internal")]

    def mention(self) -> list[Node]:
        """A member named in a sentence."""
        member = self.writer.member(1 + self.chance.randrange(self.world.members))
        return [Text(self.sentence() + " "), Mention(member.id, member.name), Text(" " + self.sentence())]

    def unfurl(self) -> list[Node]:
        """A link card; XenForo 2.0 has none and shows a link."""
        url = self.url("?ref=card&x=1")
        if self.world.version < "2.1":
            return self.link(url)
        return [Unfurl(url, self.sentence(), self.sentence())]

    def coloured(self) -> list[Node]:
        """Nested formatting, with a break inside."""
        inner: list[Node] = [Text(self.sentence()), Break(), Inline("i", [Text(self.sentence())])]
        return [Inline("span", [Inline("span", inner, ' style="font-size: 18px"')], ' style="color: #b30000"')]

    def quote_with_all(self) -> list[Node]:
        """A quotation that quotes a link, an image and a mention."""
        member = self.writer.member(1 + self.number % self.world.members)
        content = [
            *self.link(self.long_url()),
            Break(),
            self.picture("proxied"),
            Break(),
            Mention(member.id, member.name),
        ]
        return [self.earlier(content)]


def _table(c: Composer) -> list[Node]:
    cells: list[list[list[Node]]] = [[[Text(c.sentence())], [Text(c.sentence())]] for _ in range(3)]
    return [Table(cells)]


def _list(c: Composer) -> list[Node]:
    items: list[list[Node]] = [[Text(c.sentence())], [Inline("b", [Text(c.sentence())])], c.link(c.url())]
    return [Items(items, ordered=c.number % 2 == 0)]


def _blocks(c: Composer) -> list[Node]:
    indent: list[Node] = [Block("div", [Text(c.sentence())], ' style="margin-left: 20px"', zero_width=True)]
    empty = Block("div", [], ' style="margin-left: 20px"', zero_width=True)
    centre = Block("div", [Text(c.sentence())], ' style="text-align: center"', zero_width=True)
    return [centre, *indent, empty, Block("h3", [Text(c.sentence())], zero_width=True), Rule()]


_CODE = 'def land(speed):\n    if speed < 3 and speed > -1:\n\n        return "<down> & safe"\n    return None'
FEATURES: tuple[Callable[[Composer], list[Node]], ...] = (
    lambda c: [c.picture("plain")],
    lambda c: [c.picture("proxied", ".png?w=1200&h=676")],
    lambda c: [c.picture("bare")],
    lambda c: [c.picture("lazy")],
    lambda c: [c.attached("attached")],
    lambda c: [c.attached("thumb")],
    lambda c: [Anchor(c.url("?page=1&x=%D9%85"), [c.picture("inline")])],
    lambda c: c.link(c.url("?a=1&lt=2")),
    lambda c: c.link(c.long_url()),
    lambda c: c.link(c.long_url(), "confirmation"),
    lambda c: c.link(c.url("/?q=a+b"), "redirect"),
    Composer.internal,
    Composer.mention,
    Composer.unfurl,
    Composer.coloured,
    Composer.quote_with_all,
    lambda c: [Media(f"https://www.youtube.com/embed/v{c.thread.id}_{c.number}?wmode=opaque", "youtube")],
    lambda c: [Media(c.url("?x=1&y=2"), "bitchute", "s9e")],
    lambda c: [Media(c.url("?x=1&y=2"), "tiktok", "s9e-json")],
    lambda c: [Spoiler([Text(c.sentence()), Break(), *c.link(c.url())], c.words[c.number % 30])],
    lambda c: [Spoiler([c.picture("proxied"), Break(), Quoted([Text(c.sentence())])])],
    lambda c: [Code(_CODE, "python"), Text(c.sentence()), Inline("code", [Text("a &lt; b")], ' class="bbCodeInline"')],
    _list,
    _table,
    _blocks,
    lambda c: [Text(c.sentence() + " "), Smilie(":)"), Text(" " + c.sentence() + " "), Smilie(";)")],
    lambda c: [Text(" ".join(_ODD)), Break(), Text("".join(EMOJI))],
)
"""What a post may hold, each in turn."""
