"""Al Arabiya (Arabic, English) and Al Hadath. Selectors not yet verified against a live page."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from lxml.etree import _Element

from forumcrawl.items.article import Picture
from forumcrawl.pages.articles import stamps
from forumcrawl.pages.articles.base import ArticlePage, field
from forumcrawl.pages.articles.body import points_elsewhere, written
from forumcrawl.pages.articles.document import Document
from forumcrawl.pages.articles.expected import Expected
from forumcrawl.pages.articles.meta import DESCRIPTIONS, IMAGES, VIDEOS
from forumcrawl.pages.articles.names import persons
from forumcrawl.pages.articles.pictures import images_in, pictures, videos
from forumcrawl.pages.articles.registry import handle_hosts
from forumcrawl.pages.articles.stamps import Stamp, read_stamp
from forumcrawl.pages.html import Index, Selection, classes, first, index, text_of

_PARTS = Selection(
    frozenset(
        "headingInfo_title headingInfo_subtitle timeDate_element article-hero-img image-wrapper avatar_name"
        " tags".split()
    )
)
_APART = frozenset("latest latest_element feed-card tags ads advertisement related".split())
"""Parts inside the body that are not its text."""
_BREAKS = frozenset("p div h2 h3 h4 ul ol li blockquote section figure aside table tr br".split())


@handle_hosts("alarabiya.net")
class AlArabiyaPage(ArticlePage):
    """www.alarabiya.net in the design of 2021 to 2024."""

    expects = Expected(coverage={"published_at": 0.98, "images": 0.8, "section": 0.8})

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.parts: Index = {} if document.root is None else index(document.root, _PARTS)

    @cached_property
    def _body(self) -> _Element | None:
        return None if self.document.root is None else self.document.root.find(".//*[@id='body-text']")

    @field
    def headline(self) -> str | None:
        titles = [each for each in self.parts.get("headingInfo_title", ()) if each.tag == "h1"]
        return self.keep("headline", ("selector", text_of(first(titles))))

    @field
    def subtitle(self) -> str | None:
        shown = text_of(first(self.parts.get("headingInfo_subtitle")))
        return self.keep("subtitle", ("selector", shown), ("meta", self.document.meta.first(*DESCRIPTIONS)))

    @field
    def text(self) -> str:
        lines = [] if self._body is None else list(_lines(self._body))
        return self.keep("text", ("selector", "\n".join(lines))) or ""

    @field
    def html(self) -> str:
        return written(self._body)

    @field
    def authors(self) -> list[str]:
        names = (text_of(each) for each in self.parts.get("avatar_name", ()))
        return self.keep_all("authors", ("selector", persons(names, self.document.site_names)))

    @cached_property
    def _times(self) -> list[str]:
        shown = (each for part in self.parts.get("timeDate_element", ()) for each in part.iter("time"))
        return [raw for each in shown if (raw := each.get("datetime"))]

    def _stamp(self, place: int) -> Stamp | None:
        return read_stamp(self._times[place], "selector", self.document) if len(self._times) > place else None

    @cached_property
    def published(self) -> Stamp | None:
        return stamps.published(self.document) or self._stamp(0)

    @cached_property
    def modified(self) -> Stamp | None:
        return stamps.modified(self.document) or self._stamp(1)

    @field
    def tags(self) -> list[str]:
        links = (each for part in self.parts.get("tags", ()) for each in part.iter("a"))
        shown = dict.fromkeys(tag for each in links if (tag := text_of(each).lstrip("# ")))
        return self.keep_all("tags", ("selector", list(shown)), ("meta", self.document.meta.tags))

    @cached_property
    def _hero(self) -> _Element | None:
        return first([*self.parts.get("article-hero-img", ()), *self.parts.get("image-wrapper", ())])

    @field
    def images(self) -> list[Picture]:
        given = list(self.document.meta.each(*IMAGES))
        shown = [*images_in(self._hero), *images_in(self._body)]
        return self.keep_all("images", ("meta" if given else "selector", pictures(self.document, given, shown)))

    @field
    def videos(self) -> list[str]:
        players = () if self.document.root is None else self.document.root.iter("video-js")
        found = videos(self.document, self.document.meta.all(*VIDEOS), [self._body, *players])
        return self.keep_all("videos", ("selector", found))


@handle_hosts("english.alarabiya.net")
class AlArabiyaEnglishPage(AlArabiyaPage):
    """english.alarabiya.net, which shares the design."""


@handle_hosts("alhadath.net")
class AlHadathPage(AlArabiyaPage):
    """www.alhadath.net, the sister channel in the same design."""


def _lines(body: _Element) -> Iterator[str]:
    """Paragraphs of the body in page order; picture cards and boxes with other articles are not entered."""
    run: list[str] = []
    waiting: list[_Element | str | None] = [None, *_inside(body)]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            run.append(each)
        elif each is not None and each.tag not in _BREAKS:
            waiting += _inside(each)
        else:
            if (line := " ".join("".join(run).split())) and not points_elsewhere(line):
                yield line
            run.clear()
            waiting += [] if each is None or _is_apart(each) else [None, *_inside(each)]


def _inside(element: _Element) -> Iterator[_Element | str | None]:
    """What is in an element, last first: its children and the text around them."""
    for child in reversed(element):
        yield child.tail or ""
        yield child
    yield element.text or ""


def _is_apart(element: _Element) -> bool:
    return element.tag in ("figure", "aside") or not _APART.isdisjoint(classes(element))
