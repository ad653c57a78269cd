"""The world: a forum that follows from a seed and a size, and the truth about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from forumcrawl.items import Item
from tests.replica.labels import Language
from tests.replica.news.newsroom import Newsroom
from tests.replica.news.quoting import Quoting
from tests.replica.nodes import PATTERN, NodeInfo, build_tree
from tests.replica.people import Person, member
from tests.replica.pictures.gallery import Gallery
from tests.replica.pictures.hanging import Hanging
from tests.replica.threads import UNREADABLE, Threads, board_of
from tests.replica.urls import Urls

if TYPE_CHECKING:
    from tests.replica.moment import Moment

VERSIONS = ("2.0", "2.1", "2.2", "2.3")


@dataclass(frozen=True, kw_only=True)
class World:
    """A forum. The same arguments always give the same forum, and nothing in it is kept but small caches.

    `origin` is scheme, host and port of the server, for absolute addresses. `icon_cards`: the cards beside
    posts name their fields by icons. `card_dates`: cards tell the day of registration (default: all but
    Arabic, as on the forum this began with). `grow_posts`: ticks add posts and threads, not only numbers.
    `news`: how many articles the source sites have that posts quote, each in three posts; 0 for no such sites.
    `pictures`: how many different pictures posts show, each at several addresses; 0: posts show addresses of the real
    web, where nothing is.
    """

    seed: int = 1
    threads: int = 60
    version: str = "2.3"
    language: str = "en"
    routes: str = "plain"
    native_slugs: bool | None = None
    posts_per_page: int = 20
    threads_per_page: int = 20
    grow_posts: bool = False
    icon_cards: bool = False
    card_dates: bool | None = None
    news: int = 0
    pictures: int = 0
    origin: str = "http://127.0.0.1:8080"

    def __post_init__(self) -> None:
        if self.version not in VERSIONS:
            raise ValueError(f"version is {self.version!r}, not one of {', '.join(VERSIONS)}")
        if self.threads < len(PATTERN) // 2:
            raise ValueError(f"a world has at least {len(PATTERN) // 2} threads, not {self.threads}")

    @cached_property
    def lang(self) -> Language:
        """The interface's language."""
        return Language(self.language)

    @cached_property
    def urls(self) -> Urls:
        """Addresses. Slugs keep their letters (percent-encoded) in Arabic and Russian unless told otherwise."""
        native = self.language in ("ar", "ru") if self.native_slugs is None else self.native_slugs
        return Urls(self.origin, self.routes, native)

    @property
    def forum(self) -> str:
        """The forum's key: host, port and base path."""
        return self.urls.forum

    @property
    def title(self) -> str:
        """The forum's name."""
        return "منتدى الصحراء للدفاع و الأمن" if self.language == "ar" else "Desert & Sea Board"

    @property
    def shows_dates(self) -> bool:
        """Whether cards tell the day of registration."""
        return self.language != "ar" if self.card_dates is None else self.card_dates

    @cached_property
    def tree(self) -> list[NodeInfo]:
        """The categories with all that stands in them."""
        return build_tree(self.language)

    @cached_property
    def nodes(self) -> dict[int, NodeInfo]:
        """Every node by id, in page order."""
        return {node.id: node for category in self.tree for node in category.walk()}

    @cached_property
    def threads_model(self) -> Threads:
        """The threads at tick 0."""
        threads = Threads(self.seed, self.threads, self.version, self.language)
        return replace(threads, titles=self.quoting.titles) if self.quoting else threads

    @cached_property
    def newsroom(self) -> Newsroom:
        """The articles of the source sites."""
        return Newsroom(self.seed, self.news, self.origin)

    @cached_property
    def quoting(self) -> Quoting | None:
        """The posts that have to do with articles; None where there are no source sites."""
        if not self.news:
            return None
        return Quoting(self.newsroom, Threads(self.seed, self.threads, self.version, self.language))

    @cached_property
    def gallery(self) -> Gallery:
        """The pictures at the addresses of the replica's hosts."""
        return Gallery(self.seed, self.pictures, self.origin)

    @cached_property
    def hanging(self) -> Hanging | None:
        """The pictures that posts show; None where there are none of our own."""
        if not self.pictures:
            return None
        return Hanging(self.gallery, Threads(self.seed, self.threads, self.version, self.language))

    @cached_property
    def counts_at_start(self) -> dict[int, tuple[int, int]]:
        """Board to its own (threads, posts) at tick 0; boards nobody can read claim some too."""
        found = {node.id: [0, 0] for node in self.nodes.values() if node.kind == "forum"}
        for index in range(self.threads):
            count = found[board_of(index)]
            count[0] += 1
            count[1] += self.threads_model.posts(index)
        closed = {n.id: (41 * n.id, 977 * n.id) for n in self.nodes.values() if n.access != "open"}
        return {number: (threads, posts) for number, (threads, posts) in found.items()} | closed

    @property
    def members(self) -> int:
        """How many members there are."""
        return max(15, self.threads // 2)

    def member(self, number: int) -> Person:
        """A member by id."""
        return member(self.seed, self.language, number)

    @property
    def seed_thread_id(self) -> int:
        """Thread id of the seed thread."""
        return self.threads_model.id_of(self.threads_model.seed_index)

    def at(self, tick: int) -> Moment:
        """The world at a tick."""
        from tests.replica.moment import Moment

        return Moment(self, tick)

    def truth(self, tick: int = 0, *, members_pages: bool = False) -> Iterator[Item]:
        """What a complete crawl at a tick holds; `members_pages`: the members' own pages were read too."""
        from tests.replica.truth import tell

        return tell(self.at(tick), members_pages=members_pages)

    def expected_failures(self, tick: int = 0) -> list[tuple[str, str]]:
        """Every (path, outcome) a complete crawl cannot read; page and link nodes, which it need not open, aside."""
        from tests.replica.truth import failures

        return failures(self.at(tick))

    def row_only_keys(self) -> list[str]:
        """Ids of threads that list rows show and no page: a crawl may know them, and need not."""
        model = self.threads_model
        return [f"{self.forum}/thread/{model.id_of(index)}" for index in sorted(UNREADABLE)]
