"""The gallery: which address holds which file, how posts show it, and what a crawl should make of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from urllib.parse import urlsplit

from tests.replica.answers import Answer
from tests.replica.pictures.drawing import TYPES, drawn, hostile

HOSTS = {"photos": 41, "media": 42, "cdn": 43}
"""Name of a host to the last number of its loopback address; it has the forum's port."""
OWN = "/data/gallery/"
"""Where the forum's own pictures are."""
HOSTILE = {
    "page": "not_an_image",
    "empty": "empty",
    "truncated": "truncated",
    "script": "unsafe",
    "bomb": "too_large",
    "endless": "too_large",
    "missing": "gone",
    "forbidden": "blocked",
}
"""What a host sends that is no picture to keep, to what a crawl should call it."""
_STATUS = {"missing": 404, "forbidden": 403}
_HUNG = (("whole", "plain"), ("whole", "lazy"), ("small", "proxied"), ("", "plain"), ("kept", ""))
"""Form of a picture's file and of its `body.Picture`, one an address; "" where it differs from picture to picture."""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One address."""

    url: str
    group: int
    """Number of the picture: addresses of one group look alike."""
    form: str
    """The file, one of `drawing.FORMS` or of `HOSTILE`."""
    shown: str
    """How posts show it; see `body.Picture`."""

    @property
    def is_dead(self) -> bool:
        """Whether only the forum's proxy still has it."""
        return self.form == "kept"

    @property
    def outcome(self) -> str:
        """What should become of it."""
        return HOSTILE.get(self.form, "stored")

    @property
    def sha256(self) -> str | None:
        """Hash of the file that should be stored; None where none should."""
        return None if self.form in HOSTILE else sha256(self.body).hexdigest()

    @property
    def body(self) -> bytes:
        """The file, as the proxy would send it."""
        return hostile(self.form, self.group) if self.form in HOSTILE else drawn(self.group, self.form)


@dataclass(frozen=True)
class Gallery:
    """`count` pictures at five addresses each, two of which hold the same file, and every hostile file once.

    The same arguments always give the same gallery; `origin` is that of the forum.
    """

    seed: int
    count: int
    origin: str

    @cached_property
    def bases(self) -> dict[str, str]:
        """Name of each host to the address its files begin with."""
        port = urlsplit(self.origin).port or 80
        return {name: f"http://127.0.0.{octet}:{port}" for name, octet in HOSTS.items()}

    @cached_property
    def exhibits(self) -> list[Exhibit]:
        """Every address."""
        found = [self._exhibit(number, place) for number in range(self.count) for place in range(len(_HUNG))]
        return found + [self._pretending(kind, number) for number, kind in enumerate(HOSTILE)]

    @cached_property
    def alive(self) -> list[Exhibit]:
        """The addresses that hold a picture themselves."""
        return [each for each in self.exhibits if each.outcome == "stored" and not each.is_dead]

    def at(self, url: str) -> Exhibit | None:
        """What is at an address; None where nothing is."""
        return self._by_url.get(url)

    @cached_property
    def _by_url(self) -> dict[str, Exhibit]:
        return {each.url: each for each in self.exhibits}

    def answer(self, url: str) -> Answer:
        """What the host answers for an address; the stream without an end only begins here."""
        found = self.at(url)
        if found is None:
            return Answer("picture", b"gone\n", 404, "text/plain")
        if found.is_dead:
            return self._dead(found)
        return _file("picture", found, _STATUS.get(found.form, 200))

    def copy(self, url: str) -> Answer | None:
        """What the forum's proxy answers for an address; None where it is none of the gallery's."""
        found = self.at(url)
        return None if found is None else _file("picture_copy", found, 200)

    def _dead(self, found: Exhibit) -> Answer:
        """What the host of a picture answers that only the proxy still has: it says so, or a page, or half a file."""
        match (found.group - self._group(0)) // 2 % 3:
            case 0:
                return Answer("picture", b"gone\n", 404, "text/plain")
            case 1:
                return Answer("picture", hostile("page", found.group), 200, "text/html")
        return Answer("picture", hostile("truncated", found.group), 200, "image/jpeg")

    def _exhibit(self, number: int, place: int) -> Exhibit:
        form, shown = _HUNG[place]
        form = form or ("png", "webp", "coarse")[number % 3]
        shown = shown or ("proxied", "bare")[number % 2]
        base = f"{self.origin}{OWN}" if place == 1 else f"{self._base(number + place)}/{number % 4}/"
        query = "?w=1200&b=2&a=1" if place == 2 else ""
        ending = form if form in TYPES else "jpg"
        return Exhibit(f"{base}{number}-{place}.{ending}{query}", self._group(number), form, shown)

    def _pretending(self, kind: str, number: int) -> Exhibit:
        return Exhibit(f"{self._base(number)}/odd/{kind}.jpg", self._group(self.count + number), kind, "plain")

    def _base(self, number: int) -> str:
        return [*self.bases.values()][number % len(self.bases)]

    def _group(self, number: int) -> int:
        return self.seed * 10_000 + number


def _file(kind: str, found: Exhibit, status: int) -> Answer:
    return Answer(kind, found.body, status, TYPES.get(found.form, "image/jpeg"))
