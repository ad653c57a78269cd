from __future__ import annotations

from datetime import date
from typing import ClassVar

import pytest

from forumcrawl.pages.articles import read_article, registry
from forumcrawl.pages.articles.base import ArticlePage, field
from forumcrawl.pages.articles.document import Document
from forumcrawl.pages.articles.generic import GenericPage
from forumcrawl.pages.articles.registry import classes_for, handle_hosts
from forumcrawl.pages.html import text_of
from forumcrawl.text.addresses import article_address

_TEXT = "The lake rose again this year and the old men counted the stones of the wall. " * 4


class _Page(ArticlePage):
    """A made-up site: headline and body in elements that each design names anew."""

    tags_of_design: ClassVar[tuple[str, str]]

    def _shown(self, tag: str) -> str:
        return text_of(None if self.document.root is None else self.document.root.find(f".//{tag}"))

    @field
    def headline(self) -> str | None:
        return self.keep("headline", ("selector", self._shown(self.tags_of_design[0])))

    @field
    def text(self) -> str:
        return self._shown(self.tags_of_design[1])


class LakePage1(_Page):
    tags_of_design = ("h2", "blockquote")
    valid_until = date(2020, 6, 30)


class LakePage(_Page):
    version = 2
    older = LakePage1
    tags_of_design = ("h1", "section")


@pytest.fixture(autouse=True)
def _site(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_classes", dict(registry._classes))
    handle_hosts("lake.example")(LakePage)


def page(design: type[_Page], published: str = "") -> bytes:
    heading, body = design.tags_of_design
    meta = f'<meta property="article:published_time" content="{published}">' if published else ""
    return f"<html><head>{meta}<title>Rise</title></head><body><{heading}>Rise</{heading}><{body}>{_TEXT}".encode()


def read(sent: bytes) -> tuple[str | None, list[str]]:
    reading = read_article(sent, "https://www.lake.example/a/rise-of-the-lake")
    return None if reading.article is None else reading.article.page, reading.warnings


def test_the_newest_class_reads_a_page_of_no_known_day() -> None:
    assert read(page(LakePage)) == ("LakePage/2", [])


def test_the_class_of_its_day_reads_an_old_article() -> None:
    assert read(page(LakePage1, "2020-06-30T10:00:00Z")) == ("LakePage/1", [])
    assert read(page(LakePage, "2020-07-01T10:00:00Z")) == ("LakePage/2", [])


def test_an_older_class_reads_what_the_newest_cannot_and_that_is_warned_of() -> None:
    assert read(page(LakePage1, "2021-01-05T10:00:00Z")) == (
        "LakePage/1",
        ["LakePage/2 found no headline and no body where LakePage/1 did"],
    )


def test_without_a_headline_and_a_body_a_page_is_unparsed() -> None:
    reading = read_article(b"<title></title><p>a few words", "https://lake.example/a/rise-of-the-lake")
    assert reading.outcome == "unparsed"
    assert reading.article is None


def test_a_mirror_is_read_like_the_site_that_it_mirrors() -> None:
    reading = read_article(page(LakePage), "https://mirror.example/a/rise-of-the-lake", like="lake.example")
    assert reading.article is not None
    assert (reading.article.page, reading.article.site) == ("LakePage/2", "mirror.example")


def test_a_site_without_a_class_has_none() -> None:
    assert list(classes_for(Document.of(b"<p>x", "https://other.example/a"))) == []


@pytest.mark.parametrize(
    ("canonical", "url"),
    [
        ("https://lake.example/a/one?utm_source=x", "https://lake.example/a/one"),
        ("/a/one", "https://lake.example/a/one"),
        ("https://news.lake.example/a/one", "https://news.lake.example/a/one"),
        ("https://lake.example/", "https://lake.example/fetched"),
        ("https://elsewhere.example/a/one", "https://lake.example/fetched"),
        ("javascript:void(0)", "https://lake.example/fetched"),
    ],
)
def test_the_canonical_address_counts_on_its_own_site_only(canonical: str, url: str) -> None:
    sent = f'<html><link rel="canonical" href="{canonical}"><p>x</html>'.encode()
    assert article_address(Document.of(sent, "https://www.lake.example/fetched").url) == url


@pytest.mark.parametrize("charset", ["windows-1256", "utf-8", "iso-8859-6"])
@pytest.mark.parametrize("told_by", ["meta", "header"])
def test_charsets_of_arabic_pages(charset: str, told_by: str) -> None:
    meta = f'<meta charset="{charset}">' if told_by == "meta" else ""
    headers = {"Content-Type": f"text/html; charset={charset}"} if told_by == "header" else {}
    words = "ارتفعت البحيرة هذا العام وعد الشيوخ حجارة السور "
    sent = (
        f'<html lang="ar"><head>{meta}<title>ارتفاع البحيرة</title></head><body><h1>ارتفاع البحيرة</h1><p>{words * 8}'
    )
    article = read_article(sent.encode(charset), "https://x.example/a-b-c-d", headers=headers).article
    assert article is not None
    assert article.headline == "ارتفاع البحيرة"
    assert article.text.startswith("ارتفعت البحيرة")


def test_provenance_names_a_source_for_what_was_found() -> None:
    found = GenericPage(Document.of(page(LakePage, "2020-07-01T10:00:00Z"), "https://x.example/a")).item()
    assert found.provenance == {"headline": "selector", "text": "heuristic", "published_at": "meta"}
