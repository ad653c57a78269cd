"""Word shingles of texts, and the few of them by which a copy, an edited copy or an excerpt is found."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from math import inf, sqrt
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from forumcrawl.text.arabic import words as words_of
from forumcrawl.text.remembered import Remembered

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
_LOWER = np.uint64(63 - 8 * WIDTH)
_BITS = np.uint64((1 << 63) - 1)
_BASE = np.uint64(0x5851F42D4C957F2D)

Hashes: TypeAlias = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is stored of a text to find its like."""

    keys: tuple[int, ...]
    """At most `KEYS` index keys, ascending: texts that share one are worth comparing."""
    sketch: bytes
    """The smallest of its shingles, at most `SKETCH`, ascending, little-endian, `WIDTH` bytes of each: the sample that
    `estimated` compares. Bytes cost a database a third of what a list costs it."""


def _word(word: str) -> int:
    digest = blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little") & int(_BITS)


_WORDS = Remembered(_word)


def _hashes(words: Sequence[str]) -> Hashes:
    return np.array([*map(_WORDS.__getitem__, words)], np.uint64)


def _longer(runs: Hashes, hashes: Hashes, size: int) -> Hashes:
    """From the hashes of all runs of `size` words, those of all runs of `size` + 1 (products wrap, as they must)."""
    return (runs[:-1] * _BASE + hashes[size:]) & _BITS


def _runs(hashes: Hashes, size: int) -> Hashes:
    runs = hashes
    for length in range(1, min(size, len(hashes))):
        runs = _longer(runs, hashes, length)
    return runs


def runs_of(words: Sequence[str], size: int = SHINGLE) -> list[int]:
    """Hashes of each run of `size` words, in order; of all words together where there are fewer, and none of no words.

    The hashes are the same on every machine and fit a signed 64-bit integer: 0 to 2**63 - 1.
    """
    runs: list[int] = _runs(_hashes(words), size).tolist()
    return runs


def shingles(words: Sequence[str], size: int = SHINGLE) -> set[int]:
    """The distinct ones of `runs_of`."""
    return set(runs_of(words, size))


def containment(one: Set[int], other: Set[int]) -> float:
    """Share of `one` that is in `other`, 0 to 1; 0.0 when `one` is empty."""
    return len(one & other) / len(one) if one else 0.0


@lru_cache(maxsize=1 << 10)  # a batch asks for the same ones several times
def sketch_of(text: str) -> Sketch:
    """Keys and sketch of a text; posts and articles are sketched alike, so that equal keys make a pair to compare."""
    hashes = _hashes(words_of(text))
    runs = _runs(hashes, SHINGLE)
    sample = np.unique(runs >> _LOWER)[:SKETCH].astype(f"<u{WIDTH}").tobytes()
    if len(hashes) < LEAST_WORDS:
        return Sketch((), sample)
    for length in range(SHINGLE, KEY_SHINGLE):
        runs = _longer(runs, hashes, length)
    return Sketch(_keys(runs), sample)


def _keys(runs: Hashes) -> tuple[int, ...]:
    """The smallest hash of each eighth of a text.

    The smallest of an eighth is the smallest of any part of that eighth that holds it, hence also a key of an excerpt
    whose own eighths are shorter. An excerpt of a third in one piece holds at least one whole eighth of the article,
    where the eight smallest of the whole text would all miss it once in 26 times.
    """
    starts = sorted({len(runs) * part // KEYS for part in range(KEYS)})
    return tuple(sorted(set(np.minimum.reduceat(runs, starts).tolist())))


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
