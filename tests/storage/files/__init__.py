"""Files for the stores of the tests."""

from __future__ import annotations

import hashlib
import random

from forumcrawl.storage.files.paths import path_of


def file(seed: int, size: int = 1_000, extension: str = "jpg") -> tuple[str, bytes]:
    """A file of a size and its path."""
    data = random.Random(seed).randbytes(size)
    return path_of(hashlib.sha256(data).hexdigest(), extension), data


def files(count: int, size: int = 1_000) -> dict[str, bytes]:
    return dict(file(seed, size) for seed in range(count))
