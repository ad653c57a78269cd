"""What a page shows to somebody without a browser: its words, links, forms and scripts, from one walk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree
from lxml.etree import _Element

from forumcrawl.gate.marks import CAPTCHA, CAPTCHA_FRAME

_UNSEEN = frozenset({"script", "style", "template", "svg", "noscript", "title", "head", "iframe", "textarea", "select"})
_TYPED = frozenset({"text", "email", "tel", "search", "url", ""})
_MOUNTS = frozenset(
    {
        "root",
        "app",
        "__next",
        "__nuxt",
        "app-root",
        "main-app",
        "react-root",
        "svelte",
        "ember-app",
        "___gatsby",
        "q-app",
    }
)
_KEPT = 20_000  # letters of visible text, and of scripts


@dataclass(slots=True)
class Face:
    """Counted and collected in page order."""

    title: str = ""
    headings: list[str] = field(default_factory=list)
    words: int = 0
    text: str = ""
    unscripted: str = ""
    """What `noscript` says."""
    links: int = 0
    """Links with a text."""
    scripts: str = ""
    """Inline scripts, one after the other."""
    sources: list[str] = field(default_factory=list)
    """Addresses of scripts and frames."""
    refresh: str | None = None
    """Content of a `meta` element that loads another page, or this one again."""
    password: bool = False
    buttons: int = 0
    typed: int = 0
    """Fields to be written into."""
    captcha: bool = False
    mount: bool = False
    """An element of the kind that an application fills stands empty."""
    framed: bool = False
    """Frames, pictures or films stand where words are missing."""
    article: bool = False
    """JSON-LD holds the text of an article."""

    def said(self) -> str:
        """Title, headings and text, as one."""
        return "\n".join((self.title, *self.headings, self.text))


def face_of(body: bytes) -> Face:
    """The face of a page; empty for what holds no element."""
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    face = Face()
    try:
        root: _Element | None = etree.fromstring(body, parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return face
    if root is None:
        return face
    for element in root.iter(etree.Element):
        _note(face, element)
    seen = " ".join(_visible(root)).split()
    face.words, face.text = len(seen), " ".join(seen)[:_KEPT]
    return face


def _note(face: Face, element: _Element) -> None:
    tag = element.tag
    match tag:
        case "title":
            face.title = face.title or _text_of(element)
        case "h1" | "h2":
            face.headings.append(_text_of(element)[:300])
        case "a":
            face.links += bool(element.get("href") and _text_of(element))
        case "script" | "iframe" | "frame":
            _note_source(face, element)
        case "noscript":
            face.unscripted += _text_of(element)[:2_000] + "\n"
        case "meta" if (element.get("http-equiv") or "").lower() == "refresh" and not _in_noscript(element):
            face.refresh = element.get("content") or ""
        case "input" | "button" | "textarea":
            _note_field(face, element)
        case "img" | "video" | "audio" | "embed" | "object" | "frameset":
            face.framed = face.framed or not _in_noscript(element)
    if ((name := element.get("id")) and name in _MOUNTS) or tag == "app-root":
        face.mount = face.mount or not "".join(_visible(element)).strip()
    if not face.captcha and tag not in ("script", "style", "meta", "link", "body", "html"):
        face.captcha = any(CAPTCHA.search(element.get(key) or "") for key in ("class", "id", "name"))


def _note_source(face: Face, element: _Element) -> None:
    if source := element.get("src"):
        face.sources.append(source)
        face.captcha = face.captcha or (element.tag == "iframe" and bool(CAPTCHA_FRAME.search(source)))
        face.framed = face.framed or (element.tag != "script" and not _in_noscript(element))
    kind = (element.get("type") or "").lower()
    if element.tag == "script" and element.text:
        if "json" not in kind:
            face.scripts += element.text[:_KEPT] + "\n"
        face.article = face.article or ("ld+json" in kind and '"articleBody"' in element.text)


def _note_field(face: Face, element: _Element) -> None:
    kind = (element.get("type") or "").lower()
    face.password = face.password or kind == "password"
    face.buttons += element.tag == "button" or kind in ("submit", "button")
    face.typed += element.tag == "textarea" or (element.tag == "input" and kind in _TYPED)


def _text_of(element: _Element) -> str:
    return " ".join("".join(str(each) for each in element.itertext()).split())


def _in_noscript(element: _Element) -> bool:
    return next(element.iterancestors("noscript"), None) is not None


def _visible(top: _Element) -> Iterator[str]:
    """Pieces of text that are shown where no script runs."""
    closed: _Element | None = None
    for event, element in etree.iterwalk(top, events=("start", "end")):
        if event == "start":
            if closed is None and _is_unseen(element):
                closed = element
            if closed is None and element.text:
                yield element.text
        else:
            if closed is element:
                closed = None
            if closed is None and element is not top and element.tail:
                yield element.tail


def _is_unseen(element: _Element) -> bool:
    if element.tag in _UNSEEN or element.get("hidden") is not None:
        return True
    return "display:none" in (element.get("style") or "").replace(" ", "").lower()
