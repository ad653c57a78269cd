"""What a page says of its article in JSON-LD (schema.org), as sites really write it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

Node = dict[str, object]
MAX_BLOCK = 1_000_000
"""Characters of one block; what is longer is not read."""
MAX_NODES = 2_000
"""Objects looked at on one page."""
_OPENING = re.compile(r"(?://|/\*)?\s{0,9}(?:<!\[CDATA\[|<!--)(?:\s{0,9}\*/)?")
_CLOSING = re.compile(r"(?://|/\*)?\s{0,9}(?:\]\]>|-->)(?:\s{0,9}\*/)?$")
_TRAILING_COMMA = re.compile(r",(?=\s{0,200}[}\]])")
_POSTINGS = frozenset({"BlogPosting", "LiveBlogPosting", "Report"})
_LISTS = frozenset({"CollectionPage", "ItemList", "SearchResultsPage"})
_WAYS_IN = ("@graph", "mainEntity", "mainEntityOfPage")
"""Related articles stand behind other names (itemListElement, hasPart …) and are not followed."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who JSON-LD names as an author; `kind` is its @type, "" for a plain string."""

    name: str
    kind: str = ""


@dataclass(slots=True)
class LinkedData:
    """The article that JSON-LD tells of; everything is empty where it tells of none."""

    is_article: bool = False
    is_list: bool = False
    """A page of many things is told of, and no article."""
    headline: str = ""
    description: str = ""
    published: str = ""
    modified: str = ""
    section: str = ""
    language: str = ""
    publisher: str = ""
    authors: list[Person] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    videos: list[str] = field(default_factory=list)


def read_linked_data(blocks: Iterable[str]) -> LinkedData:
    """The article in the texts of a page's `script[type="application/ld+json"]`. Never raises."""
    nodes = list(_nodes([each for block in blocks if (each := _loaded(block)) is not None]))
    articles = [node for node in nodes if is_article(node)]
    if not articles:
        found = LinkedData(is_list=any(not _LISTS.isdisjoint(_types(node)) for node in nodes))
    else:
        ids = {identity: node for node in reversed(nodes) if isinstance(identity := node.get("@id"), str)}
        found = _read(max(articles, key=_told), ids)
    found.videos += [url for node in nodes if "VideoObject" in _types(node) for url in _video(node)]
    return found


def is_article(node: Node) -> bool:
    """Whether an object is an article by its type: NewsArticle, ReportageNewsArticle, BlogPosting …"""
    return any(kind.endswith("Article") or kind in _POSTINGS for kind in _types(node))


def _told(node: Node) -> int:
    return sum(1 for name in ("headline", "datePublished", "author", "image") if node.get(name))


def _loaded(block: str) -> object:
    """The JSON of a block; None where it is none even with its wrapping and trailing commas gone."""
    if len(block) > MAX_BLOCK:
        return None
    plain = block.strip()
    if opening := _OPENING.match(plain):
        plain = plain[opening.end() :]
        if closing := _CLOSING.search(plain, max(0, len(plain) - 40)):
            plain = plain[: closing.start()]
    plain = plain.lstrip()
    for text in (plain, _TRAILING_COMMA.sub("", plain)):
        try:
            loaded: object = json.JSONDecoder(strict=False).raw_decode(text)[0]
        except (ValueError, RecursionError):
            continue
        return loaded
    return None


def _nodes(given: object) -> Iterator[Node]:
    """The objects of a page in the order they are written, lists and graphs opened."""
    waiting, left = [given], MAX_NODES
    while waiting and left:
        each = waiting.pop()
        if isinstance(each, list):
            waiting += reversed(each[:MAX_NODES])
        elif isinstance(each, dict):
            left -= 1
            yield each
            waiting += [each[name] for name in reversed(_WAYS_IN) if name in each]


def _types(node: Node) -> list[str]:
    return [each.rpartition("/")[2] for each in _strings(node.get("@type"))]


def _read(node: Node, ids: dict[str, Node]) -> LinkedData:
    def texts(name: str, *inner: str) -> list[str]:
        return [text for each in _resolved(node.get(name), ids) if (text := _text(each, *inner))]

    def text(name: str, *inner: str) -> str:
        return next(iter(texts(name, *inner)), "")

    return LinkedData(
        is_article=True,
        headline=text("headline") or text("name"),
        description=text("description"),
        published=text("datePublished") or text("dateCreated"),
        modified=text("dateModified"),
        section=text("articleSection", "name"),
        language=text("inLanguage", "alternateName", "name"),
        publisher=text("publisher", "name"),
        authors=list(_people(node, ids)),
        images=texts("image", "url", "contentUrl", "@id") or texts("thumbnailUrl"),
        keywords=_split(texts("keywords", "name")),
        videos=[url for each in _resolved(node.get("video"), ids) if isinstance(each, dict) for url in _video(each)],
    )


def _people(node: Node, ids: dict[str, Node]) -> Iterator[Person]:
    for each in _resolved(node.get("author") or node.get("creator"), ids):
        if isinstance(each, dict):
            for name in _strings(each.get("name")):
                yield Person(_clean(name), next(iter(_types(each)), ""))
        elif isinstance(each, str):
            yield Person(_clean(each))


def _resolved(value: object, ids: dict[str, Node]) -> list[object]:
    """A value as a list, with references into the graph replaced by what they refer to."""
    values: list[object] = value[:100] if isinstance(value, list) else [value]
    return [_referred(each, ids) if isinstance(each, dict) else each for each in values]


def _referred(node: Node, ids: dict[str, Node]) -> Node:
    identity = node.get("@id")
    bare = isinstance(identity, str) and not any(name in node for name in ("name", "url", "contentUrl"))
    return ids.get(str(identity), node) if bare else node


def _video(node: Node) -> list[str]:
    return next(([url] for name in ("contentUrl", "embedUrl", "url") if (url := _text(node.get(name)))), [])


def _text(value: object, *inner: str) -> str:
    if isinstance(value, dict):
        return next((text for name in inner if (text := _text(value.get(name)))), "")
    return _clean(value) if isinstance(value, str) else ""


def _strings(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, str)]


def _split(values: list[str]) -> list[str]:
    return [text for each in values for part in re.split("[,،;؛]", each) if (text := part.strip())]


def _clean(text: str) -> str:
    return " ".join(html.unescape(text[:20_000]).split())
