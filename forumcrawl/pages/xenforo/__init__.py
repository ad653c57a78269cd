"""Page objects for XenForo 2.0 to 2.3, in any language and direction."""

from forumcrawl.pages.xenforo.board import BoardPage, CategoryPage, IndexPage
from forumcrawl.pages.xenforo.kinds import Unrecognised, open_page
from forumcrawl.pages.xenforo.member import MemberPage
from forumcrawl.pages.xenforo.outcome import OutcomePage
from forumcrawl.pages.xenforo.page import Kind, XenForoPage
from forumcrawl.pages.xenforo.thread import ThreadPage

__all__ = [
    "BoardPage",
    "CategoryPage",
    "IndexPage",
    "Kind",
    "MemberPage",
    "OutcomePage",
    "ThreadPage",
    "Unrecognised",
    "XenForoPage",
    "open_page",
]
