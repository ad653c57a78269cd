"""Chance that is the same every time: everything in the world follows from the seed and an id."""

from __future__ import annotations

from random import Random

_MASK = (1 << 64) - 1


def mix(seed: int, salt: int, number: int) -> int:
    """A 64-bit hash of three numbers (SplitMix64's last step), cheap enough for a call per thread of the world."""
    x = (seed * 0x9E3779B97F4A7C15 + salt * 0xC2B2AE3D27D4EB4F + number * 0x165667B19E3779F9) & _MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & _MASK
    return x ^ (x >> 31)


def dice(seed: int, salt: int, number: int) -> Random:
    """A random generator of its own for one thing of the world."""
    return Random(mix(seed, salt, number))


MEMBER, THREAD, POST, BOARD, BUMP, FAULT, STORY, STORY_TEXT, EVENT, COPY = range(1, 11)
"""Salts, one a kind of thing, so that thread 5 and member 5 share nothing."""
