"""What a page says of its article in its `meta` and `link` elements: OpenGraph, Dublin Core, Parsely, microdata."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.etree import _Element

PUBLISHED = (
    "article:published_time og:article:published_time og:published_time article.published datepublished"
    " parsely-pub-date sailthru.date cxenseparse:recs:publishtime cxenseparse:publishtime pubdate publishdate"
    " publish-date publish_date publication_date article:published dcterms.issued dc.date.issued dcterms.created"
    " dc.date.created dc.date dcterms.date article_date_original datecreated date"
).split()
MODIFIED = (
    "article:modified_time og:article:modified_time og:updated_time article.updated datemodified lastmod last-modified "
    "dcterms.modified dc.date.modified revised"
).split()
TITLES = "og:title twitter:title parsely-title dc.title dcterms.title headline".split()
DESCRIPTIONS = "og:description description twitter:description dc.description dcterms.description".split()
SITE_NAMES = "og:site_name application-name apple-mobile-web-app-title publisher dc.publisher twitter:app:name".split()
AUTHORS = (
    "author article:author parsely-author dc.creator dcterms.creator sailthru.author byl cxenseparse:author"
).split()
SECTIONS = "article:section articlesection parsely-section cxenseparse:section dc.subject".split()
IMAGES = "og:image og:image:url og:image:secure_url twitter:image twitter:image:src thumbnailurl".split()
VIDEOS = "og:video og:video:url og:video:secure_url".split()
_SIGNS = frozenset("article:published_time datepublished article:modified_time".split())


class Meta:
    """The named values of a page's head, all of a name in page order; names in lower case."""

    def __init__(self, root: _Element | None) -> None:
        self.values: dict[str, list[str]] = {}
        self.links: dict[str, list[str]] = {}
        for element in () if root is None else root.iter("meta", "link"):
            if element.tag == "link":
                _add(self.links, (element.get("rel") or "").lower().split(), element.get("href"))
            else:
                _add(self.values, _names(element), element.get("content"))

    def all(self, *names: str) -> list[str]:
        """The values of the first of these names that has any."""
        return next((self.values[name] for name in names if name in self.values), [])

    def first(self, *names: str) -> str:
        """The first value of the first of these names that has one, "" where none has."""
        return next(iter(self.all(*names)), "")

    def each(self, *names: str) -> Iterator[str]:
        """The first value of every one of these names that has one."""
        for name in names:
            yield from self.values.get(name, ())[:1]

    def link(self, rel: str) -> str:
        """Where the first `link` with this relation leads, "" where there is none."""
        return next(iter(self.links.get(rel, ())), "")

    @property
    def is_article(self) -> bool:
        """Whether the head says that the page is an article."""
        named = self.first("og:type").lower() in ("article", "news", "news.article")
        return named or not _SIGNS.isdisjoint(self.values)

    @property
    def tags(self) -> list[str]:
        """Tags; the plain `keywords` of a page are seldom any and are not asked."""
        given = self.all("article:tag", "parsely-tags", "news_keywords")
        parts = (part.strip().lstrip("# ") for each in given for part in re.split("[,،;؛]", each))
        return list(dict.fromkeys(part for part in parts if part))


def _names(element: _Element) -> list[str]:
    given = (element.get(name) or "" for name in ("property", "name", "itemprop", "http-equiv"))
    return list(dict.fromkeys(" ".join(given).lower().split()))


def _add(found: dict[str, list[str]], names: list[str], value: str | None) -> None:
    text = " ".join((value or "")[:20_000].split())
    for name in names if text else ():
        known = found.setdefault(name, [])
        if len(known) < 100:
            known.append(text)
