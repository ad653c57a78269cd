"""Finding what a page's posts quote among all articles that are known: milliseconds a post, with few and with many.

`python -m bench.matching [FEW MANY]`, by default 10,000 and 100,000, on an embedded server. Pages of 20 posts, every
second one a copy of a known article, are matched with few and with many articles in turn, so that a machine whose
speed drifts drifts for both.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any, TypeVar

from bench.growing import FEW, MANY, measured, store, times
from forumcrawl.items import Article, Citation, Post, SourceLink, Thread
from forumcrawl.items.article import Picture
from forumcrawl.items.forum import Image
from forumcrawl.items.trace import ArticleTrace, PostTrace
from forumcrawl.pipelines.identities import IdentitiesPipeline
from forumcrawl.storage.lookup import Lookup
from forumcrawl.storage.matching import Matching
from forumcrawl.storage.mongo import Database, prepare
from forumcrawl.storage.patience import Patience
from forumcrawl.storage.traces import Traces
from forumcrawl.text.sketch import sketch_of
from tests.replica.chance import COPY, POST, dice
from tests.replica.news.addresses import encoded, path_of, picture_path
from tests.replica.news.copies import TEXTS, talk
from tests.replica.news.sites import base_urls
from tests.replica.news.stories import Story, story_of, text_of

PAGES = 60
POSTS = 20
SEED = 1
BASES = base_urls("http://127.0.0.1:80")
CHUNK = 1_000
T = TypeVar("T", Article, Post)


class Archive:
    """A database that knows the first `count` articles, and what matching in it took."""

    def __init__(self, database: Database, count: int) -> None:
        self.count = count
        self.whole: list[float] = []
        """Milliseconds a post, page by page."""
        self.not_found = 0
        """Copies whose article was not found."""
        self._database = database
        patience = Patience(60)
        lookup = Lookup(database, patience)
        self._matching = Matching(lookup, Traces(database, patience, lookup))

    async def fill(self) -> None:
        """Store the articles."""
        await prepare(self._database, (Article, ArticleTrace, Post, PostTrace, SourceLink, Thread))
        for start in range(0, self.count, CHUNK):
            numbers = range(start, min(self.count, start + CHUNK))
            await store(self._database, [article(each) for each in numbers])

    async def work(self, page: int) -> None:
        """Match a page of posts."""
        posts = [post(number, self.count) for number in range(page * POSTS, (page + 1) * POSTS)]
        for each in posts:
            sketch_of(each.text)  # as the writer has, when it stored them
        began = time.perf_counter()
        found = await self._matching.of(posts)
        self.whole.append(1000 * (time.perf_counter() - began) / len(posts))
        cited = {(each.post_id, each.article_id) for each in found if isinstance(each, Citation)}
        sources = {each.key: quoted(each.post_id, self.count) for each in posts}
        due = {(key, article(source).key) for key, source in sources.items() if source is not None}
        self.not_found += len(due - cited)


def article(number: int) -> Article:
    """A known article, as its page tells it."""
    story, lines = story_of(SEED, number), text_of(SEED, number)
    return derived(
        Article(
            site=story.site.host,
            url=address(story),
            headline=story.headline,
            subtitle=story.subtitle,
            published_at=story.published,
            text="\n".join(lines),
            html="".join(f"<p>{line}</p>" for line in lines),
            images=[Picture(url=picture(story, place)) for place in range(len(story.pictures))],
        )
    )


def quoted(number: int, known: int) -> int | None:
    """The article that a post copies, by number; None for every second post."""
    return None if number % 2 else dice(SEED, POST, number).randrange(known)


def post(number: int, known: int) -> Post:
    """A copy of a known article with its picture; else talk, or a copy of an article that is not known."""
    chance, source = dice(SEED, COPY, number), quoted(number, known)
    story = story_of(SEED, known + number if source is None else source)
    if number % 4 == 1:
        lines = talk(chance, story.site.language)
    else:
        lines = TEXTS[chance.choice([*TEXTS])](text_of(SEED, story.number), chance, story.site.language)
    return derived(
        Post(
            forum="forum.example",
            thread_id=1,
            post_id=number,
            number=number % POSTS + 1,
            text="\n".join(lines),
            images=[Image(url=picture(story, 0))],
        )
    )


def address(story: Story) -> str:
    """Where an article stands."""
    return BASES[story.site.name] + encoded(path_of(story))


def picture(story: Story, place: int) -> str:
    """Where an article's picture stands."""
    return BASES[story.site.name] + picture_path(story, place)


def derived(item: T) -> T:
    """The item, with the identities of its pictures filled."""
    IdentitiesPipeline().process_item(item)
    return item


def sketching(texts: list[str]) -> float:
    """Milliseconds a text."""
    began = time.perf_counter()
    for text in texts:
        sketch_of(text)
    return 1000 * (time.perf_counter() - began) / len(texts)


def main(few: int = FEW, many: int = MANY) -> dict[str, Any]:
    """All figures, on a server of its own."""
    archives = measured(Archive, PAGES, few, many)
    return {
        **times(archives),
        "not_found": {archive.count: archive.not_found for archive in archives},
        "sketch_ms": round(sketching([post(number, few).text for number in range(PAGES * POSTS)]), 2),
    }


if __name__ == "__main__":
    print(json.dumps({"bench": "matching", **main(*map(int, sys.argv[1:]))}))
