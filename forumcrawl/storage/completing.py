"""Source links that survive only cut in the middle, and the articles whose addresses they were cut from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from forumcrawl.citing.compare import ReadyArticle, ReadyPost
from forumcrawl.items import Article, Post, SourceLink
from forumcrawl.items.restore import restore
from forumcrawl.storage.lookup import Lookup
from forumcrawl.storage.mongo import Document
from forumcrawl.text.addresses import cut_address, matches


class Completing:
    """Looks the articles of cut links up among all that is stored."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup

    async def of(self, tails: Iterable[str]) -> list[SourceLink]:
        """The stored cut links with these tails that lead to an article now, or whose article answers otherwise now.

        A link that leads to one stays with it. Raises StorageUnavailable when the database stays away.
        """
        values = list(dict.fromkeys(tails))
        links = await self._lookup.by("links", "tail", values, None)
        articles = await self._lookup.by("articles", "tail", values, ["tail", "outcome"]) if links else []
        outcomes = {document["_id"]: document["outcome"] for document in articles}
        done = [await self._completed(restore(SourceLink, each), articles, outcomes) for each in links]
        return [link for link in done if link is not None]

    async def _completed(
        self, link: SourceLink, articles: Iterable[Document], outcomes: Mapping[str, str]
    ) -> SourceLink | None:
        key = link.article_id or await self._article_of(link, [each["_id"] for each in articles if _fits(link, each)])
        outcome = outcomes.get(key or "")
        if outcome is None or (link.article_id, link.outcome) == (key, outcome):
            return None
        return SourceLink(
            site=link.site, post_ids=link.post_ids, outcome=outcome, article_id=key, cut=link.cut, tail=link.tail
        )

    async def _article_of(self, link: SourceLink, fitting: list[str]) -> str | None:
        if len(fitting) < 2:
            return fitting[0] if fitting else None
        posts = await self._lookup.items(Post, link.post_ids)
        return the_one(list(posts.values()), list((await self._lookup.items(Article, fitting)).values()))


def the_one(posts: list[Post], articles: list[Article]) -> str | None:
    """Which of several articles that all fit a cut link is its own, as `_id`; None where that stays open.

    The one that shows a picture of the posts that name the link; of several such, or of all where none does, the one
    that was published on the day (UTC) of one of the posts or the day before.
    """
    shown = set[str]().union(*(ReadyPost.of(post).pictures for post in posts))
    with_picture = [each for each in articles if shown & ReadyArticle.of(each).pictures]
    left = with_picture or articles
    if len(left) > 1:
        days = {day for post in posts if post.created_at for day in _days(post.created_at.date())}
        left = [each for each in left if each.published_at is not None and each.published_at.date() in days]
    return left[0].key if len(left) == 1 else None


def _days(day: date) -> tuple[date, ...]:
    return (day, day - timedelta(days=1)) if day > date.min else (day,)


def _fits(link: SourceLink, article: Document) -> bool:
    cut = cut_address(link.cut or "") if article["tail"] == link.tail else None
    return cut is not None and matches(cut, article["_id"])
