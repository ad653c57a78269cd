"""Typed items: what the crawl yields and what MongoDB holds, one collection an item type."""

from forumcrawl.items.article import Article, Citation, SourceLink
from forumcrawl.items.base import ForumItem, Item, SiteItem
from forumcrawl.items.forum import Board, Member, Post, Thread
from forumcrawl.items.media import ImageFile
from forumcrawl.items.outcome import Failure, Rejected, UnparsedPage
from forumcrawl.items.reading import ThreadRead
from forumcrawl.items.revision import Revision

STORED: tuple[type[Item], ...] = (
    Board, Thread, Post, Member, Article, SourceLink, Citation, ImageFile, Revision, Failure, UnparsedPage, Rejected,
    ThreadRead,
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
    "Revision",
    "SiteItem",
    "SourceLink",
    "Thread",
    "ThreadRead",
    "UnparsedPage",
]
