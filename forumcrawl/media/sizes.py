"""Width and height as a file's header states them, read without decoding, so that a bomb is known by its header.

Each function takes a file that begins as its format does and gives (width, height). It raises `IndexError` or
`struct.error` where the data end too early, and `ValueError` where they make no sense.
"""

from __future__ import annotations

import re
from struct import unpack_from

from forumcrawl.media import blocks

_FRAME_HEADERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_STATED = re.compile(b"ispe")
PNG = b"\x89PNG\r\n\x1a\n"


def png(data: bytes) -> tuple[int, int]:
    """Of the picture, which is also the largest frame of an animation."""
    if data[12:16] != b"IHDR":
        raise ValueError("its first chunk is not IHDR")
    return _pair(">II", data, 16)


def gif(data: bytes) -> tuple[int, int]:
    """The screen, or as much more as the first frame reaches beyond it."""
    width, height = _pair("<HH", data, 6)
    try:
        at = next(blocks.gif_frames(data), None)
    except IndexError:  # cut before its first frame ends: the screen is known all the same
        return width, height
    if at is None:
        raise ValueError("it has no frame")
    left, top, wide, high = unpack_from("<HHHH", data, at + 1)
    return max(width, left + wide), max(height, top + high)


def jpeg(data: bytes) -> tuple[int, int]:
    """Of the first frame header outside of all segments, hence not that of an embedded small form."""
    for marker, at in blocks.jpeg_markers(data):
        if marker in _FRAME_HEADERS:
            height, width = _pair(">HH", data, at + 5)
            return width, height
    raise ValueError("it has no frame header")


def webp(data: bytes) -> tuple[int, int]:
    """The canvas, or the picture where there is none."""
    kind = data[12:16]
    if kind == b"VP8X":
        wide, wider, high, higher = unpack_from("<HBHB", data, 24)
        return wide + (wider << 16) + 1, high + (higher << 16) + 1
    if kind == b"VP8L":
        (bits,) = unpack_from("<I", data, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = _pair("<HH", data, 26)
    return width & 0x3FFF, height & 0x3FFF


def bmp(data: bytes) -> tuple[int, int]:
    """A negative height says that the rows are stored from the top."""
    width, height = _pair("<HH" if data[14] == 12 else "<ii", data, 18)
    return width, abs(height)


def tiff(data: bytes) -> tuple[int, int]:
    """Of the first page."""
    order, at = blocks.tiff_start(data)
    found = {}
    for entry in range(at + 2, at + 2 + 12 * blocks.tiff_entries(data, order, at), 12):
        tag, kind = _pair(f"{order}HH", data, entry)
        if tag in (256, 257):
            found[tag] = int(unpack_from(f"{order}{'H' if kind == 3 else 'I'}", data, entry + 8)[0])
    if len(found) < 2:
        raise ValueError("its first page states no size")
    return found[256], found[257]


def ico(data: bytes) -> tuple[int, int]:
    """The largest of its pictures, by their own headers and not by the list of them."""
    (count,) = unpack_from("<H", data, 4)
    places = [int(unpack_from("<I", data, 18 + 16 * number)[0]) for number in range(count)]
    return max((_icon(data, at) for at in places), key=_area, default=(0, 0))


def _icon(data: bytes, at: int) -> tuple[int, int]:
    if data.startswith(PNG, at):
        return _pair(">II", data, at + 16)
    width, height = _pair("<ii", data, at + 4)
    return width, abs(height) // 2  # a mask of the same size stands below it


def avif(data: bytes) -> tuple[int, int]:
    """The largest size stated: that of the picture rather than of its tiles and of its small form."""
    for kind, start, end in blocks.boxes(data):
        if kind == b"meta":
            stated = [_pair(">II", data, found.end() + 4) for found in _STATED.finditer(data, start, end)]
            return max(stated, key=_area, default=(0, 0))
    raise ValueError("it describes no picture")


def _pair(form: str, data: bytes, at: int) -> tuple[int, int]:
    one, other = unpack_from(form, data, at)
    return one, other


def _area(size: tuple[int, int]) -> int:
    return size[0] * size[1]
