"""Word shingles of texts, and the few of them by which a copy, an edited copy or an excerpt is found."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import islice, pairwise
from math import inf, sqrt
from typing import NamedTuple

from forumcrawl.text.arabic import words as words_of

SHINGLE = 3
"""Words in a shingle of texts that are compared."""
KEY_SHINGLE = 4
"""Words in a shingle that is a key: long enough that a name with its title ("the Russian foreign minister ...") is
rarely one, short enough that one word in eight may be another."""
KEYS = 8
LEAST_WORDS = 8
"""A text of fewer words says too little to look for its like."""
SKETCH = 128
"""Most shingles in a sketch: one that has fewer has all of its text."""
WIDTH = 4
"""Bytes of a shingle in a sketch: the upper ones of its hash, since few are compared with few."""
_LOWER = 63 - 8 * WIDTH
_BITS = (1 << 63) - 1
_BASE = 0x5851F42D4C957F2D


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is stored of a text to find its like."""

    keys: tuple[int, ...]
    """At most `KEYS` index keys, ascending: texts that share one are worth comparing."""
    sketch: bytes
    """The smallest of its shingles, at most `SKETCH`, ascending, little-endian, `WIDTH` bytes of each: the sample that
    `estimated` compares. Bytes cost a database a third of what a list costs it."""


@lru_cache(maxsize=1 << 16)
def _word(word: str) -> int:
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little") & _BITS


def _longer(runs: list[int], hashes: list[int], size: int) -> list[int]:
    """From the hashes of all runs of `size` words, those of all runs of `size` + 1."""
    return [(run * _BASE + word) & _BITS for run, word in zip(runs, islice(hashes, size, None), strict=False)]


def _runs(hashes: list[int], size: int) -> list[int]:
    runs = hashes
    for length in range(1, min(size, len(hashes))):
        runs = _longer(runs, hashes, length)
    return runs


def shingles(words: Sequence[str], size: int = SHINGLE) -> set[int]:
    """Hashes of each run of `size` words; of all words together where there are fewer, and none of no words.

    The hashes are the same on every machine and fit a signed 64-bit integer: 0 to 2**63 - 1.
    """
    return set(_runs(list(map(_word, words)), size))


def containment(one: Set[int], other: Set[int]) -> float:
    """Share of `one` that is in `other`, 0 to 1; 0.0 when `one` is empty."""
    return len(one & other) / len(one) if one else 0.0


@lru_cache(maxsize=1 << 10)  # a batch asks for the same ones several times
def sketch_of(text: str) -> Sketch:
    """Keys and sketch of a text; posts and articles are sketched alike, so that equal keys make a pair to compare."""
    hashes = list(map(_word, words_of(text)))
    runs = _runs(hashes, SHINGLE)
    sample = _packed(sorted({run >> _LOWER for run in runs})[:SKETCH])
    if len(hashes) < LEAST_WORDS:
        return Sketch((), sample)
    for length in range(SHINGLE, KEY_SHINGLE):
        runs = _longer(runs, hashes, length)
    return Sketch(_keys(runs), sample)


def _keys(runs: list[int]) -> tuple[int, ...]:
    """The smallest hash of each eighth of a text.

    The smallest of an eighth is the smallest of any part of that eighth that holds it, hence also a key of an excerpt
    whose own eighths are shorter. An excerpt of a third in one piece holds at least one whole eighth of the article,
    where the eight smallest of the whole text would all miss it once in 26 times.
    """
    bounds = [len(runs) * part // KEYS for part in range(KEYS + 1)]
    parts = (runs[start:end] for start, end in pairwise(bounds))
    return tuple(sorted({min(part) for part in parts if part}))


def _packed(sample: list[int]) -> bytes:
    return struct.pack(f"<{len(sample)}I", *sample)


def sample_of(sketch: bytes) -> tuple[int, ...]:
    """The shingles of a sketch, ascending; none of bytes that are no sketch."""
    return struct.unpack(f"<{len(sketch) // WIDTH}I", sketch) if len(sketch) % WIDTH == 0 else ()


class Estimate(NamedTuple):
    """Containment of a text in another, as their sketches tell it."""

    share: float
    """0 to 1."""
    doubt: float
    """Its standard deviation at the most; 0.0 where the sketches hold all shingles, infinite where nothing is known."""


def estimated(one: bytes, other: bytes) -> Estimate:
    """Containment of the text of sketch `one` in the text of sketch `other`.

    A full sketch lacks the larger hashes of its text, so that only those up to its last one can be compared.
    """
    own, others = sample_of(one), sample_of(other)
    if len(others) >= SKETCH:
        own = own[: bisect_right(own, others[-1])]
    whole = len(others) < SKETCH and len(own) < SKETCH
    doubt = 0.0 if whole else 0.5 / sqrt(len(own)) if own else inf
    return Estimate(containment(set(own), set(others)), doubt)
