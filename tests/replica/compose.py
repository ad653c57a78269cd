"""Makes up the pieces a post's body is put together from."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import quote

from tests.replica.body import (
    Anchor,
    Break,
    Inline,
    Mention,
    Node,
    Picture,
    Quoted,
    Text,
    Unfurl,
    shown,
)
from tests.replica.seed_thread import alt_of
from tests.replica.threads import ThreadInfo
from tests.replica.words import EMOJI, WORDS

if TYPE_CHECKING:
    from tests.replica.posts import Writer

ODD = ("AT&T", "a &lt; b", "&amp;", "x < y > z", "«…»", "10\u00a0km", "\u200fRTL\u200e", "\ufeffmark", "ســلام", "قَلَمٌ")
_STREAM = 1 << 16


@cache
def _stream(language: str) -> list[str]:
    """A long row of words to cut sentences from: much cheaper than drawing word by word."""
    return Random(language).choices(WORDS[language], k=_STREAM)


class Composer:
    """Makes pieces for one post; `chance` decides everything."""

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

    def sentence(self) -> str:
        """A sentence; some hold signs that must be escaped, emoji or invisible marks."""
        start, more = divmod(self.chance.randrange((_STREAM - 14) * 10), 10)
        words = _stream(self.world.language)[start : start + 4 + more]
        if self.chance.random() < 0.15:
            words.append(self.chance.choice(ODD + tuple(EMOJI)))
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

    def quotes(self) -> list[Node]:
        """What a reply opens with: one quotation, one in another, two with an answer between, a bare one …"""
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
        if self.world.hanging:
            return self.world.hanging.any(self.chance, form)
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
