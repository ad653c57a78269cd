"""Which posts and articles belong together: looked up as soon as either of them is durable."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from forumcrawl.citing.compare import ReadyArticle, ReadyPost, compare, strongest
from forumcrawl.items import Article, Citation, Item, Post, SourceLink, Thread
from forumcrawl.storage.completing import Completing
from forumcrawl.storage.lookup import Lookup, owners_of
from forumcrawl.storage.pairs import Pairs
from forumcrawl.storage.traces import Traces
from forumcrawl.text.sketch import estimated

_PROMISING = 0.25
"""Estimated containment from which the texts themselves are compared."""
_DOUBTFUL = 0.18
"""Standard deviation of an estimate (of seven shingles) that says too little to rule a pair out."""
_NAMES = ["article_id", "post_ids"]
_NOT_COMPARED = ("html", "provenance")


class Matching:
    """Finds what the posts, articles and links of a batch belong to among all that is stored.

    Both sides look: whichever of a post and its article becomes durable last finds the other, whatever workers
    stored them. A link that names a post is expected no sooner than the post. Looking again finds the same, so a batch
    that is stored again does no harm. Nothing is taken back: a citation stays when its post no longer names the
    article, or when an article that is stored later explains the post better.
    """

    def __init__(self, lookup: Lookup, traces: Traces) -> None:
        self._lookup = lookup
        self._traces = traces
        self._completing = Completing(lookup)

    async def of(self, items: Sequence[Item]) -> list[Item]:
        """What durable `items` lead to: links that are now resolved, and citations.

        Raises StorageUnavailable when the database stays away.
        """
        posts = {item.key: item for item in items if isinstance(item, Post)}
        # Of an article or a link the batch may hold only a part, or a copy that is worth less than what is stored.
        articles = await self._lookup.items(Article, [item.key for item in items if isinstance(item, Article)])
        links = [item for item in items if isinstance(item, SourceLink)]
        pairs = Pairs()
        resolved, *_ = await asyncio.gather(
            self._completed(pairs, links, articles),
            self._by_text(pairs, posts, articles),
            self._by_image(pairs, posts, articles),
        )
        return [*resolved, *await self._cited(pairs, posts, articles)]

    async def _completed(
        self, pairs: Pairs, links: Sequence[SourceLink], articles: Mapping[str, Article]
    ) -> list[SourceLink]:
        """The links that are completed by one another or an article; their posts, and those of `links`, are paired."""
        resolved = await self._completing.of([*_tails(links), *_tails(articles.values())])
        await self._by_link(pairs, [*links, *resolved])
        return resolved

    async def _by_text(self, pairs: Pairs, posts: Mapping[str, Post], articles: Mapping[str, Article]) -> None:
        for post, article in await self._promising(Article, posts):
            pairs.add(post, article)
        found = await self._promising(Post, articles)
        copies = await self._copies(list(dict.fromkeys(post for _, post in found)))
        for article, post in found:
            for each in (post, *copies.get(post, ())):
                pairs.add(each, article)

    async def _promising(self, kind: type[Post | Article], own: Mapping[str, Post | Article]) -> list[tuple[str, str]]:
        """(`_id` of ours, `_id` of one of `kind`) of texts that share a key and promise to be alike."""
        near = await self._traces.like(kind, {key: item.text for key, item in own.items()})
        return [pair for pair, sketches in near.items() if _promises(*sketches)]

    async def _copies(self, posts: Sequence[str]) -> dict[str, list[str]]:
        """The posts that are nearly the same as these, which are found by the keys of one of them."""
        stored = await self._lookup.by("posts", "_id", posts, ["near_duplicate_of"])
        heads = {each["_id"]: each["near_duplicate_of"] or each["_id"] for each in stored}
        groups: dict[str, list[str]] = {head: [head] for head in heads.values()}
        for each in await self._lookup.by("posts", "near_duplicate_of", list(groups), ["near_duplicate_of"]):
            groups[each["near_duplicate_of"]].append(each["_id"])
        return {post: groups[head] for post, head in heads.items()}

    async def _by_image(self, pairs: Pairs, posts: Mapping[str, Post], articles: Mapping[str, Article]) -> None:
        for post, article in await self._same_image(Article, posts):
            pairs.add(post, article)
        for article, post in await self._same_image(Post, articles):
            pairs.add(post, article)

    async def _same_image(
        self, kind: type[Post | Article], own: Mapping[str, Post | Article]
    ) -> Iterable[tuple[str, str]]:
        shown = ((key, [each.source_uuid for each in item.images if each.source_uuid]) for key, item in own.items())
        owners = owners_of(shown)
        found = await self._traces.showing(kind, owners)
        return {(ours, each["_id"]) for each in found for uuid in each["pictures"] for ours in owners.get(uuid, ())}

    async def _by_link(self, pairs: Pairs, links: Sequence[SourceLink]) -> None:
        """The posts of each link with the article that it leads to: until that is known, one at its own address.

        A link that only names posts says nothing new of the others that name it.
        """
        stored = await self._lookup.by("links", "_id", list(dict.fromkeys(link.key for link in links)), _NAMES)
        known = {document["_id"]: document for document in stored}
        for link in links:
            document = known.get(link.key, {})
            article_id = link.article_id or document.get("article_id") or link.key
            told = document.get("post_ids", []) if link.article_id else []
            for post_id in (*link.post_ids, *told):
                pairs.add(post_id, article_id, linked=True)

    async def _by_article(self, pairs: Pairs, articles: Mapping[str, Article]) -> None:
        """The posts of all links that lead to our articles; and whether a link ties the pairs that are found."""
        keys = list(dict.fromkeys([*articles, *pairs.untied]))
        links = await asyncio.gather(
            *(self._lookup.by("links", field, keys, _NAMES) for field in ("article_id", "_id"))
        )
        for document in chain(*links):
            article_id = document.get("article_id") or document["_id"]
            for post_id in document["post_ids"]:
                if article_id in articles or (post_id, article_id) in pairs:
                    pairs.add(post_id, article_id, linked=True)

    async def _cited(self, pairs: Pairs, posts: Mapping[str, Post], articles: Mapping[str, Article]) -> list[Citation]:
        unknown = [key for key in pairs.articles if key not in articles]
        asked = [posts[key] for key in pairs.posts if key in posts]
        others, titles, _ = await asyncio.gather(
            self._lookup.items(Article, unknown, without=_NOT_COMPARED),
            self._titles(asked),
            self._by_article(pairs, articles),
        )
        ready = {key: ReadyArticle.of(article) for key, article in {**articles, **others}.items()}
        groups = dict(pairs.by_post(ready))
        stored = await self._lookup.items(Post, [key for key in groups if key not in posts])
        titles |= await self._titles(stored.values())
        citations: list[Citation] = []
        for post_id, group in groups.items():
            if (post := posts.get(post_id) or stored.get(post_id)) is not None:
                own = ReadyPost.of(post, titles.get(_thread_of(post)) if post.number == 1 else None)
                found = (compare(own, ready[key], linked=linked) for key, linked in group)
                citations += strongest([each for each in found if each is not None])
        return citations

    async def _titles(self, posts: Iterable[Post]) -> dict[str, Any]:
        keys = list(dict.fromkeys(_thread_of(post) for post in posts if post.number == 1))
        documents = await self._lookup.by(Thread.collection, "_id", keys, ["title"])
        return {document["_id"]: document.get("title") for document in documents}


def _thread_of(post: Post) -> str:
    return f"{post.forum}/thread/{post.thread_id}"


def _tails(items: Iterable[Article | SourceLink]) -> list[str]:
    return [item.tail for item in items if item.tail]


def _promises(one: bytes, other: bytes) -> bool:
    """Whether enough of either text may be in the other, as their sketches tell it."""
    return any(
        each.share >= _PROMISING or each.doubt > _DOUBTFUL for each in (estimated(one, other), estimated(other, one))
    )
