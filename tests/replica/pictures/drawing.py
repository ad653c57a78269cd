"""The files of pictures: each picture in several forms that look alike, and files that are no pictures to keep."""

from __future__ import annotations

from functools import cache
from zlib import compress

from tests.media.drawn import chunk, file, picture, png, svg

FORMS = ("whole", "small", "png", "webp", "coarse", "kept")
"""whole: a JPEG; small: half as wide; png, webp: other formats; coarse: a JPEG of low quality; kept: another quality,
which only the forum's proxy still has."""
TYPES = {"png": "image/png", "webp": "image/webp"}
"""Content types that are not image/jpeg."""
_WIDTH, _HEIGHT = 480, 320
_SMALL = (_WIDTH // 2, _HEIGHT // 2)


@cache
def drawn(seed: int, form: str) -> bytes:
    """The file of the picture with a seed, in one of `FORMS`."""
    image = picture(seed, _WIDTH, _HEIGHT)
    match form:
        case "small":
            return file(image.resize(_SMALL), "JPEG", quality=90)
        case "png":
            return file(image, "PNG")
        case "webp":
            return file(image, "WEBP", quality=60)
        case "coarse":
            return file(image, "JPEG", quality=35)
        case "kept":
            return file(image, "JPEG", quality=75)
    return file(image, "JPEG", quality=92)


@cache
def hostile(kind: str, seed: int) -> bytes:
    """The body of what pretends to be a picture; nothing for what is told by its status."""
    match kind:
        case "page":
            return b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>No pictures here</body></html>"
        case "truncated":
            whole = drawn(seed, "whole")
            return whole[: len(whole) // 2]
        case "script":
            return svg('<script>fetch("/admin")</script>')
        case "bomb":
            return png(30_000, 30_000, chunk(b"IDAT", compress(bytes(1_000))))
        case "endless":
            return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    return b""
