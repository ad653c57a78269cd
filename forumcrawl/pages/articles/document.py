"""A fetched page, parsed once for all page classes that may read it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import cast
from urllib.parse import urlsplit

import tldextract
from lxml import etree, html
from lxml.etree import _Element
from web_poet import HttpResponse, Injectable

from forumcrawl.pages.articles.linked_data import LinkedData, read_linked_data
from forumcrawl.pages.articles.meta import SITE_NAMES, Meta
from forumcrawl.pages.html import text_of
from forumcrawl.text.addresses import site_of
from forumcrawl.text.urls import canonical, host_key, join

MAX_DEPTH = 200
"""Elements nested deeper than on any real page are dropped: tools below recurse, and libxml2 copies by recursion."""
MAX_ELEMENTS = 12_000
"""Elements that are kept, in page order."""
MAX_BODY = 5_000_000
"""Bytes of a page that are read; real articles are below 2 MB."""
_SILENT = ("style", "noscript", "template", "svg", "script")
_TOO_DEEP = etree.XPath("/*" * MAX_DEPTH)
_RUNNING = etree.XPath("//text()[string-length() > 40][not(ancestor::a or ancestor::title)]", smart_strings=False)
_registered = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)  # the list in the package: no network
_ARABIC, _PERSIAN, _LATIN = re.compile("[\u0621-\u064a]"), re.compile("[پچژگکی]"), re.compile("[A-Za-z]")


class Document(Injectable):
    """What was sent for an article's address: its tree without scripts and styles, its head, its JSON-LD."""

    def __init__(self, response: HttpResponse, now: datetime | None = None) -> None:
        self.response = response
        self.fetched_url = str(response.url)
        self.now = now
        self.root = _parse(response)
        self.meta = Meta(self.root)
        self._blocks = _take_blocks(self.root)
        self.title = text_of(None if self.root is None else self.root.find(".//title"))[:500]
        _silence(self.root)

    @classmethod
    def of(
        cls, body: bytes, url: str, headers: Mapping[str, str] | None = None, now: datetime | None = None
    ) -> Document:
        """The document of a page's bytes; the charset is the header's, else the page's own word, else guessed."""
        return cls(HttpResponse(url, body=body[:MAX_BODY], headers=dict(headers or {})), now)

    @cached_property
    def linked_data(self) -> LinkedData:
        """The article that JSON-LD tells of."""
        return read_linked_data(self._blocks)

    @cached_property
    def is_article(self) -> bool:
        """Whether head or JSON-LD says that the page is an article."""
        return self.meta.is_article or self.linked_data.is_article

    @cached_property
    def runs(self) -> list[int]:
        """The lengths, in words, of the runs of text that stand outside links."""
        return [] if self.root is None else [len(each.split()) for each in cast("list[str]", _RUNNING(self.root))]

    @cached_property
    def base_url(self) -> str:
        """What relative addresses on the page start from."""
        base = None if self.root is None else next(self.root.iter("base"), None)
        return join(self.fetched_url, (base is not None and base.get("href")) or "") or self.fetched_url

    def absolute(self, href: str | None) -> str | None:
        """Absolute http(s) address of a link on this page, or None."""
        return join(self.base_url, href) if href else None

    @cached_property
    def url(self) -> str:
        """Canonical address: what the page says, if that lies on its own site and is no home page; else as fetched."""
        for given in (self.meta.link("canonical"), self.meta.first("og:url")):
            address = self.absolute(given)
            if address and (not self.fetched_url or (_path(address) and _same_site(address, self.fetched_url))):
                return canonical(address)
        return canonical(self.fetched_url) if self.fetched_url else ""

    @cached_property
    def site(self) -> str:
        """Site of the canonical address."""
        return site_of(self.url)

    @cached_property
    def language(self) -> str | None:
        """Two letters: what the page declares, else what the letters of its title show."""
        declared = (
            "" if self.root is None else self.root.get("lang") or "",
            self.meta.first("og:locale", "content-language", "inlanguage", "language"),
            self.linked_data.language if self._blocks else "",
        )
        for given in declared:
            if code := re.match(r"([A-Za-z]{2})(?:[-_]|$)", given.strip()):
                return code[1].lower()
        return _language_of(f"{self.title} {self.meta.first('og:title')}")

    @cached_property
    def site_names(self) -> list[str]:
        """What the site calls itself in head and JSON-LD."""
        return list(dict.fromkeys([*self.meta.each(*SITE_NAMES), *filter(None, [self.linked_data.publisher])]))


def _path(url: str) -> str:
    parts = urlsplit(url)
    return parts.path.strip("/") or parts.query


def _same_site(one: str, other: str) -> bool:
    hosts = host_key(one).partition(":")[0], host_key(other).partition(":")[0]
    if hosts[0] == hosts[1] or hosts[0].endswith(f".{hosts[1]}") or hosts[1].endswith(f".{hosts[0]}"):
        return True
    first, second = (_registered(host).top_domain_under_public_suffix for host in hosts)
    return bool(first) and first == second


def _language_of(text: str) -> str | None:
    arabic, latin = len(_ARABIC.findall(text)), len(_LATIN.findall(text))
    if arabic > latin:
        return "fa" if len(_PERSIAN.findall(text)) * 8 > arabic else "ar"
    return "en" if latin else None


def _parse(response: HttpResponse) -> _Element | None:
    """The root of a page, or None where there is no element at all."""
    body = bytes(response.body)
    try:
        utf8 = body if response.encoding == "utf-8" else response.text.encode("utf-8", "replace")
    except (LookupError, ValueError):  # a charset that nobody knows
        utf8 = body
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        root: _Element | None = etree.fromstring(utf8, parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
    return root


def _take_blocks(root: _Element | None) -> list[str]:
    scripts = () if root is None else root.iter("script")
    return [each.text for each in scripts if "ld+json" in (each.get("type") or "").lower() and each.text][:50]


def _silence(root: _Element | None) -> None:
    """Drop what shows no text, and what is deeper or more than on any real page."""
    if root is None:
        return
    etree.strip_elements(root, *_SILENT, with_tail=False)
    for each in (*cast("list[_Element]", _TOO_DEEP(root)), *list(islice(root.iter(), MAX_ELEMENTS, None))):
        if (above := each.getparent()) is not None:
            above.remove(each)
