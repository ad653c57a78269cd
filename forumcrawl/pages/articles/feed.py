"""Feeds and section pages of source sites: which articles there are, and what a feed tells of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urljoin

from lxml import etree, html
from lxml.etree import _Element

from forumcrawl.items.article import Article, Picture
from forumcrawl.text.addresses import article_address, image_uuid, site_of
from forumcrawl.text.moments import parse_moment

_DC = "{http://purl.org/dc/elements/1.1/}"
_MEDIA = "{http://search.yahoo.com/mrss/}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_ATOM = "{http://www.w3.org/2005/Atom}"
_BLOCKS = ("p", "div", "li", "blockquote", "h2", "h3", "h4")
_DAY = re.compile(r"/(\d{4})/(\d\d?)/(\d\d?)(?!\d)", re.ASCII)


def read_feed(body: bytes, url: str) -> list[Article]:
    """The articles that an RSS or Atom feed fetched from `url` tells of, in its order; [] for what is no feed.

    They have what the feed says, `origin` "feed" and `outcome` "pending": their own pages are still to be read.
    """
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        return []
    entries = () if root is None else root.iter("item", f"{_ATOM}entry")
    return [article for entry in entries if (article := _article(entry, url)) is not None]


def linked_articles(body: bytes, url: str) -> list[str]:
    """Addresses on the page's own site that carry a date in their path (/2024/12/04/), each once, in page order."""
    try:
        root = html.document_fromstring(body)
    except etree.ParserError:  # not a single element
        return []
    found: dict[str, str] = {}
    for address in _dated(root, url):
        found.setdefault(article_address(address), address)
    return list(found.values())


def _dated(root: _Element, url: str) -> Iterator[str]:
    for link in root.iter("a"):
        address = _joined(url, link.get("href") or "")
        if site_of(address) == site_of(url) and day_of(address) is not None:
            yield address


def day_of(url: str) -> datetime | None:
    """The day in an address's path (".../2024/12/04/..."), as midnight UTC; None without one."""
    path = re.split("[?#]", url, maxsplit=1)[0]
    moments = (parse_moment("-".join(found.groups())) for found in _DAY.finditer(path))
    return next((moment.at for moment in moments if moment is not None), None)


def _article(entry: _Element, feed_url: str) -> Article | None:
    url = _joined(feed_url, _text(entry, "link") or _atom_link(entry))
    if not (site := site_of(url)):
        return None
    raw = _text(entry, "pubDate", f"{_DC}date", f"{_ATOM}published", f"{_ATOM}updated")
    moment = parse_moment(raw) if raw else None
    summary = _plain(_text(entry, "description", f"{_ATOM}summary"))
    text = _plain(_text(entry, _CONTENT, f"{_ATOM}content"))
    article = Article(
        site=site,
        url=url,
        headline=_plain(_text(entry, "title", f"{_ATOM}title")) or None,
        subtitle=summary or None,
        authors=[each for each in (_text(entry, f"{_DC}creator"),) if each and " " in each],
        published_at=None if moment is None else moment.at,
        published_raw=raw or None,
        published_to=None if moment is None else moment.exact,
        section=_text(entry, "category") or None,
        text=text or summary,
        images=[Picture(url=each, source_uuid=image_uuid(each)) for each in _pictures(entry, feed_url)],
        origin="feed",
        outcome="pending",
    )
    said = ("headline", "subtitle", "authors", "published_at", "section", "text", "images")
    article.provenance = {name: "feed" for name in said if getattr(article, name)}
    return article


def _atom_link(entry: _Element) -> str:
    links = (each for each in entry.iterchildren(f"{_ATOM}link") if each.get("rel", "alternate") == "alternate")
    return next((each.get("href") or "" for each in links), "")


def _pictures(entry: _Element, feed_url: str) -> list[str]:
    addresses = [
        _joined(feed_url, each.get("url") or "")
        for each in entry.iter(f"{_MEDIA}content", f"{_MEDIA}thumbnail", "enclosure")
        if each.get("medium", "image") == "image" and each.get("type", "image/").startswith("image/")
    ]
    return list(dict.fromkeys(address for address in addresses if site_of(address)))


def _text(entry: _Element, *names: str) -> str:
    """What stands in the first of its children with one of these names that holds something, with its markup."""
    found = (_inner(each).strip() for name in names for each in entry.iterchildren(name))
    return next((text for text in found if text), "")


def _inner(element: _Element) -> str:
    """Escaped HTML is text here; markup that was not escaped (Atom's xhtml) comes back as markup."""
    return (element.text or "") + "".join(etree.tostring(each, encoding="unicode") for each in element)


def _plain(markup: str) -> str:
    """Text of a feed's escaped HTML, a paragraph a line."""
    if "<" not in markup and "&" not in markup:
        return " ".join(markup.split())
    root = html.fragment_fromstring(markup, create_parent="div")
    etree.strip_elements(root, "script", "style", with_tail=False)
    for element in root.iter("br", *_BLOCKS):
        element.text = "\n" + (element.text or "")
        element.tail = "\n" + (element.tail or "")
    lines = (" ".join(line.split()) for line in root.text_content().split("\n"))
    return "\n".join(line for line in lines if line)


def _joined(base: str, href: str) -> str:
    try:
        return urljoin(base, href.strip()) if href.strip() else ""
    except ValueError:
        return ""
