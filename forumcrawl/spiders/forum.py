"""The forum spider: from the index over boards and lists to every thread, post and member."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure as TwistedFailure

from forumcrawl.items import Board, Item
from forumcrawl.pages.xenforo import BoardPage, CategoryPage, IndexPage, MemberPage, ThreadPage, XenForoPage
from forumcrawl.spiders.arguments import forum_arguments
from forumcrawl.spiders.known import Known
from forumcrawl.spiders.outcomes import Outcomes, failed_download, failure, read_response, refusals
from forumcrawl.spiders.plan import Plan, Visit
from forumcrawl.spiders.requests import START, Requests
from forumcrawl.stats.names import PAGES, THREADS, UNREAD
from forumcrawl.storage.errors import StorageUnavailable
from forumcrawl.text.urls import forum_key, in_forum, is_loopback

logger = logging.getLogger(__name__)
Output = Item | Request


class ForumSpider(Spider):
    """`scrapy crawl forum -a url=URL`; the arguments are those of `ForumArguments`."""

    name = "forum"

    def __init__(self, crawler: Crawler, **arguments: Any) -> None:
        super().__init__()
        self._set_crawler(crawler)
        self.arguments = forum_arguments(arguments, crawler.settings.get("FORUM_URL"))
        self.plan = Plan(self.arguments)
        self._use(forum_key(self.arguments.url))
        self.outcomes = Outcomes(crawler)
        self._boards: set[int] = set()
        self._known = Known()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> ForumSpider:
        return cls(crawler, **kwargs)

    @classmethod
    def check(cls, settings: BaseSettings, arguments: dict[str, str]) -> None:
        """Raises ArgumentError for arguments that cannot be used."""
        forum_arguments(arguments, settings.get("FORUM_URL"))

    def _use(self, forum: str) -> None:
        self.forum = forum
        self.requests = Requests(forum, self)

    # --- callbacks ---------------------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Request]:
        if not self.crawler.settings["CONTACT"] and not is_loopback(self.arguments.url):
            logger.warning("The forum's operators cannot reach you: set FORUMCRAWL_CONTACT to an address or a page")
        yield Request(self.arguments.url, self.parse_start, errback=self.no_start, priority=START, dont_filter=True)

    def parse_start(self, response: Response) -> Iterator[Output]:
        """The first page tells which forum this is; without it there is no crawl."""
        page = read_response(response, self.forum, XenForoPage, first=True)
        if isinstance(page, list):
            yield from self.outcomes.record(page)
            raise self._cannot_start(page)
        self._use(forum_key(response.url, page.base_path))
        yield from self._contents(page, response)

    def no_start(self, error: TwistedFailure) -> Iterator[Output]:
        """The forum's address could not be fetched."""
        failed: list[Item] = [failed_download(self.forum, error)]
        yield from self.outcomes.record(failed)
        raise self._cannot_start(failed)

    def parse_page(self, response: Response) -> Iterator[Output]:
        """A category's or a member's page."""
        page = read_response(response, self.forum, XenForoPage)
        if isinstance(page, list):
            yield from self.outcomes.record(page)
        else:
            yield from self._contents(page, response)

    async def parse_list(
        self, response: Response, board_id: int, number: int, discover: int = 0
    ) -> AsyncIterator[Output]:
        """A page of a board's threads. With `discover` only its boards are of interest."""
        page = read_response(response, self.forum, BoardPage)
        if isinstance(page, list):
            for item in self.outcomes.record(page):
                yield item
            return
        for output in self._boards_of(page):
            yield output
        if not discover:
            for row in page.rows:
                if not row.moved:
                    yield row.thread
            for request in self._from_list(page, await self._visits(page), board_id, number):
                yield request
        self._count(page)

    def parse_thread(
        self,
        response: Response,
        thread_id: int,
        number: int,
        entry: int = 0,
        position: int = 0,
        last_id: int = 0,
        **row: int,
    ) -> Iterator[Output]:
        """A page of a thread. On the first one asked for (`entry`) the post at `position` should be `last_id`: else
        the thread has lost posts, and what stood on its earlier pages has moved."""
        page = read_response(response, self.forum, ThreadPage)
        if isinstance(page, list):
            yield from self._refused(page, response.request)
        elif page.thread_id != thread_id:
            yield from self._moved(response, page)
        else:
            if entry and number > 1 and (page.page_number != number or _has_shifted(page, position, last_id)):
                yield self._from_the_start(page)
            yield from self._posts_of(page, response, with_thread=bool(entry) or number == 1)
            yield from self._other_pages(page, every=bool(entry))
            self._count(page)

    def failed(self, error: TwistedFailure) -> Iterator[Output]:
        """A request that got no response, after all its tries."""
        yield from self._refused([failed_download(self.forum, error)], error.request)  # type: ignore[attr-defined]

    # --- what a page leads to ----------------------------------------------------------------------------------

    def _contents(self, page: XenForoPage, response: Response) -> Iterator[Output]:
        if isinstance(page, IndexPage | CategoryPage):
            yield from self._boards_of(page)
        elif isinstance(page, BoardPage) and page.board_id is not None:
            yield self.requests.board(page.board_url or response.url, page.board_id)
        elif isinstance(page, ThreadPage) and page.thread_id is not None:
            yield self.requests.thread(page.thread_url or response.url, page.thread_id, entry=True)
        elif isinstance(page, MemberPage) and page.member is not None:
            yield page.member
        self._count(page)

    def _boards_of(self, page: IndexPage | CategoryPage | BoardPage) -> Iterator[Output]:
        boards = list(page.nodes)
        if isinstance(page, BoardPage) and page.board is not None and page.page_number == 1:
            boards.insert(0, page.board)
        self._boards.update(board.board_id for board in boards)
        yield from boards
        for board in page.nodes:
            if (request := self._board_request(board)) is not None:
                yield request

    def _board_request(self, board: Board) -> Request | None:
        if board.url is None or "#" in board.url or not in_forum(board.url, self.forum):
            return None
        if board.kind == "category":
            return self.requests.nodes(board.url, board.board_id)
        if board.kind == "forum" and self.plan.wanted(board.board_id):
            return self.requests.board(board.url, board.board_id)
        if board.kind == "forum" and self.plan.misses_boards(self._boards):
            return self.requests.board(board.url, board.board_id, discover=True)
        return None

    async def _visits(self, page: BoardPage) -> list[Visit]:
        rows, reads = page.rows, {}
        if not self.arguments.full:
            try:
                reads = await self.crawler.storage.archive.thread_reads([row.thread.key for row in rows])  # type: ignore[attr-defined]
            except StorageUnavailable as error:
                raise CloseSpider("storage_unavailable") from error
        visits = list(self.plan.visits(rows, reads))
        for decision, count in self.plan.decisions(len(rows), visits).items():
            self.crawler.stats.inc_value(THREADS.format(decision=decision), count)
        return visits

    def _from_list(self, page: BoardPage, visits: list[Visit], board_id: int, number: int) -> Iterator[Request]:
        for visit in visits:
            thread = visit.row.thread
            if thread.url is not None:
                yield self.requests.thread(thread.url, thread.thread_id, visit.page, entry=True, **visit.known)
        if page.board_url is not None and self.plan.may_go_on(page.rows):
            last = number + 1 if self.plan.in_order or number > 1 else page.last_page
            for each in range(number + 1, min(last, page.last_page) + 1):
                yield self.requests.board(page.board_url, board_id, each)

    def _posts_of(self, page: ThreadPage, response: Response, *, with_thread: bool) -> Iterator[Output]:
        if with_thread:
            yield page.thread
        yield from page.posts
        for member in page.members:
            if self._known.is_news(member):
                yield member
                if self.arguments.members and member.url is not None:
                    yield self.requests.member(member.url, member.member_id)
        if page.read is not None:
            yield page.read  # last: the writer keeps the order, so it is durable only after all of the above
        if not page.whole:
            assert response.request is not None
            reason = "posts that the page's source mentions could not be read, or it stops before its end"
            yield from self.outcomes.record(
                [failure(self.forum, response.request, "parse_error", reason, response.status)]
            )

    def _other_pages(self, page: ThreadPage, *, every: bool) -> Iterator[Request]:
        """From the entry page all that follow; near the end those that have been added meanwhile."""
        if page.thread_url is None or page.thread_id is None:
            return
        if every or page.page_number >= page.last_page - 1:
            for each in range(page.page_number + 1, page.last_page + 1):
                yield self.requests.thread(page.thread_url, page.thread_id, each)

    def _from_the_start(self, page: ThreadPage) -> Request:
        logger.info("%s has lost posts since it was read: reading it from its first page", page.thread_url)
        request = self.requests.thread(page.thread_url or "", page.thread_id or 0, entry=True)
        return request.replace(dont_filter=True)

    def _refused(self, items: Sequence[Item], request: Request | None) -> Iterator[Item]:
        yield from self.outcomes.record(items)
        if request is not None:
            yield from refusals(self.forum, items, request)

    def _moved(self, response: Response, page: ThreadPage) -> Iterator[Output]:
        assert response.request is not None
        reason = f"to {page.thread_url}"
        moved = failure(self.forum, response.request, "moved", reason, response.status)
        yield from self._refused([moved], response.request)
        if page.thread_url is not None and page.thread_id is not None:
            yield self.requests.thread(page.thread_url, page.thread_id, entry=True)

    # --- counting ----------------------------------------------------------------------------------------------

    def _count(self, page: XenForoPage) -> None:
        self.crawler.stats.inc_value(PAGES.format(kind=page.kind))
        for (kind, field), count in page.unread.items():
            self.crawler.stats.inc_value(UNREAD.format(type=kind, field=field), count)

    def _cannot_start(self, items: list[Item]) -> CloseSpider:
        reasons = [f"{item.url}: {getattr(item, 'outcome', '')}: {getattr(item, 'reason', '')}" for item in items]
        logger.error("There is no forum to crawl here: %s", reasons[0])
        return CloseSpider("start_failed")


def _has_shifted(page: ThreadPage, position: int, last_id: int) -> bool:
    numbers = {post.post_id: post.number for post in page.posts}
    return bool(position) and numbers.get(last_id, 0) not in (position, None)
