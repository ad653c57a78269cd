"""Which posts and articles belong together: looked up as soon as either of them is durable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from forumcrawl.citing.compare import ReadyArticle, ReadyPost, compare, strongest
from forumcrawl.items import Article, Citation, Item, Post, SourceLink, Thread
from forumcrawl.items.restore import restore
from forumcrawl.storage.lookup import Lookup
from forumcrawl.storage.pairs import Pairs
from forumcrawl.text.addresses import cut_address, matches
from forumcrawl.text.sketch import estimated

T = TypeVar("T", bound=Item)
_PROMISING = 0.25
"""Estimated containment from which the texts themselves are compared."""


class Matching:
    """Finds what the posts, articles and links of a batch belong to among all that is stored.

    Both sides look: whichever of a post and its article becomes durable last finds the other, whatever workers
    stored them. Looking again finds the same, so a batch that is stored again does no harm.
    """

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup

    async def of(self, items: Sequence[Item]) -> list[Item]:
        """What durable `items` lead to: links that are now resolved, and citations.

        Raises StorageUnavailable when the database stays away.
        """
        posts = {item.key: item for item in items if isinstance(item, Post)}
        articles = {item.key: item for item in items if isinstance(item, Article)}
        links = [item for item in items if isinstance(item, SourceLink)]
        pairs = Pairs()
        await self._by_text(pairs, posts, articles)
        await self._by_image(pairs, posts, articles)
        resolved = await self._completed(links, articles)
        await self._by_link(pairs, [*links, *resolved], articles)
        return [*resolved, *await self._cited(pairs, posts, articles)]

    async def _by_text(self, pairs: Pairs, posts: Mapping[str, Post], articles: Mapping[str, Article]) -> None:
        for found, post in await self._alike("articles", posts):
            pairs.add(post, found)
        for found, article in await self._alike("posts", articles):
            pairs.add(found, article)

    async def _alike(self, collection: str, own: Mapping[str, Post | Article]) -> Iterable[tuple[str, str]]:
        """(`_id` in `collection`, `_id` of ours) of texts that share a key and promise to be alike."""
        owners = _owners((key, item.keys or []) for key, item in own.items())
        found = await self._lookup.by(collection, "keys", list(owners), ["keys", "sketch"])
        pairs = {
            (document["_id"], ours) for document in found for key in document["keys"] for ours in owners.get(key, ())
        }
        sketches = {document["_id"]: document.get("sketch") or [] for document in found}
        return [(theirs, ours) for theirs, ours in pairs if _promising(sketches[theirs], own[ours].sketch or [])]

    async def _by_image(self, pairs: Pairs, posts: Mapping[str, Post], articles: Mapping[str, Article]) -> None:
        for found, post in await self._same_image("articles", posts):
            pairs.add(post, found)
        for found, article in await self._same_image("posts", articles):
            pairs.add(found, article)

    async def _same_image(self, collection: str, own: Mapping[str, Post | Article]) -> Iterable[tuple[str, str]]:
        shown = ((key, [each.source_uuid for each in item.images if each.source_uuid]) for key, item in own.items())
        owners = _owners(shown)
        found = await self._lookup.by(collection, "images.source_uuid", list(owners), ["images.source_uuid"])
        return {
            (document["_id"], ours)
            for document in found
            for image in document["images"]
            for ours in owners.get(image.get("source_uuid"), ())
        }

    async def _completed(self, links: Sequence[SourceLink], articles: Mapping[str, Article]) -> list[SourceLink]:
        """Links that survive only cut in the middle, completed by the one article whose address fits."""
        cut = [link for link in links if link.cut and link.tail]
        known = await self._lookup.by("articles", "tail", [str(link.tail) for link in cut], ["tail", "outcome"])
        addresses = {document["_id"]: document["outcome"] for document in known}
        tails = [str(article.tail) for article in articles.values() if article.tail]
        waiting = await self._lookup.by("links", "tail", tails, None)
        addresses |= {key: article.outcome for key, article in articles.items()}
        open_links = [*cut, *(restore(SourceLink, document) for document in waiting)]
        return [done for link in open_links if (done := _completion(link, addresses)) is not None]

    async def _by_link(self, pairs: Pairs, links: Sequence[SourceLink], articles: Mapping[str, Article]) -> None:
        keys = [link.key for link in links]
        stored = await self._lookup.by("links", "_id", keys, ["article_id", "post_ids"])
        stored += await self._lookup.by("links", "article_id", list(articles), ["article_id", "post_ids"])
        known = [(link.article_id, link.post_ids) for link in links]
        for article_id, post_ids in [*known, *((each.get("article_id"), each["post_ids"]) for each in stored)]:
            for post_id in post_ids if article_id else ():
                pairs.add(post_id, str(article_id), linked=True)

    async def _cited(self, pairs: Pairs, posts: Mapping[str, Post], articles: Mapping[str, Article]) -> list[Citation]:
        all_posts = await self._whole(Post, pairs.posts, posts)
        all_articles = await self._whole(Article, pairs.articles, articles)
        titles = await self._titles(all_posts[key] for key in pairs.posts if key in all_posts)
        ready = {key: ReadyArticle.of(all_articles[key]) for key in pairs.articles if key in all_articles}
        citations: list[Citation] = []
        for post_id, group in pairs.by_post():
            if (post := all_posts.get(post_id)) is not None:
                own = ReadyPost.of(post, titles.get(_thread_of(post)))
                found = (compare(own, ready[key], linked=linked) for key, linked in group if key in ready)
                citations += strongest([each for each in found if each is not None])
        return citations

    async def _whole(self, kind: type[T], keys: Iterable[str], own: Mapping[str, T]) -> dict[str, T]:
        missing = [key for key in keys if key not in own]
        documents = await self._lookup.by(kind.collection, "_id", missing, None)
        return {**own, **{document["_id"]: restore(kind, document) for document in documents}}

    async def _titles(self, posts: Iterable[Post]) -> dict[str, Any]:
        keys = list(dict.fromkeys(_thread_of(post) for post in posts if post.number == 1))
        documents = await self._lookup.by(Thread.collection, "_id", keys, ["title"])
        return {document["_id"]: document.get("title") for document in documents}


def _thread_of(post: Post) -> str:
    return f"{post.forum}/thread/{post.thread_id}"


def _owners(values: Iterable[tuple[str, Iterable[Any]]]) -> dict[Any, list[str]]:
    owners: dict[Any, list[str]] = {}
    for key, each in values:
        for value in each:
            owners.setdefault(value, []).append(key)
    return owners


def _promising(one: list[int], other: list[int]) -> bool:
    """A sketch of a short text says too little to rule a pair out."""
    if min(len(one), len(other)) < 8:
        return True
    return max(estimated(one, other), estimated(other, one)) >= _PROMISING


def _completion(link: SourceLink, addresses: Mapping[str, str]) -> SourceLink | None:
    cut = cut_address(link.cut or "")
    fitting = [address for address in addresses if cut is not None and matches(cut, address)]
    if len(fitting) != 1 or link.article_id is not None:
        return None
    return SourceLink(
        site=link.site,
        post_ids=link.post_ids,
        outcome=addresses[fitting[0]],
        article_id=fitting[0],
        cut=link.cut,
        tail=link.tail,
    )
