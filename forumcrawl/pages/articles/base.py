"""What all article pages share: one field of `Article` a property, and where each value came from."""

from __future__ import annotations

from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, TypeVar

from web_poet import ItemPage
from web_poet.fields import item_from_fields_sync

from forumcrawl.items.article import Article, Picture
from forumcrawl.pages.articles import stamps
from forumcrawl.pages.articles.document import Document
from forumcrawl.pages.articles.expected import Expected
from forumcrawl.pages.articles.meta import DESCRIPTIONS, SECTIONS
from forumcrawl.pages.articles.stamps import Stamp

if TYPE_CHECKING:
    field = property  # what web-poet's untyped decorator makes of a method
else:
    from web_poet import field

T = TypeVar("T")


class ArticlePage(ItemPage[Article]):
    """An article's own page. A site's class overrides the fields that it reads better than the head says.

    `version` grows with each redesign of the site; the class of the design before is `older` and was `valid_until`.
    `expects` says what a run must find on the site's pages.
    """

    version: ClassVar[int] = 1
    valid_until: ClassVar[date | None] = None
    older: ClassVar[type[ArticlePage] | None] = None
    expects: ClassVar[Expected] = Expected(coverage={"published_at": 0.8})

    def __init__(self, document: Document) -> None:
        self.document = document
        self.provenance: dict[str, str] = {}

    @classmethod
    def label(cls) -> str:
        """Class and version, as `Article.page` has it; an older class is named after its version: AlArabiyaPage1."""
        return f"{cls.__name__.rstrip('0123456789')}/{cls.version}"

    async def to_item(self) -> Article:
        """The article, for tools of web-poet."""
        return self.item()

    def item(self) -> Article:
        """The article as this class reads it; no field that it cannot read raises."""
        article = item_from_fields_sync(self, Article)
        article.page = self.label()
        article.provenance = dict(self.provenance)
        return article

    def keep(self, name: str, *found: tuple[str, T]) -> T | None:
        """The first of some (source, value) pairs that has a value; its source becomes the field's provenance."""
        for source, value in found:
            if value:
                self.provenance[name] = source
                return value
        return None

    def keep_all(self, name: str, *found: tuple[str, list[T]]) -> list[T]:
        """`keep` for lists: without a value an empty one."""
        return self.keep(name, *found) or []

    @field
    def url(self) -> str | None:
        return self.document.url or None

    @field
    def site(self) -> str:
        return self.document.site

    @field
    def headline(self) -> str | None:
        raise NotImplementedError

    @field
    def text(self) -> str:
        raise NotImplementedError

    @field
    def html(self) -> str:
        return ""

    @field
    def subtitle(self) -> str | None:
        return self.keep("subtitle", ("meta", self.document.meta.first(*DESCRIPTIONS)))

    @field
    def authors(self) -> list[str]:
        return []

    @cached_property
    def published(self) -> Stamp | None:
        """The time of publication, read once for three fields."""
        return stamps.published(self.document)

    @cached_property
    def modified(self) -> Stamp | None:
        """The time of the last change, read once for two fields."""
        return stamps.modified(self.document)

    @field
    def published_at(self) -> datetime | None:
        stamp = self.published
        return None if stamp is None else self.keep("published_at", (stamp.source, stamp.at))

    @field
    def published_raw(self) -> str | None:
        return None if self.published is None else self.published.raw

    @field
    def published_to(self) -> str | None:
        return None if self.published is None else self.published.exact

    @field
    def modified_at(self) -> datetime | None:
        stamp = self.modified
        return None if stamp is None else self.keep("modified_at", (stamp.source, stamp.at))

    @field
    def modified_raw(self) -> str | None:
        return None if self.modified is None else self.modified.raw

    @field
    def section(self) -> str | None:
        return self.keep("section", ("meta", self.document.meta.first(*SECTIONS)))

    @field
    def tags(self) -> list[str]:
        return self.keep_all("tags", ("meta", self.document.meta.tags))

    @field
    def language(self) -> str | None:
        return self.document.language

    @field
    def images(self) -> list[Picture]:
        return []

    @field
    def videos(self) -> list[str]:
        return []
