"""A page of a thread: the thread, its posts, who wrote them."""

from __future__ import annotations

import logging
import re
from functools import cached_property

from lxml.etree import _Element

from forumcrawl.items.forum import Author, Member, Poll, PollOption, Post, Thread, ThreadAuthor
from forumcrawl.items.reading import PageRead, ThreadRead
from forumcrawl.pages.html import Selection, classes, data_id, first, first_tag, text_of, time_of
from forumcrawl.pages.xenforo.page import COMMON, Kind, XenForoPage, node_id
from forumcrawl.pages.xenforo.post import post_id_of, read_post
from forumcrawl.pages.xenforo.rows import ROW_CLASS, read_row
from forumcrawl.pages.xenforo.source import Source
from forumcrawl.text import urls
from forumcrawl.text.numbers import parse_count, whole_number

logger = logging.getLogger(__name__)
_NUMBERS = re.compile(r"[\d٠-٩۰-۹][\d٠-٩۰-۹.,٬’' ]*")
_POST_MARK = b'data-content="post-'
_POSTS = re.compile(rb'<article[^<>]*\bdata-content="post-')


class ThreadPage(XenForoPage):
    """`thread_view` and its types: discussion, article, question, poll and others."""

    kind = Kind.THREAD
    selection = Selection(
        COMMON | {"tagItem", "blockStatus-message--locked", "pollResult", "js-replyNewMessageContainer"},
        leaves=frozenset({"message", ROW_CLASS}),
    )

    @cached_property
    def source(self) -> Source:
        """The page's source, to cut bodies from."""
        return Source(self.body)

    @cached_property
    def thread_id(self) -> int | None:
        """The thread's numeric id: from `html[data-content-key]`, else from the page's own address."""
        key = (self.root.get("data-content-key") or "").removeprefix("thread-")
        if (told := whole_number(key)) is not None:
            return told
        for address in (self.declared_url, self.fetched_from):
            for piece in reversed((address or "").rstrip("/").split("/")[-2:]):
                if (found := node_id(f".{piece}" if piece.isdecimal() else piece)) is not None:
                    return found
        return None

    @cached_property
    def thread_url(self) -> str | None:
        """Address of the thread's first page, with a slash at its end."""
        return self.thread_url_of(self.url)

    @property
    def sample_link(self) -> str | None:
        return self.thread_url_of(self.declared_url or self.fetched_from)

    def thread_url_of(self, address: str | None) -> str | None:
        """First-page address in any address of this thread."""
        return None if address is None or self.thread_id is None else urls.thread_base(address, self.thread_id)

    @cached_property
    def _elements(self) -> list[tuple[int, _Element]]:
        found: list[tuple[int, _Element]] = []
        for element in self.parts.get("message", ()):
            if (post_id := post_id_of(element)) is not None and element.tag == "article":
                found.append((post_id, element))
            elif element.tag == "article" and "message--post" in classes(element):
                self.unread["posts", "post_id"] += 1
        return found

    @cached_property
    def _in_order(self) -> set[int]:
        """Ids of the posts of this page proper; a question pins its first post and its solution above them."""
        lists = self.parts.get("js-replyNewMessageContainer", [])
        return {
            post_id
            for post_id, element in self._elements
            if not lists or any(above in lists for above in element.iterancestors())
        }

    @cached_property
    def posts(self) -> list[Post]:
        """The posts in page order, each once.

        One that cannot be read at all is logged and counted as unread, and costs the others nothing.
        """
        thread_id = self.thread_id or 0
        seen = dict(self._elements)  # a post that stands on the page twice is read where it stands last
        posts: list[Post] = []
        for post_id, element in self._elements:
            if seen[post_id] is not element:
                continue
            try:
                posts.append(read_post(element, post_id, thread_id, self.thread_url, self))
            except Exception:
                logger.exception("post %s on %s could not be read", post_id, self.url)
                self.unread["posts", "post"] += 1
        return posts

    @cached_property
    def whole(self) -> bool:
        """Every post that the page's source mentions was read: none was swallowed by broken markup."""
        lost = self.unread["posts", "post"] or self.unread["posts", "post_id"]
        found = len(self._elements)  # the plain count is cheaper, and nearly always enough
        return not lost and (found >= self.body.count(_POST_MARK) or found >= len(_POSTS.findall(self.body)))

    @cached_property
    def thread(self) -> Thread:
        """The thread as its own page tells it (a list row knows more: views, last post, sticky)."""
        thread = Thread(forum=self.forum, thread_id=self.thread_id or 0, url=self.thread_url)
        thread.title = self.title
        heading = first(self.parts.get("p-title-value"))
        if heading is not None:
            thread.prefixes = [text_of(e) for e in heading.iter("span", "a") if "label" in classes(e)]
        thread.tags = [text_of(each) for each in self.parts.get("tagItem", ())]
        thread.board_id = self.container_id or next((each for each in reversed(self.crumb_ids) if each), None)
        thread.pages = self.last_page
        thread.locked = "blockStatus-message--locked" in self.parts
        thread.poll = self._poll
        thread.kind = self._kind
        self._read_start(thread)
        return thread

    def _read_start(self, thread: Thread) -> None:
        header = first(self.parts.get("p-description"))
        thread.created_at = time_of(header)
        opener = self.posts[0] if self.posts and self.page_number == 1 else None
        for each in () if header is None else header.iter("a", "span"):
            if "username" in classes(each):
                thread.author = ThreadAuthor(name=text_of(each), member_id=data_id(each, "data-user-id"))
                break
        if opener is not None:
            thread.created_at = thread.created_at or opener.created_at
            if thread.author is None and opener.author.name:
                thread.author = ThreadAuthor(name=opener.author.name, member_id=opener.author.member_id)

    @cached_property
    def _kind(self) -> str:
        named = (self.template or "").partition("_type_")[2]
        return named or ("poll" if self._poll else "discussion")

    @cached_property
    def _poll(self) -> Poll | None:
        results = self.parts.get("pollResult", [])
        block = (
            next((e for e in results[0].iterancestors() if "block-container" in classes(e)), None) if results else None
        )
        if block is None:
            return None
        question = next((e for e in block.iter() if "block-header" in classes(e)), None)
        poll = Poll(question="" if question is None else _own_text(question))
        for each in results:
            poll.options.append(_poll_option(each))
        rows = [e for e in block.iter("dl") if not any("pollResult" in classes(a) for a in e.iterancestors())]
        count = parse_count(text_of(first_tag(rows[-1], "dd"))) if rows else None
        poll.voters = count.value if count else None
        return poll

    @cached_property
    def members(self) -> list[Member]:
        """The members whose cards stand on the page, each once."""
        found: dict[int, Member] = {}
        for post in self.posts:
            if post.author.member_id is not None and post.author.member_id not in found:
                found[post.author.member_id] = _member(self.forum, post.author, self)
        return list(found.values())

    @cached_property
    def rows(self) -> list[Thread]:
        """Threads that the page lists beside its own (similar threads)."""
        return [row.thread for each in self.parts.get(ROW_CLASS, ()) if (row := read_row(each, self, None))]

    @cached_property
    def read(self) -> ThreadRead | None:
        """The account of this page for the next run, or None when it was not read whole."""
        posts = self.posts
        if not posts or not self.whole or self.thread_id is None:
            return None
        proper = [post for post in posts if post.post_id in self._in_order] or posts
        last = proper[-1]
        newest = max((post.created_at for post in proper if post.created_at), default=None)
        position = max((post.number for post in proper if post.number is not None), default=len(proper))
        page = PageRead(posts=position, last_id=last.post_id, last_at=newest, of=self.last_page)
        return ThreadRead.of_page(self.forum, self.thread_id, self.page_number, page)


def _own_text(header: _Element) -> str:
    pieces = [header.text or ""]
    for child in header:
        if "block-desc" not in classes(child):
            pieces.append("".join(child.itertext()))  # type: ignore[arg-type]
        pieces.append(child.tail or "")
    return " ".join("".join(pieces).split())


def _poll_option(result: _Element) -> PollOption:
    option = PollOption(text="")
    for each in result.iter():
        names = classes(each)
        if "pollResult-response" in names:
            option.text = text_of(each)
        elif "pollResult-votes" in names:
            option.votes = _last_count(text_of(each))
    return option


def _last_count(text: str) -> int | None:
    counts = [count for run in _NUMBERS.findall(text) if (count := parse_count(run.strip(" .,"))) is not None]
    return counts[-1].value if counts else None


def _member(forum: str, author: Author, page: XenForoPage) -> Member:
    member_id = author.member_id or 0
    member = Member(forum=forum, member_id=member_id, name=author.name, title=author.title)
    member.url = page.member_urls.get(member_id)
    member.joined_at, member.joined_raw = author.joined_at, author.joined_raw
    member.messages, member.reaction_score, member.points = author.messages, author.reaction_score, author.points
    member.avatar_url, member.extras = author.avatar_url, dict(author.extras)
    return member
