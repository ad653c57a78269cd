"""The difference hash of a picture: copies in another size, quality or format have nearly the same 64 bits.

Each bit says whether a cell of the picture, shrunk to 9 x 8 levels of grey, is darker than its right neighbour.
"""

from __future__ import annotations

from itertools import pairwise

from PIL import Image

NEAR = 6
"""Copies of one picture are at most so far apart."""
_WIDE, _HIGH = 9, 8
_STEP = 3
"""A smaller difference of levels of 255 is what compression alone makes of one colour."""
_LEAST_STEPS = 8
_PARTS, _WIDTH = 4, 16
"""The index keys are the parts of a hash. Of two hashes with less than twice as many different bits as there are parts,
one part is equal or differs in one bit."""


def dhash(image: Image.Image) -> int | None:
    """64 bits as a signed integer, as MongoDB stores it; None for what is flat. Transparent parts count as white.

    Flat is what hardly changes from left to right: blank pictures, rules, vertical gradients. Their hashes say nothing
    and would make copies of them all.
    """
    rows = _rows(image)
    pairs = [pair for row in rows for pair in pairwise(row)]
    if sum(abs(left - right) > _STEP for left, right in pairs) < _LEAST_STEPS:
        return None
    bits = 0
    for left, right in pairs:
        bits = bits << 1 | (left + 1 < right)
    return bits - (bits >> 63 << 64)


def _rows(image: Image.Image) -> list[bytes]:
    if image.has_transparency_data:
        shown = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", shown.size, "white"), shown)
    levels = image.convert("L").resize((_WIDE, _HIGH), Image.Resampling.LANCZOS).tobytes()
    return [levels[start : start + _WIDE] for start in range(0, len(levels), _WIDE)]


def distance(one: int, other: int) -> int:
    """How many of the 64 bits of two hashes differ."""
    return ((one ^ other) & (1 << 64) - 1).bit_count()


def bands(dhash: int) -> list[int]:
    """Four index keys, 0 to 2**18 - 1. Each says its place."""
    return [place << _WIDTH | dhash >> place * _WIDTH & (1 << _WIDTH) - 1 for place in range(_PARTS)]


def keys_near(dhash: int, most: int = NEAR) -> list[int]:
    """Keys of which every hash at a distance of at most `most` has one: its own, and those that differ in one bit
    (multi-index hashing: Norouzi, Punjani and Fleet, 2012). Raises ValueError for a distance of more than seven."""
    if most >= 2 * _PARTS:
        raise ValueError(f"pictures are found at a distance of {2 * _PARTS - 1} at most, not {most}")
    return [near for key in bands(dhash) for near in (key, *(key ^ 1 << bit for bit in range(_WIDTH)))]
