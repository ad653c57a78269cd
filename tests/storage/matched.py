"""Posts, articles and links to store, and what was found of them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from forumcrawl.items import Article, Item, Post, SourceLink
from forumcrawl.items.article import Picture
from forumcrawl.items.forum import Image
from forumcrawl.pipelines.identities import IdentitiesPipeline
from forumcrawl.storage.mongo import Document
from forumcrawl.text.addresses import cut_tail
from tests.citing.samples import prose
from tests.items.samples import NOON, full_post
from tests.storage.conftest import Place, batches

T = TypeVar("T", Post, Article)

SITE = "alarabiya.net"
TEXT = prose(1, 300)
SLUG = "-".join(prose(9, 24).replace("\n", " ").replace(".", "").split()) + "-"


def address(name: str = "world", day: str = "2026/03/03") -> str:
    """A long address; those of all names and days begin and end alike."""
    return f"https://www.alarabiya.net/arab-and-world/{name}/{day}/{SLUG}"


def article(text: str = TEXT, url: str = "", picture: str | None = None, **said: Any) -> Article:
    pictures = [Picture(url=f"https://vid.example/{picture}.jpg")] if picture else []
    said = {"headline": "عنوان من خمس كلمات طويلة", "fetched_at": NOON, "run_id": "news", **said}
    return _derived(Article(site=SITE, url=url or address(), text=text, images=pictures, **said))


def post(post_id: int = 7, text: str = TEXT, picture: str | None = None, **said: Any) -> Post:
    images = [Image(url=f"https://forum.example/attachments/{post_id}/", alt=f"{picture}.jpg")] if picture else []
    return _derived(full_post(post_id, text=text, images=images, attachments=[], **said))


def _derived(item: T) -> T:
    IdentitiesPipeline().process_item(item)
    return item


def named(*posts: Post, url: str = "") -> SourceLink:
    """The link as posts name it."""
    url, ids = url or address(), [each.key for each in posts]
    return SourceLink(site=SITE, url=url, outcome="pending", next_try_at=NOON, post_ids=ids, fetched_at=NOON)


def answered(found: Article, url: str = "") -> SourceLink:
    """The link when its page was read."""
    url = url or address()
    return SourceLink(site=SITE, url=url, outcome="fetched", tries=1, article_id=found.key, fetched_at=NOON)


def cut(*posts: Post) -> SourceLink:
    """The link of which posts show only the ends."""
    shown = f"{address()[:35]}...{address()[-45:]}"
    ids = [each.key for each in posts]
    return SourceLink(site=SITE, cut=shown, tail=cut_tail(shown), outcome="unresolved", post_ids=ids, fetched_at=NOON)


class Archive:
    """What a database holds after batches were stored in it."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def store(self, *stored: Sequence[Item]) -> None:
        """Each sequence as a batch, by a writer of its own."""

        async def main() -> None:
            async with self._place.open() as database:
                for items in stored:
                    await batches(database).store([replace(item) for item in items])

        asyncio.run(main())

    def citations(self) -> dict[tuple[str, str], Document]:
        """By post and article."""
        return {(each["post_id"], each["article_id"]): each for each in self.all("citations")}

    def how(self) -> dict[tuple[str, str], str]:
        return {pair: each["how"] for pair, each in self.citations().items()}

    def link(self, link: SourceLink) -> Document:
        return next(each for each in self.all("links") if each["_id"] == link.key)

    def all(self, collection: str) -> list[Document]:
        async def main() -> list[Document]:
            async with self._place.open(prepared=False) as database:
                return await database[collection].find().to_list()

        return asyncio.run(main())


def pair(one: Post, other: Article) -> tuple[str, str]:
    return one.key, other.key


def at(moment: datetime) -> dict[str, Any]:
    """Of an article that was published then."""
    return {"published_at": moment, "published_to": "minute"}
