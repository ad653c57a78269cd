"""What these tests share: the parsed pages of a site, the items of one type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from lxml import html as lxml_html

from forumcrawl.items import Item
from tests.replica.site import Site
from tests.replica.threads import ThreadInfo


def fetch(site: Site, path: str) -> Any:
    """The parsed page at a path of the forum."""
    parts = urlsplit(path)
    answer = site.answer(parts.path, parts.query)
    assert answer.status == 200, (path, answer.status, answer.headers)
    return lxml_html.document_fromstring(answer.body.decode())


def post_ids(page: Any) -> list[int]:
    return [int(a.get("data-content")[5:]) for a in page.xpath('//article[contains(@class, "js-post")]')]


def thread_pages(site: Site, thread: ThreadInfo) -> Iterator[Any]:
    for page in range(1, site.routes.moment.pages(thread) + 1):
        yield fetch(site, site.routes.parts.thread_path(thread, f"page-{page}" if page > 1 else ""))


def of_type(items: list[Item], kind: type[Item]) -> list[Any]:
    return [item for item in items if isinstance(item, kind)]


def split(path: str) -> tuple[str, str]:
    parts = urlsplit(path)
    return parts.path, parts.query
