"""The truth as items, told from the model alone and never from a page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from forumcrawl.items import Board, Item, Member, Post, Thread
from forumcrawl.items.forum import (
    Attachment,
    Author,
    Poll,
    PollOption,
    Reactions,
    ThreadAuthor,
)
from tests.replica.labels import rounded
from tests.replica.moment import Moment
from tests.replica.nodes import NodeInfo
from tests.replica.people import Person
from tests.replica.posts import PostInfo
from tests.replica.reading import Reading, TextBuilder
from tests.replica.threads import MISSING, MOVED, OUTSIDE, UNREADABLE, ThreadInfo


class Teller:
    """Tells single things of a moment as items."""

    def __init__(self, moment: Moment) -> None:
        self.moment = moment
        self.world = moment.world
        self.urls = moment.world.urls

    def count(self, number: int) -> int:
        """A count as far as the forum's short form tells it."""
        return number if self.world.version == "2.0" else rounded(number)

    def board(self, node: NodeInfo) -> Board:
        """A node. Only boards are shown with counts."""
        threads, posts = self.moment.counts[node.id] if node.kind == "forum" else (None, None)
        return Board(
            forum=self.world.forum,
            url=self.urls.absolute(self.urls.of(node.route, node.title, node.id)),
            board_id=node.id,
            title=node.title,
            description=node.description,
            parent_id=node.parent.id if node.parent else None,
            kind=node.kind,
            threads=None if threads is None else self.count(threads),
            posts=None if posts is None else self.count(posts),
        )

    def thread(self, info: ThreadInfo) -> Thread:
        """A thread that can be read."""
        moment, starter = self.moment, self.moment.starter(info)
        return Thread(
            forum=self.world.forum,
            url=self.thread_url(info),
            thread_id=info.id,
            title=info.title,
            prefixes=list(info.prefixes),
            tags=list(info.tags),
            board_id=info.board,
            author=ThreadAuthor(name=starter.name, member_id=starter.id or None),
            created_at=moment.written_at(info, 1),
            last_post_at=moment.last_post_at(info),
            replies=moment.posts(info) - 1,
            views=self.count(moment.views(info)),
            pages=moment.pages(info),
            sticky=info.sticky,
            locked=info.locked,
            kind=info.kind,
            poll=self._poll(info),
        )

    def _poll(self, info: ThreadInfo) -> Poll | None:
        if info.ballot is None:
            return None
        options = [PollOption(text=text, votes=votes) for text, votes in info.ballot.options]
        return Poll(question=info.ballot.question, options=options, voters=info.ballot.voters)

    def thread_url(self, info: ThreadInfo) -> str:
        """A thread's canonical address."""
        return self.urls.absolute(self.urls.of("threads", info.title, info.id))

    def post(self, post: PostInfo) -> Post:
        """A post. `html` is only told to be there: the text stands in for it."""
        reading, text = Reading(self.world), TextBuilder()
        reading.read(post.body, text)
        written = self.moment.written_at(post.thread, post.number)
        edited = None if post.edited_after is None else written + timedelta(seconds=post.edited_after)
        return Post(
            forum=self.world.forum,
            url=f"{self.thread_url(post.thread)}post-{post.id}",
            post_id=post.id,
            thread_id=post.thread.id,
            number=post.number,
            author=self._author(post.author),
            created_at=written,
            edited_at=edited,
            text=str(text),
            html=str(text),
            quotes=reading.quotes,
            links=reading.links,
            images=reading.images,
            attachments=[Attachment(url=self._file_url(f.name, f.id), name=f.name) for f in post.files],
            embeds=reading.embeds,
            reactions=Reactions(count=len(post.liked_by) + post.others, names=list(post.liked_by)),
        )

    def _file_url(self, name: str, number: int) -> str:
        return self.urls.absolute(self.urls.of("attachments", name, number))

    def avatar(self, person: Person) -> str | None:
        """Address of the picture beside a member's posts."""
        return self.urls.absolute(self.urls.file(f"data/avatars/m/{person.avatar}")) if person.avatar else None

    def joined(self, person: Person) -> tuple[datetime | None, str | None]:
        """What a card tells of the day of registration: midnight UTC of the day shown, and as written."""
        if not self.world.shows_dates:
            return None, None
        local = person.joined.astimezone(self.world.lang.zone)
        return datetime(local.year, local.month, local.day, tzinfo=UTC), self.world.lang.day(local)

    def extras(self, person: Person) -> dict[str, str]:
        """The card's further fields."""
        return {self.world.lang.words["country"]: person.country} if person.country else {}

    def _author(self, person: Person) -> Author:
        if not person.id:
            return Author(name=person.name, title=person.title)
        joined_at, joined_raw = self.joined(person)
        return Author(
            name=person.name,
            member_id=person.id,
            title=person.title,
            banners=list(person.banners),
            messages=person.messages_at(self.moment.tick),
            reaction_score=person.score_at(self.moment.tick),
            points=person.points,
            joined_at=joined_at,
            joined_raw=joined_raw,
            avatar_url=self.avatar(person),
            extras=self.extras(person),
        )

    def member(self, person: Person, *, has_page: bool) -> Member:
        """A member who wrote something; `has_page`: the member's own page was read too."""
        joined_at, joined_raw = self.joined(person)
        return Member(
            forum=self.world.forum,
            url=self.urls.absolute(self.urls.of("members", person.name, person.id)),
            member_id=person.id,
            name=person.name,
            title=person.title,
            joined_at=person.joined if has_page else joined_at,
            joined_raw=joined_raw,
            last_seen_at=person.last_seen if has_page else None,
            messages=person.messages_at(self.moment.tick),
            reaction_score=person.score_at(self.moment.tick),
            points=person.points,
            avatar_url=self.avatar(person),
            extras=self.extras(person),
        )


def tell(moment: Moment, *, members_pages: bool = False) -> Iterator[Item]:
    """Boards, threads each with its posts, then the members who wrote them."""
    teller = Teller(moment)
    writers: set[int] = set()
    for node in moment.world.nodes.values():
        yield teller.board(node)
    for index in range(moment.total):
        if index in UNREADABLE:
            continue
        thread = moment.thread(index)
        yield teller.thread(thread)
        for number in range(1, moment.posts(thread) + 1):
            post = moment.post(index, number)
            writers.add(post.author.id)
            yield teller.post(post)
    for number in sorted(writers - {0}):
        yield teller.member(moment.writer.member(number), has_page=members_pages)


def failures(moment: Moment) -> list[tuple[str, str]]:
    """Every (path, outcome) that cannot be read, boards first."""
    urls = moment.world.urls
    outcomes = {"forbidden": "forbidden", "login": "login_required", "unknown": "unrecognised"}
    boards = [n for n in moment.world.nodes.values() if n.access != "open"]
    found = [(urls.of(n.route, n.title, n.id), outcomes[n.access]) for n in boards]
    for index, outcome in ((MISSING, "not_found"), (MOVED, "moved"), (OUTSIDE, "redirected_out")):
        thread = moment.thread(index)
        found.append((urls.of("threads", thread.title, thread.id), outcome))
    return found
