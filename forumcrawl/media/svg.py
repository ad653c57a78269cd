"""SVG: kept where it only draws; refused where it could run, load or embed anything.

Elements are allowed by name. What is left out on purpose: scripts, foreignObject, links, animations, which can set any
attribute, and iframes, audio and video of SVG 2.
"""

from __future__ import annotations

import re
from hashlib import sha256
from xml.parsers import expat

from forumcrawl.media.verdict import Inspection, Refusal

LARGEST = 2_000_000
"""Bytes of an SVG at most."""
_SVG = "http://www.w3.org/2000/svg"
_ACTIVE = frozenset(("http://www.w3.org/1999/xhtml", "http://www.w3.org/1998/Math/MathML", ""))
"""Namespaces other than SVG's whose elements a browser acts on, or may; those of drawing programs only inform."""
_DRAWS = frozenset(
    "svg g defs symbol use path rect circle ellipse line polyline polygon text tspan textPath title desc metadata image"
    " linearGradient radialGradient stop pattern clipPath mask marker switch style filter feBlend feColorMatrix"
    " feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow"
    " feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset"
    " fePointLight feSpecularLighting feSpotLight feTile feTurbulence".split()
)
_FIRST = re.compile(rb"<([A-Za-z][\w.-]*:)?svg[\s/>]")
_WITHIN = re.compile(r"\s*(?:#|data:image/(?:png|jpeg|gif|webp)[;,])", re.IGNORECASE)
"""An address that leads to a place in the same file, or holds a picture of pixels itself."""
_LOADS = re.compile(r"url\((?!\s*[\"']?#)|@import|image-set\(|expression\(|javascript:|\\", re.IGNORECASE)
"""CSS that leads out of the file, or is escaped so that one cannot see."""
_LENGTH = re.compile(r"\s*(\d{1,6}(?:\.\d*)?)(?:px)?\s*")


class _UnsafeError(Exception):
    """Says what is unsafe."""


def begins(data: bytes) -> bool:
    """Whether a file may be SVG: an element of this name begins near its start, with no other before it."""
    first = re.search(rb"<[A-Za-z]", data[:8192])
    return first is not None and _FIRST.match(data, first.start()) is not None


def inspect(data: bytes) -> Inspection | Refusal:
    """Inspect a file that may be SVG. It has neither thumbnail nor hash, as nothing here draws it."""
    if len(data) > LARGEST:
        return Refusal("too_large", f"{len(data)} bytes of SVG, more than {LARGEST}")
    reader = _Reader()
    try:
        reader.parser.Parse(data, True)
    except _UnsafeError as error:
        return Refusal("unsafe", f"SVG: {error}")
    except (expat.ExpatError, ValueError, LookupError) as error:  # the latter two for an encoding it does not know
        return Refusal("broken" if reader.depth else "not_an_image", f"SVG: {error}")
    width, height = reader.size
    return Inspection(sha256(data).hexdigest(), "svg", "svg", width, height, 1, len(data), 0, None, None)


class _Reader:
    """One pass over the elements; raises `_UnsafeError` at the first that is."""

    def __init__(self) -> None:
        self.size = (0, 0)
        self.depth = 0
        self._css: list[str] = []
        self._styles = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.EntityDeclHandler = self._entity
        self.parser.ProcessingInstructionHandler = self._instruction

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        if not self.depth:
            if (space, local) != (_SVG, "svg"):
                raise ValueError(f"its root is {name}")
            self.size = _size(attributes)
        self.depth += 1
        if space in _ACTIVE or (space == _SVG and local not in _DRAWS):
            raise _UnsafeError(f"element {local}")
        for attribute, value in attributes.items():
            _check(attribute, value)
        self._styles += local == "style"

    def _end(self, name: str) -> None:
        self._styles -= name.rpartition(" ")[2] == "style"
        if not self._styles and self._css:
            if found := _LOADS.search("".join(self._css)):
                raise _UnsafeError(f"style with {found[0]}")
            self._css.clear()

    def _text(self, text: str) -> None:
        if self._styles:
            self._css.append(text)

    def _entity(self, name: str, *_: object) -> None:
        raise _UnsafeError(f"entity {name}")

    def _instruction(self, target: str, _: str) -> None:
        raise _UnsafeError(f"processing instruction {target}")


def _check(attribute: str, value: str) -> None:
    space, _, local = attribute.rpartition(" ")
    if local.lower().startswith("on"):
        raise _UnsafeError(f"handler {local}")
    if local.lower() in ("href", "src") and not _WITHIN.match(value):
        raise _UnsafeError(f"{local} to {value[:80]}")
    if not space and (found := _LOADS.search(value)):
        raise _UnsafeError(f"{local} with {found[0]}")


def _size(attributes: dict[str, str]) -> tuple[int, int]:
    stated = [_LENGTH.fullmatch(attributes.get(name, "")) for name in ("width", "height")]
    if not all(stated):
        stated = [_LENGTH.fullmatch(part) for part in attributes.get("viewBox", "").replace(",", " ").split()[2:4]]
    width, height = (round(float(found[1])) if found else 0 for found in (*stated, None, None)[:2])
    return width, height
