"""What a site promises, an article lacks, and a run yields too rarely."""

from __future__ import annotations

from collections import Counter

from forumcrawl.items.article import Article
from forumcrawl.pages.articles.base import ArticlePage
from forumcrawl.pages.articles.expected import ENOUGH, WORDS, Expected
from forumcrawl.pages.articles.generic import GenericPage
from forumcrawl.pages.articles.registry import registered
from tests.pages.articles import golden

PROMISE = Expected(coverage={"authors": 0.5, "section": 0.9}, least_words=5)
ARTICLE = Article(site="ships.example", url="https://ships.example/a", text="one two three four five")


def test_none_and_empty_are_lacking_and_a_short_text_is_told() -> None:
    assert PROMISE.lacking(ARTICLE) == ["authors", "section"]
    told = Article(site="ships.example", url=ARTICLE.url, text="one two", authors=["A"], section="")
    assert PROMISE.lacking(told) == ["section", WORDS]


def test_a_video_needs_no_text() -> None:
    video = Article(site="ships.example", url=ARTICLE.url, text="one", videos=["https://ships.example/v"])
    assert WORDS not in PROMISE.lacking(video)


def test_a_share_is_below_its_floor_only_among_enough_articles() -> None:
    half = {"authors": ENOUGH // 2, "section": ENOUGH // 2}
    assert PROMISE.below(ENOUGH, half) == {"section": 0.5}
    assert PROMISE.below(ENOUGH - 1, Counter({"section": ENOUGH - 1})) == {}
    assert PROMISE.below(ENOUGH, {WORDS: 2}) == {WORDS: 0.8}


def test_every_promise_names_fields_of_articles_and_shares() -> None:
    pages: list[type[ArticlePage]] = [*registered(), GenericPage]
    for page in pages:
        assert page.expects.coverage, page.label()
        assert all(hasattr(ARTICLE, name) for name in page.expects.coverage)
        assert all(0 < share <= 1 for share in page.expects.coverage.values())


def test_a_page_of_a_site_that_another_class_read_is_judged_by_the_promise_of_the_site() -> None:
    (case,) = [each for each in golden.cases() if "redesign" in each]
    reading = golden.reading(case)
    assert reading.article is not None
    assert reading.article.page == GenericPage.label()
    assert reading.expected in [page.expects for page in registered()]
