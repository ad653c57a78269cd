"""From the bytes of a page to an article, or to the reason why it is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from forumcrawl.items.article import Article
from forumcrawl.pages.articles.base import ArticlePage
from forumcrawl.pages.articles.document import Document
from forumcrawl.pages.articles.expected import Expected
from forumcrawl.pages.articles.generic import GenericPage
from forumcrawl.pages.articles.registry import classes_for
from forumcrawl.pages.articles.verdict import NotArticle, refusal

LEAST = 25
"""Words that make a body; a page with fewer and no video is unparsed."""


@dataclass(slots=True)
class Reading:
    """What a page gave, and what was odd about reading it; a caller counts and logs the warnings."""

    found: Article | NotArticle
    warnings: list[str] = field(default_factory=list)
    expected: Expected = field(default_factory=Expected)
    """What the site promises of its articles."""

    @property
    def article(self) -> Article | None:
        """The article, None where there is none."""
        return self.found if isinstance(self.found, Article) else None

    @property
    def outcome(self) -> str:
        """fetched, or why there is no article: not_article, unparsed, blocked, gone."""
        return self.found.outcome


def read_article(
    body: bytes,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    now: datetime | None = None,
    like: str | None = None,
) -> Reading:
    """Read the page that was fetched from `url` ("" where nobody knows), with the headers of its response.

    `now` is when it was fetched (aware), for shown times such as "two hours ago". `like` names the site whose classes
    read it, where that is not its own: a mirror. Never raises on what a page holds. What the HTTP status says is
    settled before, by `verdict.outcome_of`.
    """
    page = Document.of(body, url, headers, now)
    refused = refusal(page)
    return Reading(refused) if refused is not None else _read(page, like)


def _read(page: Document, like: str | None) -> Reading:
    """The first class that finds headline and body; what the ones before it missed becomes a warning."""
    kinds: list[type[ArticlePage]] = [*classes_for(page, like), GenericPage]
    missed: list[str] = []
    for kind in kinds:
        article = kind(page).item()
        lacking = _lacking(article)
        if not lacking:
            return Reading(article, [f"{miss} where {kind.label()} did" for miss in missed], kinds[0].expects)
        missed.append(f"{kind.label()} found no {' and no '.join(lacking)}")
    return Reading(NotArticle("unparsed", missed[-1]), missed[:-1])


def _lacking(article: Article) -> list[str]:
    """What keeps a reading from being an article: its headline, its body."""
    no_body = len(article.text.split()) < LEAST and not article.videos
    return [name for name, missing in (("headline", not article.headline), ("body", no_body)) if missing]
