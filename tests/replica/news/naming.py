"""The line in which a post names its source, in the ways people do it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from urllib.parse import unquote

from tests.replica.body import Anchor, Break, Inline, Node, Text, Unfurl, shown
from tests.replica.news.addresses import amp_path, cut, encoded, mobile_url, short_url, tracked
from tests.replica.news.newsroom import Newsroom
from tests.replica.news.prose import sentence
from tests.replica.news.stories import Story

NONE, CUT, PLAIN = "none", "cut", "plain"
_LABELS = {
    "ar": ("المصدر: ", "المصدر : ", "مصدر الخبر: ", "رابط الخبر: ", "المصدر:"),
    "en": ("Source: ", "Source : ", "SOURCE: "),
}


@dataclass(frozen=True, slots=True)
class Named:
    """The source as a post names it."""

    url: str | None = None
    """Address that leads to the article, as it is linked or written out."""
    cut: str | None = None
    """Address of which only the ends are left."""
    social: str | None = None
    """Address of a message on a social network, which is no article."""


class Namer:
    """Names the source of one article's posts."""

    def __init__(self, news: Newsroom, story: Story, version: str) -> None:
        self.news = news
        self.story = story
        self.version = version
        self.base = news.bases[story.site.name]

    def labelled(self, chance: Random, last: Node) -> list[Node]:
        """A label and what it names: on its line or the next, plain or bold."""
        label = Text(chance.choice(_LABELS[self.story.site.language]))
        first: Node = Inline("b", [label]) if chance.random() < 0.4 else label
        return [first, Break(), last] if chance.random() < 0.25 else [first, last]

    def anchor(self, chance: Random, url: str) -> tuple[list[Node], Named]:
        """A labelled link that shows its address in letters, cut where it is long."""
        return self.labelled(chance, Anchor(url, [Text(shown(unquote(url)))])), Named(url=url)

    def link(self, chance: Random) -> tuple[list[Node], Named]:
        """The article's own address, in every second post with its letters as they are."""
        url = self.news.url(self.story)
        return self.anchor(chance, url if self.story.number % 2 else self.news.shown_url(self.story))

    def unfurl(self, chance: Random) -> tuple[list[Node], Named]:
        """A link card below the label; XenForo 2.0 has none."""
        if self.version < "2.1":
            return self.link(chance)
        url, label = self.news.url(self.story), chance.choice(_LABELS[self.story.site.language])
        card = Unfurl(url, self.story.headline, self.story.subtitle)
        return [Text(label), Break(), card], Named(url=url)

    def cut(self, chance: Random) -> tuple[list[Node], Named]:
        """Only what XenForo showed of the address, no link; an address too short to be cut is whole."""
        text = cut(self.news.shown_url(self.story))
        return self.labelled(chance, Text(text)), Named(cut=text) if "..." in text else Named(url=text)

    def plain(self, chance: Random) -> tuple[list[Node], Named]:
        """The whole address, no link."""
        url = self.news.url(self.story)
        return self.labelled(chance, Text(url)), Named(url=url)

    def social(self, chance: Random) -> tuple[list[Node], Named]:
        """A labelled link to a message on a social network."""
        site = chance.choice(("https://x.com/newsdesk/status/", "https://t.me/newsdesk/"))
        url = f"{site}{chance.randrange(10**9)}"
        return self.anchor(chance, url)[0], Named(social=url)

    def topic(self, chance: Random) -> tuple[list[Node], Named]:
        """The article's section, linked in a sentence."""
        url, language = f"{self.base}/{self.story.section[0]}", self.story.site.language
        said, more = (Text(f" {sentence(chance, language, 6)} ") for _ in range(2))
        return [said, Anchor(url, [Text(url)]), more], Named()


SOURCES: dict[str, Callable[[Namer, Random], tuple[list[Node], Named]]] = {
    NONE: lambda namer, chance: ([], Named()),
    CUT: Namer.cut,
    PLAIN: Namer.plain,
    "link": Namer.link,
    "unfurl": Namer.unfurl,
    "amp": lambda namer, chance: namer.anchor(chance, namer.base + encoded(amp_path(namer.story))),
    "mobile": lambda namer, chance: namer.anchor(chance, mobile_url(namer.news.bases, namer.story)),
    "tracked": lambda namer, chance: namer.anchor(chance, tracked(namer.news.url(namer.story))),
    "short": lambda namer, chance: namer.anchor(chance, short_url(namer.news.bases, namer.story)),
    "social": Namer.social,
    "topic": Namer.topic,
}
"""How a source is named, to what makes the nodes."""
