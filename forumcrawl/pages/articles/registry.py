"""Which class reads which site.

By host, and not by web-poet's rules: those ask the public suffix list, which their library fetches over the network.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from forumcrawl.pages.articles.base import ArticlePage
from forumcrawl.pages.articles.document import Document
from forumcrawl.pages.articles.stamps import published
from forumcrawl.text.addresses import site_of

Page = TypeVar("Page", bound=type[ArticlePage])
_classes: dict[str, type[ArticlePage]] = {}


def handle_hosts(*hosts: str) -> Callable[[Page], Page]:
    """Class decorator: this is the newest class for pages of these hosts, written without www."""

    def register(page_class: Page) -> Page:
        _classes.update(dict.fromkeys(hosts, page_class))
        return page_class

    return register


def classes_for(page: Document, like: str | None = None) -> list[type[ArticlePage]]:
    """The site's classes for a page, most fitting first; none for a site without a class. `like`: of that site.

    The first is the one whose design was in use on the day of publication, then come the older ones.
    """
    newest = _classes.get(like or site_of(page.fetched_url) or page.site)
    if newest is None:
        return []
    versions = list(versions_of(newest))
    return versions[_in_use(versions, page) :] if len(versions) > 1 else versions


def registered() -> list[type[ArticlePage]]:
    """The newest class of each site that has one."""
    return list(dict.fromkeys(_classes.values()))


def versions_of(newest: type[ArticlePage]) -> Iterator[type[ArticlePage]]:
    """A class and those of the designs before it, newest first."""
    version: type[ArticlePage] | None = newest
    while version is not None:
        yield version
        version = version.older


def _in_use(versions: list[type[ArticlePage]], page: Document) -> int:
    """Place of the oldest class that was still valid on the day of publication; 0 where the page tells no day."""
    stamp = published(page)
    if stamp is None:
        return 0
    ends = [each.valid_until for each in versions]
    return max((place for place, end in enumerate(ends) if end is None or stamp.at.date() <= end), default=0)
