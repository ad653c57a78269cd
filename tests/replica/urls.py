"""Addresses of the forum: how each thing is linked, and what an address asks for."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache
from urllib.parse import quote, unquote

ROUTES = ("plain", "indexphp", "renamed", "base")
_RENAMED = {"threads": "t", "forums": "foros", "members": "usuarios"}
_NOT_IN_SLUG = re.compile(r"[^\w]+")


@lru_cache(maxsize=4096)
def slug_of(title: str, *, native: bool) -> str:
    """The words of an address: letters as they are and percent-encoded (`native`), or ASCII only."""
    if not native:
        title = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return quote(_NOT_IN_SLUG.sub("-", title.lower()).strip("-_")[:50].strip("-"))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks for: the route's own word, the id, the slug as sent (decoded), what follows."""

    route: str
    id: int | None = None
    slug: str = ""
    rest: str = ""
    query: str = ""


@dataclass(frozen=True)
class Urls:
    """Builds addresses for one forum; paths begin with the base path and are what pages link."""

    origin: str
    routes: str
    native: bool

    @cached_property
    def base(self) -> str:
        """Path of the forum on its host, without a slash at the end."""
        return "/forum" if self.routes == "base" else ""

    @cached_property
    def forum(self) -> str:
        """The forum's key: host, port and base path."""
        return self.origin.split("://", 1)[1].removeprefix("www.") + self.base

    @cached_property
    def index(self) -> str:
        """The start page's path."""
        return f"{self.base}/"

    def absolute(self, path: str) -> str:
        """A path of the forum as an address."""
        return self.origin + path

    def relative(self, url: str) -> str:
        """An address on the forum as the path pages link; any other address as it is."""
        return url.removeprefix(self.origin) if url.startswith(f"{self.origin}/") else url

    def route(self, rest: str, query: str = "") -> str:
        """The path of a page below the forum, such as `route("login/")`."""
        word, slash, tail = rest.partition("/")
        if self.routes == "renamed":
            rest = f"{_RENAMED.get(word, word)}{slash}{tail}"
        if self.routes == "indexphp":
            return f"{self.base}/index.php?{rest}" + (f"&{query}" if query else "")
        return f"{self.base}/{rest}" + (f"?{query}" if query else "")

    def file(self, rest: str) -> str:
        """The path of a file, which no route setting changes: avatars, thumbnails, the image proxy."""
        return f"{self.base}/{rest}"

    def of(self, route: str, title: str, number: int, tail: str = "") -> str:
        """The path of a thing with a slug and an id, such as a thread."""
        slug = slug_of(title, native=self.native)
        return self.route(f"{route}/{slug}.{number}/{tail}" if slug else f"{route}/{number}/{tail}")

    def ask(self, path: str, query: str) -> Asked:
        """Read a request's path (percent-encoded) and query back."""
        path = path.removeprefix(self.base).lstrip("/")
        if self.routes == "indexphp" and path in ("", "index.php") and query:
            path, _, query = query.partition("&")
        word, _, tail = unquote(path).partition("/")
        if self.routes == "renamed":
            word = {short: long for long, short in _RENAMED.items()}.get(word, word)
        thing, _, rest = tail.partition("/")
        slug, _, number = thing.rpartition(".")
        if not number.isascii() or not number.isdigit():
            return Asked(word, None, thing, rest, query)
        return Asked(word, int(number), slug, rest, query)

    def slug_is_right(self, asked: Asked, title: str) -> bool:
        """Whether a request named the thing by its present slug."""
        return asked.slug == unquote(slug_of(title, native=self.native))
