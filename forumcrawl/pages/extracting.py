"""What the parsers see in a saved page, as records in page order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from forumcrawl.items import Article, Item
from forumcrawl.items.document import content_hash as hash_of
from forumcrawl.items.document import to_document
from forumcrawl.pages.articles import read_article
from forumcrawl.pages.xenforo import (
    BoardPage,
    CategoryPage,
    IndexPage,
    MemberPage,
    OutcomePage,
    ThreadPage,
    Unrecognised,
    XenForoPage,
    open_page,
)

Record = dict[str, Any]
_OUTCOMES = {"blocked": "forbidden", "gone": "not_found"}
"""What a source site's answer is called for a forum's page."""
_LEFT_OUT = ("first_seen_at", "fetched_at", "changed_at", "run_id", "tail")  # the archive's own


def records(body: bytes, url: str | None = None) -> Iterator[Record]:
    """What one page holds, in page order; first the page itself."""
    try:
        page = open_page(body, url=url)
    except Unrecognised as error:
        if error.page is None or error.page.template is None:
            yield from _article(body, url, str(error))
        else:
            yield from _head(error.page)
            yield {"type": "Unrecognised", "reason": str(error)}
        return
    yield from _head(page)
    if isinstance(page, OutcomePage):
        yield {"type": "Outcome", "outcome": page.outcome(), "reason": page.reason}
    for item, source in contents(page):
        yield _record(item, page, source)


def _article(body: bytes, url: str | None, reason: str) -> Iterator[Record]:
    """A page that is no forum's: an article, or why it is none."""
    found = read_article(body, url or "").found
    head: Record = {"type": "Page", "template": None, "kind": None, "title": None, "url": url}
    if isinstance(found, Article):
        found.content_hash = hash_of(found)
        yield {**head, "kind": "article", "title": found.headline, "url": found.url}
        yield {"type": "Article", **_shown(found), **({} if found.url else {"_id": None})}
    elif found.outcome in _OUTCOMES:
        yield head
        yield {"type": "Outcome", "outcome": _OUTCOMES[found.outcome], "reason": found.reason}
    else:
        yield {"type": "Unrecognised", "reason": reason}


def contents(page: XenForoPage) -> Iterator[tuple[Item, str | None]]:
    """The items of a page in page order, each with "row" where it was read from a list row."""
    if isinstance(page, IndexPage | CategoryPage):
        yield from ((node, None) for node in page.nodes)
    elif isinstance(page, BoardPage):
        yield from ((node, None) for node in page.nodes)
        yield from ((thread, "row") for thread in page.threads)
    elif isinstance(page, ThreadPage):
        yield page.thread, None
        yield from ((post, None) for post in page.posts)
        yield from ((member, None) for member in page.members)
        yield from ((thread, "row") for thread in page.rows)
    elif isinstance(page, MemberPage) and page.member is not None:
        yield page.member, None


def _head(page: XenForoPage | None) -> Iterator[Record]:
    if page is not None:
        kind = None if page.kind is None else str(page.kind)
        address = page.fetched_from or page.declared_url
        head: Record = {"type": "Page", "template": page.template, "kind": kind, "title": page.title, "url": address}
        if isinstance(page, BoardPage) and page.board is not None:
            head["board"] = _record(page.board, page)  # the page's own; a Board record is one that a page lists
        yield head


def _record(item: Item, page: XenForoPage, source: str | None = None) -> Record:
    item.content_hash = hash_of(item)
    document = _shown(item)
    if page.fetched_from is None and page.declared_url is None:
        document["_id"] = None  # the page does not say which forum it is of
    record = {"type": type(item).__name__, **document}
    return record if source is None else {**record, "from": source}


def _shown(item: Item) -> Record:
    return {name: value for name, value in to_document(item).items() if name not in _LEFT_OUT}
