"""Paths in a store of files: a picture's name is the SHA-256 of its bytes, a thumbnail's that of its picture."""

from __future__ import annotations

import re

THUMBNAILS = "thumbnails/"
"""What the paths of thumbnails begin with; they sort behind all pictures."""
_SHA256 = re.compile(r"[0-9a-f]{64}")
_EXTENSION = re.compile(r"[a-z0-9]{1,8}")
_PATH = re.compile(r"(?:thumbnails/)?([0-9a-f]{2})/([0-9a-f]{2})/\1\2[0-9a-f]{60}\.[a-z0-9]{1,8}")


def path_of(sha256: str, extension: str) -> str:
    """Path of a picture: "ab/cd/<sha256>.<extension>". Raises ValueError for a hash or extension not in lower case."""
    if not _SHA256.fullmatch(sha256):
        raise ValueError(f"not a SHA-256 in lower-case hexadecimal: {sha256[:80]!r}")
    if not _EXTENSION.fullmatch(extension):
        raise ValueError(f"not an extension of one to eight lower-case letters and digits: {extension[:80]!r}")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}.{extension}"


def thumbnail_path_of(sha256: str) -> str:
    """Path of the thumbnail of the picture with this hash. Raises ValueError as `path_of` does."""
    return THUMBNAILS + path_of(sha256, "webp")


def is_path(text: str) -> bool:
    """Whether `text` is a path that `path_of` or `thumbnail_path_of` gives."""
    return _PATH.fullmatch(text) is not None


def digest_of(path: str) -> str:
    """The hash in a path of the store."""
    return path.rpartition("/")[2].partition(".")[0]


def checked(path: str) -> str:
    """`path` itself. Raises ValueError when it is none of the store's, as one that leads out of it."""
    if not is_path(path):
        raise ValueError(f"not a path of the store of files: {path[:120]!r}")
    return path
