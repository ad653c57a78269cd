"""Pictures and videos of an article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice, takewhile

from lxml.etree import _Element

from forumcrawl.items.article import Picture
from forumcrawl.pages.articles.document import Document
from forumcrawl.pages.articles.vicinity import is_elsewhere
from forumcrawl.pages.html import text_of
from forumcrawl.text.addresses import image_uuid

MAX_PICTURES = 100
_LAZY = ("data-src", "data-original", "data-lazy-src", "data-lazy", "src")
_SIZE = re.compile(r"(\d{2,4})x\d{2,4}(?=[_.]|$)")
_ORNAMENT = re.compile(
    r"logo|icon[-_./]|avatar|placeholder|default[-_.]|blank\.|spacer|pixel|/ads?/|emoji|sprite", re.IGNORECASE
)
_PLAYER = re.compile(r"youtube(?:-nocookie)?\.com/embed/|player\.vimeo\.com/|dailymotion\.com/embed/|jwplatform\.com/")


def pictures(page: Document, main: Iterable[str], images: Iterable[_Element] = ()) -> list[Picture]:
    """The picture at the first address of `main` that is no logo, then those that `images`, its elements, show.

    One picture is listed once: by the UUID in its address, else by the address without its query.
    """
    found: dict[str, Picture] = {}
    urls = [url for each in main if (url := page.absolute(each))]
    for url in [each for each in urls if not _ORNAMENT.search(each)][:1] or urls[:1]:
        _add(found, Picture(url=url, caption=page.meta.first("og:image:alt"), source_uuid=image_uuid(url)))
    for image in islice(images, MAX_PICTURES):
        if (picture := _picture(image, page)) is not None:
            _add(found, picture)
    return list(found.values())


def _add(found: dict[str, Picture], picture: Picture) -> None:
    known = found.setdefault(picture.source_uuid or picture.url.partition("?")[0], picture)
    if known is not picture:
        known.caption = known.caption or picture.caption
        if picture.source_uuid and _width(picture.url) > _width(known.url):
            known.url = picture.url


def _width(url: str) -> int:
    sizes = _SIZE.findall(url.partition("?")[0])
    return int(sizes[-1]) if sizes else 10_000  # a picture with a UUID and no size is the original


def _picture(image: _Element, page: Document) -> Picture | None:
    url = next((each for href in _addresses(image) if (each := page.absolute(href))), None)
    width = image.get("width") or ""
    if url is None or _ORNAMENT.search(url) or (width.isdecimal() and len(width) < 5 and int(width) < 100):
        return None
    return Picture(url=url, caption=_caption(image), source_uuid=image_uuid(url))


def images_in(holder: _Element | None) -> Iterator[_Element]:
    """The `img` elements in a part of the page and `picture` ones without such, less those beside other articles."""
    for image in () if holder is None else holder.iter("img", "picture"):
        if image.tag == "img" or next(image.iter("img"), None) is None:
            above = takewhile(lambda each: each is not holder, image.iterancestors())
            if not any(map(is_elsewhere, above)):
                yield image


def _addresses(image: _Element) -> Iterator[str]:
    """Where a picture may be, best first: the largest of its sizes, what lazy loaders name, then any other."""
    picture = image if image.tag == "picture" else _above(image, "picture")
    places = [image, *(() if picture is None else picture.iter("source"))]
    given = [each.split() for place in places for each in _candidates(place)]
    best = max(given, key=_descriptor, default=[""])
    lazy = [href for name in _LAZY if (href := image.get(name)) and not href.startswith("data:")]
    yield from [best[0], *lazy] if _descriptor(best) else [*lazy, best[0]]


def _candidates(element: _Element) -> list[str]:
    given = element.get("srcset") or element.get("data-srcset") or ""
    return [each for each in re.split(r",\s", given[:20_000]) if each.strip()]


def _descriptor(candidate: list[str]) -> float:
    number = re.fullmatch(r"(\d{1,6}(?:\.\d{1,3})?)[wx],?", candidate[-1])
    return float(number[1]) if number else 0.0


def _caption(image: _Element) -> str:
    for level, above in enumerate(image.iterancestors()):
        if above.tag == "figure":
            written = text_of(next(above.iter("figcaption"), None))
            return written or (image.get("alt") or "").strip()
        if level >= 4:
            break
    return (image.get("alt") or image.get("title") or "").strip()


def videos(page: Document, given: Iterable[str], inside: Iterable[_Element | None] = ()) -> list[str]:
    """Addresses of videos: those that head and JSON-LD give, then players and files inside elements."""
    found = [page.absolute(each) for each in given]
    for element in inside:
        for each in () if element is None else element.iter("video", "source", "iframe"):
            if href := each.get("src") or each.get("data-src"):
                of_video = each.tag == "video" or (
                    each.tag == "source" and _above(each, "video", "video-js") is not None
                )
                found += [page.absolute(href)] if of_video or (each.tag == "iframe" and _PLAYER.search(href)) else []
    return list(dict.fromkeys(url for url in found if url))[:20]


def _above(element: _Element, *tags: str) -> _Element | None:
    """The near ancestor with one of these tags; libxml2 nests in a `source` what follows it."""
    return next((each for each in islice(element.iterancestors(), 6) if each.tag in tags), None)
