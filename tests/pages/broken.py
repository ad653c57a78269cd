"""Saved pages broken in ways that a network, a theme or a hand can break them; each variant has a seed."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from tests.pages.golden import FIXTURES

_TAG = re.compile(rb"<[^<>]*>")
_ATTRIBUTE = re.compile(rb'(?<=\s)([a-z-]+)="[^"]+"')
_NUMBER = re.compile(rb"(?<=[-.=\"#])\d+(?=[\"/\s])")
_POST = re.compile(rb"<article class=\"message .*?(?=<article class=\"message |$)", re.DOTALL)
_NESTED = (
    (b"<div>", b"</div>"),
    (b"<b>", b"</b>"),
    (b"<ul><li>", b"</li></ul>"),
    (b'<a href="/x.1/">', b"</a>"),
    (b'<blockquote class="bbCodeBlock bbCodeBlock--quote"><div class="bbCodeBlock-content">', b"</div></blockquote>"),
    (b'<div class="node node--id7">', b"</div>"),
    (b'<div class="structItem structItem--thread js-threadListItem-5">', b"</div>"),
    (b'<article class="message message--post" data-content="post-5">', b"</article>"),
)
_IDS = (
    b"",
    b"0",
    b"-1",
    b"1.5",
    b"x",
    b"1e9",
    b"\xff",
    "٣".encode(),
    "²".encode(),
    *(b"9" * n for n in (18, 19, 400, 4000)),
)


@cache
def pages() -> list[bytes]:
    """The pages of the goldens, and the corpus where FORUMCRAWL_CORPUS names its folder."""
    files = sorted(FIXTURES.glob("*/*/page.html"))
    if corpus := os.environ.get("FORUMCRAWL_CORPUS"):
        files += sorted(Path(corpus).glob("xenforo/*.html"))
    return [file.read_bytes() for file in files]


def cut(page: bytes, chance: random.Random) -> bytes:
    """The connection ended early."""
    return page[: chance.randrange(len(page) + 1)]


def flipped(page: bytes, chance: random.Random) -> bytes:
    """Up to 200 random bytes are others."""
    changed = bytearray(page)
    for _ in range(chance.randint(1, 200) if page else 0):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def untagged(page: bytes, chance: random.Random) -> bytes:
    """One tag in ten is missing."""
    return _TAG.sub(lambda found: b"" if chance.random() < 0.1 else found[0], page)


def nested(page: bytes, chance: random.Random) -> bytes:
    """One kind of element stands 5,000 deep somewhere."""
    place = chance.choice([0, *(found.end() for found in _TAG.finditer(page))])
    before, after = chance.choice(_NESTED)
    return page[:place] + before * 5000 + b"x" + after * 5000 + page[place:]


def emptied(page: bytes, chance: random.Random) -> bytes:
    """One attribute in five is empty."""
    return _ATTRIBUTE.sub(lambda found: found[1] + b'=""' if chance.random() < 0.2 else found[0], page)


def renumbered(page: bytes, chance: random.Random) -> bytes:
    """One number of an attribute in three is no number, or a huge one."""
    return _NUMBER.sub(lambda found: chance.choice(_IDS) if chance.random() < 0.3 else found[0], page)


def doubled(page: bytes, chance: random.Random) -> bytes:
    """Posts stand on the page more than once."""
    return _POST.sub(lambda found: found[0] * chance.randint(1, 3), page)


Breaker = Callable[[bytes, random.Random], bytes]
KINDS: tuple[Breaker, ...] = (cut, flipped, untagged, nested, emptied, renumbered, doubled)


def variant(seed: int) -> bytes:
    """One page, broken in one way and in one of three cases in a second way."""
    chance = random.Random(seed)
    page = chance.choice(pages())
    page = KINDS[seed % len(KINDS)](page, chance)
    return chance.choice(KINDS)(page, chance) if chance.random() < 0.3 else page
