"""The article on a page of no known site: JSON-LD, then the head, then what the page shows, then its address."""

from __future__ import annotations

import html as entities
from functools import cached_property

from lxml.etree import _Element

from forumcrawl.items.article import Picture
from forumcrawl.pages.articles import body, stamps
from forumcrawl.pages.articles.base import ArticlePage, field
from forumcrawl.pages.articles.headline import heading, without_site
from forumcrawl.pages.articles.meta import AUTHORS, DESCRIPTIONS, IMAGES, SECTIONS, TITLES, VIDEOS
from forumcrawl.pages.articles.names import named_in_line, persons
from forumcrawl.pages.articles.pictures import images_in, pictures, videos
from forumcrawl.pages.articles.stamps import Stamp
from forumcrawl.pages.articles.vicinity import around, bylines, short_texts
from forumcrawl.pages.html import text_of


class GenericPage(ArticlePage):
    """Reads any site's article; slower than a class of the site, and blind to what the site alone knows."""

    @cached_property
    def _titles(self) -> list[tuple[str, str]]:
        page = self.document
        given = [("json-ld", page.linked_data.headline), *(("meta", each) for each in page.meta.each(*TITLES))]
        given.append(("heuristic", page.title))
        plain = (
            (source, without_site(entities.unescape(each[:500]), page.site_names, page.site)) for source, each in given
        )
        return [(source, title) for source, title in plain if title]

    @cached_property
    def _heading(self) -> _Element | None:
        return heading(self.document.root, [title for _, title in self._titles])

    @cached_property
    def _near(self) -> list[_Element]:
        return around(self.document.root, self._heading)

    @cached_property
    def _paragraphs(self) -> list[str]:
        lines = body.paragraphs(self.document, {self.headline or "", *bylines(self._near)})
        description = self.document.meta.first(*DESCRIPTIONS) or self.document.linked_data.description
        opening = body.lead(self._near, description, "\n".join(lines))
        return [opening, *lines] if opening and lines else lines

    @cached_property
    def _container(self) -> _Element | None:
        return body.container(self.document.root, self._paragraphs)

    @field
    def headline(self) -> str | None:
        return self.keep("headline", ("selector", text_of(self._heading)), *self._titles)

    @field
    def subtitle(self) -> str | None:
        page = self.document
        told = ("json-ld", page.linked_data.description), *(("meta", each) for each in page.meta.each(*DESCRIPTIONS))
        return self.keep("subtitle", *((source, text) for source, text in told if text != self.headline))

    @field
    def text(self) -> str:
        return self.keep("text", ("heuristic", "\n".join(self._paragraphs))) or ""

    @field
    def html(self) -> str:
        return body.written(self._container)

    @field
    def authors(self) -> list[str]:
        page, own = self.document, self.document.site_names
        told = [each.name for each in page.linked_data.authors if not each.kind.endswith("Organization")]
        lines = [*self._paragraphs[:2], *short_texts(self._near)]
        in_text = [name for line in lines if (name := named_in_line(line))]
        return self.keep_all(
            "authors",
            ("json-ld", persons(told, own)),
            ("meta", persons((each for name in AUTHORS for each in page.meta.all(name)), own)),
            ("selector", persons(bylines(self._near), own)),
            ("heuristic", persons(in_text, own)),
        )

    @cached_property
    def published(self) -> Stamp | None:
        return stamps.published(self.document, self._near)

    @cached_property
    def modified(self) -> Stamp | None:
        return stamps.modified(self.document, self._near)

    @field
    def section(self) -> str | None:
        page = self.document
        return self.keep("section", ("json-ld", page.linked_data.section), ("meta", page.meta.first(*SECTIONS)))

    @field
    def tags(self) -> list[str]:
        page = self.document
        return self.keep_all(
            "tags", ("meta", page.meta.tags), ("json-ld", list(dict.fromkeys(page.linked_data.keywords)))
        )

    @field
    def images(self) -> list[Picture]:
        page = self.document
        told, shared = page.linked_data.images, list(page.meta.each(*IMAGES))
        source = "meta" if shared else "json-ld" if told else "heuristic"
        return self.keep_all("images", (source, pictures(page, [*shared, *told], images_in(self._container))))

    @field
    def videos(self) -> list[str]:
        page = self.document
        told, shared = page.linked_data.videos, [each for name in VIDEOS for each in page.meta.all(name)]
        source = "json-ld" if told else "meta" if shared else "heuristic"
        return self.keep_all("videos", (source, videos(page, [*told, *shared], [self._container])))
