"""The formats of pictures that are kept, known by a file's first bytes alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from forumcrawl.media import blocks, sizes


@dataclass(frozen=True, slots=True)
class Format:
    """A format, and how its files are read without decoding them."""

    name: str
    """As it is recorded; also Pillow's name of it, in capitals."""
    extension: str
    size: Callable[[bytes], tuple[int, int]]
    extent: Callable[[bytes, int], tuple[int, int]]
    bare: Callable[[bytes], bytes] = bytes
    """The file as it is given to the decoder."""
    copies: int = 1
    """How many times the memory of other decoders its decoder needs: so many times fewer pixels are allowed."""


JPEG = Format("jpeg", "jpg", sizes.jpeg, blocks.jpeg)
PNG = Format("png", "png", sizes.png, blocks.png, blocks.png_bare)
GIF = Format("gif", "gif", sizes.gif, blocks.gif)
WEBP = Format("webp", "webp", sizes.webp, blocks.webp, copies=2)
AVIF = Format("avif", "avif", sizes.avif, blocks.avif, copies=2)
BMP = Format("bmp", "bmp", sizes.bmp, blocks.single)
TIFF = Format("tiff", "tif", sizes.tiff, blocks.tiff)
ICO = Format("ico", "ico", sizes.ico, blocks.single)

_BEGINNINGS = {
    b"\xff\xd8\xff": JPEG,
    sizes.PNG: PNG,
    b"GIF87a": GIF,
    b"GIF89a": GIF,
    b"II*\0": TIFF,
    b"MM\0*": TIFF,
    b"\0\0\1\0": ICO,
}
_BMP_HEADERS = frozenset((12, 40, 52, 56, 64, 108, 124))
"""Lengths that the second header of a BMP may have; text may begin with "BM" too."""


def format_of(data: bytes) -> Format | None:
    """The format of a file, or None where it is no picture of a format that is kept."""
    for beginning, form in _BEGINNINGS.items():
        if data.startswith(beginning):
            return form
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP" and data[12:16] in (b"VP8 ", b"VP8L", b"VP8X"):
        return WEBP
    if data[4:8] == b"ftyp" and any(brand in data[8:64] for brand in (b"avif", b"avis")):
        return AVIF
    if data[:2] == b"BM" and int.from_bytes(data[14:18], "little") in _BMP_HEADERS:
        return BMP
    return None
