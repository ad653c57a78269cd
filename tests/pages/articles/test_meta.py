from __future__ import annotations

import pytest
from lxml import html

from forumcrawl.pages.articles.meta import AUTHORS, PUBLISHED, TITLES, Meta


def meta(head: str) -> Meta:
    return Meta(html.fromstring(f"<html><head>{head}</head><body></body></html>"))


@pytest.mark.parametrize("name", ["property", "name", "itemprop", "http-equiv"])
def test_a_name_may_stand_in_several_attributes(name: str) -> None:
    assert meta(f'<meta {name}="og:title Other" content=" a  b ">').first(*TITLES) == "a b"


def test_the_first_name_of_a_list_that_is_there_counts() -> None:
    head = '<meta name="pubdate" content="2"><meta property="Article:Published_Time" content="1">'
    assert list(meta(head).each(*PUBLISHED)) == ["1", "2"]
    assert meta(head).first(*AUTHORS) == ""


@pytest.mark.parametrize(
    ("head", "is_article"),
    [
        ('<meta property="og:type" content="article">', True),
        ('<meta property="og:type" content="website">', False),
        ('<meta property="og:type" content="website"><meta itemprop="datePublished" content="2020-01-02">', True),
        ("", False),
    ],
)
def test_whether_the_head_says_that_it_is_an_article(head: str, is_article: bool) -> None:
    assert meta(head).is_article is is_article


def test_tags_are_split_and_listed_once() -> None:
    head = '<meta name="news_keywords" content="ماء، سد, #ماء"><meta name="keywords" content="x">'
    assert meta(head).tags == ["ماء", "سد"]


def test_a_page_without_a_tree_has_no_values() -> None:
    assert Meta(None).first(*TITLES) == ""
    assert Meta(None).link("canonical") == ""
