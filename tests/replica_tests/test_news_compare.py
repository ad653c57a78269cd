"""What is stored of articles, links and citations against the truth."""

from __future__ import annotations

from datetime import timedelta

import pytest

from forumcrawl.items.document import to_document
from tests.replica.news.compare import Document, Figures, compare_news
from tests.replica.news.truth import NewsTruth
from tests.replica.world import World

WORLD = World(threads=60, news=40, language="ar", origin="http://127.0.0.1:8080")


def stored() -> tuple[list[Document], list[Document], list[Document]]:
    """What a crawl without any fault leaves."""
    truth = NewsTruth(WORLD)
    articles: list[Document] = [to_document(article) for article in truth.articles()]
    posts = list(truth.posts())
    links = [
        {"_id": each.url or each.cut, "post_ids": [each.post_id], "article_id": each.article_id, "outcome": "fetched"}
        for each in posts
        if each.resolves and (each.url or each.cut)
    ]
    citations = [
        {"post_id": each.post_id, "article_id": each.article_id, "how": each.how} for each in posts if each.resolves
    ]
    return articles, list(links), list(citations)


def compared(articles: list[Document], links: list[Document], citations: list[Document]) -> Figures:
    return compare_news(NewsTruth(WORLD), articles, links, citations)


def test_compare_finds_nothing_wrong_with_the_truth() -> None:
    figures = compared(*stored())
    assert figures.differences == []
    assert (figures.links, figures.precision, figures.recall) == (1.0, 1.0, 1.0)
    assert figures.articles == 29
    assert figures.due_links > 29
    assert figures.due_cuts == figures.resolved_cuts > 5
    assert figures.due_pairs == figures.pairs == 58


def test_compare_names_every_difference() -> None:
    articles, links, citations = stored()
    first, second = dict(articles[0]), dict(articles[1])
    first |= {"headline": "?", "text": "", "images": first["images"][::-1]}
    second |= {"published_at": second["published_at"] + timedelta(minutes=1), "outcome": "blocked"}
    articles[:3] = [first, second]
    articles.append({"_id": "https://127.0.0.3/none", "origin": "source"})
    discussion = next(each for each in NewsTruth(WORLD).posts() if each.kind == "discussion")
    lost = citations.pop()
    citations.append({"post_id": discussion.post_id, "article_id": lost["article_id"], "how": "copy"})
    links[0] = {**links[0], "article_id": None, "outcome": "failed"}
    links.append({"_id": "https://x.com/1", "post_ids": [discussion.post_id], "outcome": "pending"})
    figures = compared(articles, links, citations)
    assert figures.fields_wrong == {"headline": 1, "text": 1, "images": 1, "published_at": 1}
    assert len(figures.differences) == 4 + 3 + 2 + 2
    assert figures.articles == 28
    assert (figures.wrong_pairs, figures.found_pairs) == (1, 57)
    assert figures.precision == figures.recall == pytest.approx(57 / 58)
    assert figures.resolved == figures.due_links - 1


def test_what_is_out_of_reach_is_neither_due_nor_wrong() -> None:
    articles, links, citations = stored()
    dead = next(each for each in NewsTruth(WORLD).posts() if each.outcomes == {"gone"} and each.url)
    assert dead.article_id is not None
    articles.append({"_id": dead.article_id, "origin": "repost", "outcome": "gone"})
    links.append({"_id": dead.url, "post_ids": [dead.post_id], "outcome": "gone"})
    citations.append({"post_id": dead.post_id, "article_id": dead.article_id, "how": "link"})
    assert compared(articles, links, citations).differences == []
    links[-1] = {**links[-1], "outcome": "fetched"}
    assert len(compared(articles, links, citations).differences) == 1
