"""How the articles, links and citations that a crawl stored differ from the truth, in words and in figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from forumcrawl.items.article import Article
from tests.replica.news.truth import NewsTruth, QuotingPost

Document = Mapping[str, Any]
FIELDS = ("headline", "authors", "published_at", "published_to", "section", "tags", "language")
LEAST_TEXT = 0.98
"""Share of words that a text must have in common with the true one to be right."""


@dataclass(slots=True)
class Figures:
    """What was found. Shares are 1.0 where there was nothing to find."""

    due_links: int = 0
    """Posts whose source is linked, or written out, and can be had."""
    resolved: int = 0
    """Those whose link leads to the right article."""
    due_cuts: int = 0
    """Posts whose source is named by a cut address, and can be had."""
    resolved_cuts: int = 0
    """Those whose cut address leads to the right article."""
    due_pairs: int = 0
    """Citations that must be there."""
    found_pairs: int = 0
    """Those that are."""
    pairs: int = 0
    """Citations that are there."""
    wrong_pairs: int = 0
    """Those that are of no post that quotes, or of another article than it quotes."""
    articles: int = 0
    """Articles that must be there and are."""
    fields_wrong: Counter[str] = field(default_factory=Counter)
    """Field to how many of these articles have it wrong."""
    differences: list[str] = field(default_factory=list)
    """Everything that is not as it should be, in words."""

    @property
    def links(self) -> float:
        """Share of source links that were resolved."""
        return self.resolved / self.due_links if self.due_links else 1.0

    @property
    def precision(self) -> float:
        """Share of citations that are right."""
        return 1 - self.wrong_pairs / self.pairs if self.pairs else 1.0

    @property
    def recall(self) -> float:
        """Share of due citations that were found."""
        return self.found_pairs / self.due_pairs if self.due_pairs else 1.0


def compare_news(
    truth: NewsTruth, articles: Iterable[Document], links: Iterable[Document], citations: Iterable[Document]
) -> Figures:
    """Compare the documents of three collections with the truth.

    An article that may be out of reach need not be there, and what cites it is neither due nor wrong.
    """
    figures, posts = Figures(), list(truth.posts())
    figures.differences += _articles(truth, articles, figures)
    figures.differences += _links(posts, links, figures)
    figures.differences += _citations(posts, citations, figures)
    return figures


def _articles(truth: NewsTruth, documents: Iterable[Document], figures: Figures) -> Iterator[str]:
    stored, known = {str(document["_id"]): document for document in documents}, truth.outcomes()
    for article in truth.articles():
        document = stored.get(article.key)
        if document is None:
            yield f"{article.key}: missing"
            continue
        figures.articles += 1
        for name, line in wrong_fields(article, document):
            figures.fields_wrong[name] += 1
            yield f"{article.key}: {line}"
    for key, document in stored.items():
        if key not in known and document.get("origin") == "source":
            yield f"{key}: extra"
        elif key in known and document.get("outcome") not in known[key] | {"pending"}:
            yield f"{key}: outcome is {document.get('outcome')!r}, not one of {sorted(known[key])}"


def wrong_fields(article: Article, document: Document) -> Iterator[tuple[str, str]]:
    """Name and difference of each field that a stored article has wrong."""
    for name in FIELDS:
        wanted, found = getattr(article, name), document.get(name)
        if isinstance(found, datetime):
            found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        if found != wanted and (found or wanted):
            yield name, f"{name} is {found!r}, not {wanted!r}"
    alike = _alike(article.text, str(document.get("text") or ""))
    if alike < LEAST_TEXT:
        yield "text", f"text is alike to {alike:.3f}"
    uuids = [image.get("source_uuid") for image in document.get("images") or ()]
    wanted_uuids = [image.source_uuid for image in article.images]
    if uuids[:1] != wanted_uuids[:1] or set(uuids) != set(wanted_uuids):
        yield "images", f"images are {uuids}, not {wanted_uuids}"


def _alike(one: str, other: str) -> float:
    """Twice the words that two texts have in common, over the words of both."""
    mine, theirs = Counter(one.split()), Counter(other.split())
    both = mine.total() + theirs.total()
    return 2 * (mine & theirs).total() / both if both else 1.0


def _links(posts: Iterable[QuotingPost], documents: Iterable[Document], figures: Figures) -> Iterator[str]:
    by_post: dict[str, list[Document]] = {}
    for document in documents:
        for post_id in document.get("post_ids") or ():
            by_post.setdefault(str(post_id), []).append(document)
    for post in posts:
        found = by_post.get(post.post_id, [])
        reached = [link.get("article_id") for link in found]
        outcomes = sorted({str(link.get("outcome")) for link in found})
        if post.resolves and post.url is not None:
            figures.due_links += 1
            figures.resolved += post.article_id in reached
        elif post.resolves and post.cut is not None:
            figures.due_cuts += 1
            figures.resolved_cuts += post.article_id in reached
        if post.resolves and (post.url or post.cut) and post.article_id not in reached:
            yield f"{post.post_id} ({post.kind}): link leads to {reached}, not to {post.article_id}: {outcomes}"
        elif post.url and not post.resolves and found and not post.outcomes & set(outcomes):
            yield f"{post.post_id} ({post.kind}): link is {outcomes}, not one of {sorted(post.outcomes)}"
        elif not (post.url or post.cut) and found:
            yield f"{post.post_id} ({post.kind}): names no article, but a link is stored: {outcomes}"


def _citations(posts: Iterable[QuotingPost], documents: Iterable[Document], figures: Figures) -> Iterator[str]:
    by_pair = {(str(each["post_id"]), str(each["article_id"])): each for each in documents}
    true = {(post.post_id, post.article_id): post for post in posts if post.article_id is not None}
    figures.pairs = len(by_pair)
    for pair, post in true.items():
        if post.resolves:
            figures.due_pairs += 1
            figures.found_pairs += pair in by_pair
            if pair not in by_pair:
                yield f"{post.post_id} ({post.kind}): {post.article_id} is not cited"
    for pair, citation in by_pair.items():
        if pair not in true:
            figures.wrong_pairs += 1
            share = citation.get("containment", 0.0)
            yield f"{pair[0]}: {pair[1]} is cited by {citation.get('how')}, containment {share:.2f}"
