"""Typed items: what the crawl yields and what MongoDB holds, one collection an item type."""

from forumcrawl.items.article import Article, Citation, SourceLink
from forumcrawl.items.base import ForumItem, Item, SiteItem
from forumcrawl.items.forum import Board, Member, Post, Thread
from forumcrawl.items.media import ImageFile
from forumcrawl.items.outcome import Failure, Rejected, UnparsedPage
from forumcrawl.items.reading import ThreadRead

STORED: tuple[type[Item], ...] = (
    Board, Thread, Post, Member, Article, SourceLink, Citation, ImageFile, Failure, UnparsedPage, Rejected, ThreadRead,
)  # fmt: skip
"""Every item type that has a collection, in the order the documentation lists them."""

__all__ = [
    "STORED",
    "Article",
    "Board",
    "Citation",
    "Failure",
    "ForumItem",
    "ImageFile",
    "Item",
    "Member",
    "Post",
    "Rejected",
    "SiteItem",
    "SourceLink",
    "Thread",
    "ThreadRead",
    "UnparsedPage",
]
