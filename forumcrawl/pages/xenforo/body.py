"""The body of a post in one walk: text, quotes, links, pictures, embedded media."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from lxml.etree import _Element

from forumcrawl.items.forum import Attachment, Embed, Image, Link, Quote
from forumcrawl.pages.html import MAX_DEPTH, first_tag, text_of
from forumcrawl.pages.xenforo.labels import quoted_name
from forumcrawl.text import urls
from forumcrawl.text.marked import BLOCK, BREAK, SPACE, TAB, shape

if TYPE_CHECKING:
    from forumcrawl.pages.xenforo.page import XenForoPage

_BLOCKS = frozenset(
    "div p li ul ol h1 h2 h3 h4 h5 h6 pre table tr hr blockquote section article dl dt dd figure".split()
)
_PLAIN = frozenset("b i u s em strong strike sub sup font small ins del".split())
_SKIPPED = frozenset("script style noscript button template svg select textarea form input".split())
_FILE = re.compile(r"[/?]attachments/[^/]+/?$")


class Body:
    """What a post's body holds. Read `text`, `quotes`, `links`, `images`, `embeds`, `files` after construction."""

    def __init__(self, root: _Element, page: XenForoPage) -> None:
        self.page = page
        self.quotes: list[Quote] = []
        self.links: list[Link] = []
        self.images: list[Image] = []
        self.embeds: list[Embed] = []
        self.files: list[Attachment] = []
        self._out: list[str] = []
        self._quoted = 0
        self._around: str | None = None
        self._walk(root, 0)
        self.text = shape("".join(self._out))

    def _walk(self, element: _Element, depth: int) -> None:
        add = self._out.append
        if (text := element.text) is not None:
            add(text)
        for child in element:
            tag = child.tag
            if tag == "br":
                add(BREAK)
            elif depth >= MAX_DEPTH:
                add(text_of(child))
            elif tag in _PLAIN or (tag == "span" and not _says_more(child)):
                self._walk(child, depth + 1)
            elif (reader := _reader(tag, child.get("class"))) is not None:
                reader(self, child, depth + 1)
            if (text := child.tail) is not None:
                add(text)

    def _block(self, element: _Element, depth: int) -> None:
        self._out.append(BLOCK)
        self._inline(element, depth)
        self._out.append(BLOCK)

    def _inline(self, element: _Element, depth: int) -> None:
        if element.get("data-s9e-mediaembed") is None:
            self._walk(element, depth)
        else:
            self._media(element, depth)

    def _cell(self, element: _Element, depth: int) -> None:
        self._walk(element, depth)
        self._out.append(" ")

    def _preformatted(self, element: _Element, depth: int) -> None:
        outer, self._out = self._out, []
        self._walk(element, depth)
        kept = "".join(self._out).replace("\r\n", "\n").strip("\n")
        self._out = outer
        kept = kept.replace("\n", BREAK).replace("\t", TAB).replace(" ", SPACE)
        self._out += (BLOCK, kept, BLOCK)

    def _quote(self, element: _Element, depth: int) -> None:
        self._quoted += 1
        quote = Quote(depth=self._quoted)
        self.quotes.append(quote)
        if element.get("data-quote") is not None:  # XenForo 2.2 and later
            quote.author = element.get("data-quote") or None
            quote.post_id = _after("post:", element.get("data-source"))
            quote.member_id = _after("member:", element.get("data-attributes"))
        content = element[-1] if len(element) else element
        if "bbCodeBlock-content" not in (content.get("class") or ""):
            content = element
        for part in element if len(element) > 1 else ():
            if "bbCodeBlock-title" in (part.get("class") or ""):
                self._attribution(part, quote)
        content = _expanded(content)
        outer, self._out = self._out, []
        self._walk(content, depth)
        quote.text = shape("".join(self._out))
        self._quoted -= 1
        self._out = outer
        outer.append(BLOCK)

    def _attribution(self, title: _Element, quote: Quote) -> None:
        jump = first_tag(title, "a")
        if quote.post_id is None and jump is not None:
            selector = jump.get("data-content-selector") or ""
            number = selector.removeprefix("#post-") if selector else (jump.get("href") or "").rpartition("id=")[2]
            quote.post_id = int(number) if number.isdecimal() and len(number) < 19 else None
        if quote.author is None:
            quote.author = quoted_name(text_of(title)) or None

    def _unfurl(self, element: _Element, depth: int) -> None:
        title = None
        for anchor in element.iter("a"):
            if anchor.get("href") and text_of(anchor):
                title = anchor
                break
        url = self.page.absolute(element.get("data-url") or (title.get("href") if title is not None else None))
        if url is not None:
            self._link(urls.unwrap(url) or url, text_of(title), "unfurl")
        self._out.append(BLOCK)

    def _anchor(self, element: _Element, depth: int) -> None:
        href = element.get("href")
        names = element.get("class") or ""
        if not href:
            self._walk(element, depth)
            return
        if "bbCodeBlock-sourceJump" in names:
            return
        url = self.page.absolute(href)
        around, self._around = self._around, url
        position, pictures, start = len(self.links), len(self.images), len(self._out)
        self._walk(element, depth)
        self._around = around
        if url is None or (len(self.images) > pictures and "link--" not in names):
            return
        text = shape("".join(self._out[start:])).replace("\n", " ")
        if not names and _FILE.search(url) and urls.in_forum(url, self.page.forum):
            self.files.append(Attachment(url=url, name=text))
            return
        unwrapped = urls.unwrap(url)
        kind = self._kind(unwrapped or url, element, names)
        self._link(unwrapped or url, text, kind, position)

    def _kind(self, url: str, element: _Element, names: str) -> str:
        if "link--external" in names:
            return "external"
        if "link--internal" in names:
            return "internal"
        if "username" in names and element.get("data-user-id"):
            return "mention"
        return "internal" if urls.in_forum(url, self.page.forum) else "external"

    def _link(self, url: str, text: str, kind: str, position: int | None = None) -> None:
        link = Link(url=url, text=text, kind=kind, in_quote=self._quoted > 0)
        self.links.insert(len(self.links) if position is None else position, link)

    def _image(self, element: _Element, depth: int) -> None:
        names = (element.get("class") or "").split()
        if "bbImage" not in names:
            if "smilie" in names and (alt := element.get("alt")):
                self._out.append(alt)
            return
        shown = element.get("src") or ""
        if not shown or shown.startswith("data:"):
            shown = element.get("data-src") or _lightbox_source(element)
        proxied = "proxy.php?" in shown or "proxy.php%3F" in shown
        url = self._original(element, shown)
        if url is None:
            self.page.unread["posts", "images.url"] += 1
            return
        image = Image(url=url, alt=element.get("alt") or "", proxied=proxied, in_quote=self._quoted > 0)
        if proxied:
            image.proxy_url = self.page.absolute(shown)
        self.images.append(image)

    def _original(self, element: _Element, shown: str) -> str | None:
        given = element.get("data-url")
        if given and (url := self.page.absolute(given)):
            return url
        url = self.page.absolute(shown) or self.page.absolute(_lightbox_source(element))
        if url is not None and "/data/attachments/" in url and urls.in_forum(self._around or "", self.page.forum):
            return self._around  # what is shown is a thumbnail; the link around it leads to the file
        return url and (urls.unwrap(url) or url)

    def _media(self, element: _Element, depth: int) -> None:
        frame = first_tag(element, "iframe", "source", "video", "audio")
        site = element.get("data-media-site-id") or element.get("data-s9e-mediaembed") or element.get("data-provider")
        packed = element.get("data-s9e-mediaembed-iframe")
        for holder in element.iter("span", "div"):
            site = site or holder.get("data-s9e-mediaembed") or None
            packed = packed or holder.get("data-s9e-mediaembed-iframe")
        link = first_tag(element, "a")
        self._out.append(BLOCK)
        self._embed(
            (packed and _packed_source(packed))
            or (frame is not None and (frame.get("src") or frame.get("data-src")))
            or (link is not None and link.get("href"))
            or None,
            site,
        )

    def _frame(self, element: _Element, depth: int) -> None:
        source = element.get("src") or element.get("data-src")
        inner = first_tag(element, "source") if source is None else None
        self._embed(source or (inner is not None and inner.get("src")) or None, None)

    def _embed(self, source: str | bool | None, site: str | None) -> None:
        url = self.page.absolute(source) if isinstance(source, str) else None
        if url is None:
            self.page.unread["posts", "embeds.url"] += 1
        else:
            self.embeds.append(Embed(url=url, site=site))


_Reader = Callable[[Body, _Element, int], None]
_BY_TAG: dict[str, _Reader] = {
    "a": Body._anchor,
    "img": Body._image,
    "iframe": Body._frame,
    "video": Body._frame,
    "audio": Body._frame,
    "pre": Body._preformatted,
    "td": Body._cell,
    "th": Body._cell,
}
_BY_CLASS: dict[str, _Reader | None] = {
    "bbCodeBlock--quote": Body._quote,
    "bbCodeBlock--unfurl": Body._unfurl,
    "bbMediaWrapper": Body._media,
    "bbOembed": Body._media,
    # Controls of the page, not something the author wrote.
    "bbCodeBlock-title": None,
    "bbCodeBlock-expandLink": None,
    "bbCodeBlock-shrinkLink": None,
    "js-selectToQuoteEnd": None,
}


@lru_cache(maxsize=2000)
def _reader(tag: str, names: str | None) -> _Reader | None:
    """What reads an element with this tag and class attribute; None for what is left out."""
    if tag in _SKIPPED:
        return None
    if tag in _BY_TAG:
        return _BY_TAG[tag]
    for name in () if names is None else names.split():
        if name in _BY_CLASS:
            return _BY_CLASS[name]
    return Body._block if tag in _BLOCKS else Body._inline


def _says_more(span: _Element) -> bool:
    return span.get("class") is not None or span.get("data-s9e-mediaembed") is not None


def _after(label: str, text: str | None) -> int | None:
    for part in text.split(",") if text else ():
        if part.strip().startswith(label):
            number = part.strip().removeprefix(label).strip()
            return int(number) or None if number.isdecimal() and len(number) < 19 else None
    return None


def _expanded(content: _Element) -> _Element:
    """The part of a quote that is not a control."""
    for part in content:
        if "bbCodeBlock-expandContent" in (part.get("class") or ""):
            return part
    return content


def _lightbox_source(image: _Element) -> str:
    parent = image.getparent()
    if parent is None:
        return ""
    if source := parent.get("data-src"):
        return source
    for sibling in parent:
        if "lbContainer-zoomer" in (sibling.get("class") or ""):
            return sibling.get("data-src") or ""
    return ""


def _packed_source(packed: str) -> str | None:
    """`src` in s9e's flat list of attribute names and values."""
    try:
        given = json.loads(packed)
    except (ValueError, RecursionError):
        return None
    if not isinstance(given, list) or "src" not in given[::2]:
        return None
    value = given[given[::2].index("src") * 2 + 1 :]
    return value[0] if value and isinstance(value[0], str) else None
