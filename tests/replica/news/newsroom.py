"""All articles of a world, where they stand, and what stands at an address."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from urllib.parse import unquote

from tests.replica.news.addresses import encoded, path_of
from tests.replica.news.sites import base_urls
from tests.replica.news.stories import Story, story_of, text_of

_KEPT = 4096


@dataclass(frozen=True)
class Newsroom:
    """`count` articles. The same arguments always give the same articles; `origin` is that of the forum beside them."""

    seed: int
    count: int
    origin: str

    @cached_property
    def bases(self) -> dict[str, str]:
        """Site name to the address its pages begin with."""
        return base_urls(self.origin)

    @cached_property
    def stories(self) -> list[Story]:
        """Every article, by number."""
        return [story_of(self.seed, number) for number in range(self.count)]

    @cached_property
    def text(self) -> _Texts:
        """The paragraphs of an article, by number."""
        return _Texts(self.seed)

    def url(self, story: Story) -> str:
        """The article's address, percent-encoded."""
        return self.bases[story.site.name] + encoded(path_of(story))

    def shown_url(self, story: Story) -> str:
        """The article's address as a browser shows it."""
        return self.bases[story.site.name] + path_of(story)

    def on(self, site: str) -> list[Story]:
        """The articles of a site, the latest first."""
        return self._by_site.get(site, [])

    @cached_property
    def _by_site(self) -> dict[str, list[Story]]:
        found: dict[str, list[Story]] = {}
        for story in sorted(self.stories, key=lambda story: story.published, reverse=True):
            found.setdefault(story.site.name, []).append(story)
        return found

    def at(self, site: str, path: str) -> Story | None:
        """The article at a path with its query, percent-encoded or not; None where none is."""
        return self._by_path.get((site, unquote(path)))

    @cached_property
    def _by_path(self) -> dict[tuple[str, str], Story]:
        return {(story.site.name, path_of(story)): story for story in self.stories}


class _Texts:
    """The latest texts, since a page, a post and the truth want the same one."""

    def __init__(self, seed: int) -> None:
        self._make = lru_cache(maxsize=_KEPT)(lambda number: tuple(text_of(seed, number)))

    def __getitem__(self, number: int) -> tuple[str, ...]:
        return self._make(number)
