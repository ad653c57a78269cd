"""Typed items: what the crawl yields and what MongoDB holds, one collection an item type."""

from forumcrawl.items.base import Item
from forumcrawl.items.forum import Board, Member, Post, Thread
from forumcrawl.items.outcome import Failure, Rejected, UnparsedPage
from forumcrawl.items.reading import ThreadRead

STORED: tuple[type[Item], ...] = (Board, Thread, Post, Member, Failure, UnparsedPage, Rejected, ThreadRead)
"""Every item type that has a collection, in the order the documentation lists them."""

__all__ = [
    "STORED",
    "Board",
    "Failure",
    "Item",
    "Member",
    "Post",
    "Rejected",
    "Thread",
    "ThreadRead",
    "UnparsedPage",
]
