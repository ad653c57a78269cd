"""Posts that have to do with articles: what each holds, and where in the forum it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from tests.replica import seed_thread
from tests.replica.body import Node
from tests.replica.chance import COPY, dice
from tests.replica.news.copies import TEXTS, own_words, talk
from tests.replica.news.naming import CUT, NONE, PLAIN, SOURCES, Named, Namer
from tests.replica.news.newsroom import Newsroom
from tests.replica.news.posting import body_of
from tests.replica.news.stories import SEED_STORY, Story
from tests.replica.threads import UNREADABLE, Threads

PER_STORY = 3
"""Posts for each article: one that links it, one that copies it without a link, one that is no copy."""
LINKING: dict[str, tuple[str, str]] = {
    "verbatim": ("whole", "link"),
    "short": ("whole", "short"),
    "edited": ("edited", "link"),
    "amp": ("whole", "amp"),
    "excerpt_head": ("head", "link"),
    "unfurl": ("whole", "unfurl"),
    "excerpt_middle": ("middle", "link"),
    "mobile": ("whole", "mobile"),
    "respelled": ("respelled", "link"),
    "tracked": ("edited", "tracked"),
    "plain_link": ("whole", PLAIN),
}
"""Kind of post to how it has the text and how it names the source."""
COPYING: dict[str, tuple[str, str]] = {
    "cut_link": ("whole", CUT),
    "unlinked": ("whole", NONE),
    "edited_unlinked": ("edited", NONE),
    "excerpt_cut_link": ("middle", CUT),
    "excerpt_unlinked": ("head", NONE),
    "respelled_unlinked": ("respelled", NONE),
}
OTHER = {"discussion": NONE, "social": "social", "own_words": "topic"}
"""Posts that cite nothing: no link, a labelled link to a social network, the article's section in running text."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """A post that has to do with an article."""

    kind: str
    story: Story
    copies: bool
    """Whether it quotes the article."""
    named: Named
    body: tuple[Node, ...]


class Quoting:
    """The posts of a forum that have to do with articles, by (thread index, post number)."""

    def __init__(self, news: Newsroom, threads: Threads) -> None:
        self.news = news
        self.version = threads.version
        self.seed_place = (threads.seed_index, 1)
        self.places = list(_places(threads, PER_STORY * news.count))
        self._numbers = {place: number for number, place in enumerate(self.places)}
        self._quotation = lru_cache(maxsize=1024)(self._make)

    def at(self, index: int, number: int) -> Quotation | None:
        """What post `number` of a thread quotes, None for a post of the usual sort."""
        found = self._numbers.get((index, number))
        return None if found is None else self._quotation(found)

    @cached_property
    def titles(self) -> dict[int, str]:
        """Thread index to title, where the thread has the headline of the article that its first post quotes."""
        many = self.news.count * 2
        found = {}
        for turn, (index, number) in enumerate(self.places[:many]):
            story = self.news.stories[turn % self.news.count]
            if number == 1 and story.number % 4 != 3:
                found[index] = story.headline
        return found

    def _make(self, turn: int) -> Quotation:
        role, number = divmod(turn, self.news.count)
        story, chance = self.news.stories[number], dice(self.news.seed, COPY, turn)
        if turn == SEED_STORY:
            url = self.news.shown_url(story)
            body = seed_thread.body(self.version, source=url)
            return Quotation("verbatim", story, True, Named(url=url), tuple(body))
        kind, (text, source) = _kind(role, story)
        language, namer = story.site.language, Namer(self.news, story, self.version)
        if text in TEXTS:
            lines = TEXTS[text](self.news.text[number], chance, language)
        else:
            lines = own_words(self.news, story, chance) if text == "own" else talk(chance, language)
        nodes, named = SOURCES[source](namer, chance)
        body = body_of(self.news, story, lines, nodes, self.version, with_picture=text in TEXTS)
        return Quotation(kind, story, text in TEXTS, named, tuple(body))


def _kind(role: int, story: Story) -> tuple[str, tuple[str, str]]:
    """The kind of an article's post, and how it has the text and names the source; every kind comes in turn."""
    if role == 2:
        kind = [*OTHER][story.number % len(OTHER)]
        return kind, ("own" if kind == "own_words" else "talk", OTHER[kind])
    kinds = (LINKING, COPYING)[role]
    kind = [*kinds][story.number % len(kinds)]
    if kind == "mobile" and story.site.style != "alarabiya":
        kind = "verbatim"
    return kind, kinds[kind]


def _places(threads: Threads, many: int) -> Iterator[tuple[int, int]]:
    """Where so many posts stand: the seed thread, then the first posts of all threads, then the second …"""
    yield threads.seed_index, 1
    many -= 1
    indexes = [i for i in range(threads.count) if i not in UNREADABLE and i != threads.seed_index]
    number = 1
    while indexes and many > 0:
        yield from ((index, number) for index in indexes[:many])
        many -= len(indexes)
        number += 1
        indexes = [index for index in indexes if threads.posts(index) >= number]
    if many > 0:
        raise ValueError(f"{threads.count} threads have no room for {many} more posts that quote articles")
