"""Finding texts that are nearly the same as a page's posts among all posts: milliseconds a post, with few and many.

`python -m bench.alike [FEW MANY]`, by default 10,000 and 100,000, on an embedded server. Pages of 20 posts, three in
ten edited reposts of known posts, are linked with few and with many posts known in turn.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.growing import FEW, MANY, measured, store, times
from bench.matching import CHUNK, PAGES, POSTS, SEED, derived
from forumcrawl.items import Post
from forumcrawl.items.trace import PostTrace
from forumcrawl.storage.alike import Alike
from forumcrawl.storage.lookup import Lookup
from forumcrawl.storage.mongo import Database, prepare
from forumcrawl.storage.patience import Patience
from forumcrawl.storage.traces import Traces
from tests.replica.chance import COPY, dice
from tests.replica.news.copies import TEXTS
from tests.replica.news.stories import story_of, text_of

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
REPOSTS = 6
"""Of the posts of a page."""


class Archive:
    """A database that knows the first `count` posts, and what linking in it took."""

    def __init__(self, database: Database, count: int) -> None:
        self.count = count
        self.whole: list[float] = []
        """Milliseconds a post, page by page."""
        self.missed = 0
        """Reposts that were not linked."""
        self._database = database
        patience = Patience(60)
        lookup = Lookup(database, patience)
        self._alike = Alike(database, patience, lookup, Traces(database, patience, lookup))

    async def fill(self) -> None:
        """Store the posts."""
        await prepare(self._database, (Post, PostTrace))
        for start in range(0, self.count, CHUNK):
            numbers = range(start, min(self.count, start + CHUNK))
            await store(self._database, [post(each, text_of(SEED, each)) for each in numbers])

    async def work(self, page: int) -> None:
        """Store and link a page."""
        posts = [arriving(self.count, page * POSTS + place, place < REPOSTS) for place in range(POSTS)]
        await store(self._database, posts)
        began = time.perf_counter()
        linked = {each.key for each in await self._alike.link(posts)}
        self.whole.append(1000 * (time.perf_counter() - began) / POSTS)
        self.missed += sum(each.key not in linked for each in posts[:REPOSTS])


def arriving(known: int, number: int, repost: bool) -> Post:
    """A post that was not known: an edited copy of a known one, or a text of its own."""
    chance = dice(SEED, COPY, number)
    if not repost:
        return post(known + number, text_of(SEED, known + number))
    story = story_of(SEED, chance.randrange(known))
    return post(known + number, TEXTS["edited"](text_of(SEED, story.number), chance, story.site.language))


def post(number: int, lines: list[str]) -> Post:
    """A post of these lines, later than all of smaller numbers."""
    at = EPOCH + timedelta(minutes=number)
    return derived(
        Post(forum="forum.example", thread_id=1, post_id=number, number=1, created_at=at, text="\n".join(lines))
    )


def main(few: int = FEW, many: int = MANY) -> dict[str, Any]:
    """All figures, on a server of its own."""
    archives = measured(Archive, PAGES, few, many)
    return {
        **times(archives),
        "reposts_missed": {archive.count: f"{archive.missed} of {PAGES * REPOSTS}" for archive in archives},
    }


if __name__ == "__main__":
    print(json.dumps({"bench": "alike", **main(*map(int, sys.argv[1:]))}))
