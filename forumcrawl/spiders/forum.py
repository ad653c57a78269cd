"""The forum spider: from the index over boards and lists to every thread, post and member."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Iterator
from itertools import chain
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure as TwistedFailure

from forumcrawl.download.redirect import FORUM
from forumcrawl.download.retry import is_cut
from forumcrawl.frontier.scheduler import frontier_of
from forumcrawl.items import Board, Failure, Item, Member, ThreadRead
from forumcrawl.pages.xenforo import BoardPage, CategoryPage, IndexPage, MemberPage, ThreadPage, XenForoPage
from forumcrawl.spiders.arguments import ForumArguments, forum_arguments
from forumcrawl.spiders.known import Known
from forumcrawl.spiders.outcomes import NoContent, Outcomes, failed_download, failure, read_response, refusals
from forumcrawl.spiders.picture_reading import Output
from forumcrawl.spiders.plan import Plan, Visit
from forumcrawl.spiders.requests import Requests
from forumcrawl.spiders.source_reading import SourceReading
from forumcrawl.stats.names import PAGES, THREADS, UNREAD
from forumcrawl.text.urls import forum_key, in_forum, is_loopback

logger = logging.getLogger(__name__)
WINDOW = 1000
"""Pages of a list or thread asked for at once: a page that claims millions more must not fill the memory."""


class ForumSpider(SourceReading):
    """`scrapy crawl forum -a url=URL`; the arguments are those of `ForumArguments`."""

    name = "forum"

    def __init__(self, crawler: Crawler, **arguments: Any) -> None:
        super().__init__()
        self._set_crawler(crawler)
        self.arguments = forum_arguments(arguments, crawler.settings.get("FORUM_URL"))
        self.job, self.scope = self.arguments.job, self.arguments.scope
        self.plan = Plan(self.arguments)
        self._use(forum_key(self.arguments.url))
        self.outcomes = Outcomes(crawler)
        self._boards: set[int] = set()
        self._known, self._faces = Known(), Known()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> ForumSpider:
        return cls(crawler, **kwargs)

    @classmethod
    def check(cls, settings: BaseSettings, arguments: dict[str, str]) -> ForumArguments:
        """The arguments as they are understood. Raises ArgumentError for those that cannot be used."""
        return forum_arguments(arguments, settings.get("FORUM_URL"))

    def _use(self, forum: str) -> None:
        self.forum = forum
        self.requests = Requests(forum, self)

    def _join(self, request: Request | None) -> None:
        """Only one worker of a job reads the first page: the others learn from their requests which forum it is."""
        forum = None if request is None else request.meta.get(FORUM)
        if forum is not None and forum != self.forum:
            self._use(forum)

    # --- callbacks ---------------------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Request]:
        if not self.crawler.settings["CONTACT"] and not is_loopback(self.arguments.url):
            logger.warning("The forum's operators cannot reach you: set FORUMCRAWL_CONTACT to an address or a page")
        yield self.requests.start(self.arguments.url)

    async def parse_start(self, response: Response) -> AsyncIterator[Output]:
        """The first page tells which forum this is; without it there is no crawl. Pictures that are due follow."""
        page = read_response(response, self.forum, XenForoPage, first=True)
        if isinstance(page, NoContent):
            for item in self.outcomes.record(page.items):
                yield item
            raise self._cannot_start(page)
        self._use(forum_key(response.url, page.base_path))
        for output in self._contents(page, response):
            yield output
        for shown_by in (self.forum, None) if self.arguments.sources else (self.forum,):
            async for request in self.pictures_due(shown_by):
                yield request

    def no_start(self, error: TwistedFailure) -> Iterator[Output]:
        """The forum's address could not be fetched."""
        failed = failed_download(self.forum, error)
        yield from self.outcomes.record(failed.items)
        raise self._cannot_start(failed)

    def parse_page(self, response: Response) -> Iterator[Output]:
        """A category's or a member's page."""
        self._join(response.request)
        page = read_response(response, self.forum, XenForoPage)
        if isinstance(page, NoContent):
            yield from self.outcomes.record(page.items)
        else:
            yield from self._contents(page, response)

    async def parse_list(
        self, response: Response, board_id: int, number: int, discover: int = 0
    ) -> AsyncIterator[Output]:
        """A page of a board's threads. With `discover` only its boards are of interest."""
        self._join(response.request)
        page = read_response(response, self.forum, BoardPage)
        if isinstance(page, NoContent):
            for item in self.outcomes.record(page.items):
                yield item
            return
        page.asked_for = board_id or None
        for output in self._boards_of(page):
            yield output
        if not discover:
            for row in page.rows:
                if not row.moved:
                    yield row.thread
            for output in self._from_list(page, await self._visits(page), board_id):
                yield output
        self._count_page(page)

    async def parse_thread(
        self,
        response: Response,
        thread_id: int,
        number: int,
        entry: int = 0,
        position: int = 0,
        last_id: int = 0,
        restarted: int = 0,
        **row: int,
    ) -> AsyncIterator[Output]:
        """A page of a thread. On the first one asked for (`entry`) the post at `position` should be `last_id`: else
        the thread has lost posts, what stood on its earlier pages has moved, and it is `restarted` from its first."""
        self._join(response.request)
        page = read_response(response, self.forum, ThreadPage)
        outputs: Iterable[Output]
        if isinstance(page, NoContent):
            outputs = self._no_thread(page, response.request)
        elif page.thread_id != thread_id:
            outputs = self._moved(response, page)
        else:
            shifted = entry and number > 1 and (page.page_number != number or _has_shifted(page, position, last_id))
            anew = bool(entry) and number == 1 and not restarted
            for output in self._from_the_start(page) if shifted else ():
                yield output
            for output in self._posts_of(page, with_thread=bool(entry) or number == 1):
                yield output
            shown = await asyncio.gather(  # while the posts are being stored
                self.sources_of(page.posts, follow=self.arguments.sources),
                self.pictures_of([*page.posts, *self._faces_of(page)]),
            )
            outputs = chain(
                *shown, self._account_of(page, response, anew=anew), self._other_pages(page, every=bool(entry))
            )
            self._count_page(page)
        for output in outputs:
            yield output

    def failed(self, error: TwistedFailure) -> Iterator[Output]:
        """A request that got no response, after all its tries."""
        self._join(error.request)  # type: ignore[attr-defined]
        yield from self._no_thread(failed_download(self.forum, error), error.request)  # type: ignore[attr-defined]

    def closed(self, reason: str) -> None:
        """A board that was asked for and never seen is a slip, or hidden from guests."""
        if never_seen := sorted(self.arguments.boards - self._boards):
            logger.warning("No page of the forum names the boards %s", ", ".join(map(str, never_seen)))

    # --- what a page leads to ----------------------------------------------------------------------------------

    def _contents(self, page: XenForoPage, response: Response) -> Iterator[Output]:
        if isinstance(page, IndexPage | CategoryPage):
            yield from self._boards_of(page)
        elif isinstance(page, BoardPage):
            yield self.requests.board(page.board_url or response.url, page.board_id or 0)
        elif isinstance(page, ThreadPage) and page.thread_id is not None:
            yield self.requests.thread(page.thread_url or response.url, page.thread_id, entry=True)
        elif isinstance(page, MemberPage) and page.member is not None:
            yield page.member
        self._count_page(page)

    def _boards_of(self, page: IndexPage | CategoryPage | BoardPage) -> Iterator[Output]:
        boards = list(page.nodes)
        if isinstance(page, BoardPage) and page.board is not None and page.page_number == 1:
            boards.insert(0, page.board)
        self._boards.update(board.board_id for board in boards)
        yield from boards
        for board in page.nodes:
            if (request := self._board_request(board)) is not None:
                yield request
        for url in page.unnamed:
            if in_forum(url, self.forum):
                yield self.requests.nodes(url, 0)

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
            reads = await self.ask(self.archive.thread_reads([row.thread.key for row in rows]))
        visits = await self.plan.admitted(list(self.plan.visits(rows, reads)), self._choose)
        for decision, count in self.plan.decisions(len(rows), visits).items():
            self.crawler.stats.inc_value(THREADS.format(decision=decision), count)
        return visits

    def _from_list(self, page: BoardPage, visits: list[Visit], board_id: int) -> Iterator[Output]:
        for visit in visits:
            thread = visit.row.thread
            if thread.url is None:
                continue
            request = self.requests.thread(thread.url, thread.thread_id, visit.page, entry=True, **visit.known)
            if in_forum(thread.url, self.forum):
                yield request
            else:
                yield from self.outcomes.record([failure(self.forum, request, "redirected_out", "linked by a list")])
        number, last = page.page_number, page.last_page
        if page.board_url is None or not self.plan.may_go_on(page.rows):
            return
        if self.plan.in_order:
            last = min(last, number + 1)
        if self.plan.in_order or number % WINDOW in (0, 1) or number >= last - 1:
            for each in _window(number, last):
                yield self.requests.board(page.board_url, board_id, each)

    def _posts_of(self, page: ThreadPage, *, with_thread: bool) -> Iterator[Output]:
        if with_thread:
            yield page.thread
        yield from page.posts
        for member in page.members:
            if self._known.is_news(member):
                yield member
                if self.arguments.members and member.url is not None and in_forum(member.url, self.forum):
                    yield self.requests.member(member.url, member.member_id)

    def _faces_of(self, page: ThreadPage) -> list[Member]:
        """Members whose pictures are wanted and were not asked for."""
        return [each for each in page.members if self._faces.is_news(each)] if self.arguments.avatars else []

    def _account_of(self, page: ThreadPage, response: Response, *, anew: bool) -> Iterator[Output]:
        if page.read is not None and not is_cut(response):
            page.read.anew = anew
            yield page.read  # last: the writer keeps the order, so it is durable only after all of the above
        if not page.whole or is_cut(response):
            assert response.request is not None
            reason = "the page stops before its end, or posts that its source mentions could not be read"
            lost = failure(self.forum, response.request, "parse_error", reason, response.status)
            yield from self.outcomes.record([lost])

    def _other_pages(self, page: ThreadPage, *, every: bool) -> Iterator[Request]:
        """From the entry page those that follow, a window at a time; near the end those added meanwhile."""
        if page.thread_url is None or page.thread_id is None:
            return
        number, last = page.page_number, page.last_page
        if every or number % WINDOW == 0 or number >= last - 1:
            for each in _window(number, last):
                yield self.requests.thread(page.thread_url, page.thread_id, each)

    def _from_the_start(self, page: ThreadPage) -> Iterator[Output]:
        thread_id = page.thread_id or 0
        logger.info("%s has lost posts since it was read: reading it from its first page", page.thread_url)
        yield ThreadRead(forum=self.forum, thread_id=thread_id, anew=True)
        request = self.requests.thread(page.thread_url or "", thread_id, entry=True, restarted=1)
        yield request.replace(dont_filter=True)

    def _no_thread(self, nothing: NoContent, request: Request | None) -> Iterator[Item]:
        yield from self.outcomes.record(nothing.items)
        if request is not None:
            yield from refusals(self.forum, nothing, request)

    def _moved(self, response: Response, page: ThreadPage) -> Iterator[Output]:
        assert response.request is not None
        reason = f"to {page.thread_url}"
        moved = failure(self.forum, response.request, "moved", reason, response.status)
        yield from self._no_thread(NoContent([moved], settled=True), response.request)
        if page.thread_url is not None and page.thread_id is not None:
            yield self.requests.thread(page.thread_url, page.thread_id, entry=True)

    async def _choose(self, name: str, members: list[str], limit: int) -> tuple[list[str], int]:
        """Of the job, where the scheduler shares it among workers; else this process is all there is."""
        frontier = frontier_of(self.crawler)
        return (members, 0) if frontier is None else await frontier.choose(name, members, limit)

    # --- counting ----------------------------------------------------------------------------------------------

    def _count_page(self, page: XenForoPage) -> None:
        self.crawler.stats.inc_value(PAGES.format(kind=page.kind))
        for (kind, field), count in page.unread.items():
            self.crawler.stats.inc_value(UNREAD.format(type=kind, field=field), count)

    def _cannot_start(self, nothing: NoContent) -> CloseSpider:
        reasons = [f"{item.url}: {item.outcome}: {item.reason}" for item in nothing.items if isinstance(item, Failure)]
        logger.error("There is no forum to crawl here: %s", reasons[0])
        return CloseSpider("start_failed")


def _window(number: int, last: int) -> range:
    """The pages behind page `number` that are asked for with it: up to the last, or to the end of its window."""
    return range(number + 1, min(last, number + WINDOW - number % WINDOW) + 1)


def _has_shifted(page: ThreadPage, position: int, last_id: int) -> bool:
    numbers = {post.post_id: post.number for post in page.posts}
    return bool(position) and numbers.get(last_id, 0) not in (position, None)
