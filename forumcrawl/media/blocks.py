"""The blocks of which picture files are built: how many frames there are, and where the picture ends.

`png` to `avif` take a whole file and the most frames worth counting, and give (frames, end of the picture); the end is
that of the file where the format has none. All here raise `IndexError` or `struct.error` where the data end too early,
and `ValueError` where they make no sense.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from struct import unpack_from
from zlib import crc32

_ALONE = frozenset((0x01, *range(0xD0, 0xD9)))
"""JPEG markers that no length follows."""
_MARKER = re.compile(rb"\xff[^\x00\xff]")
_BEHIND_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_FRAME, _EXTENSION, _TRAILER = 0x2C, 0x21, 0x3B


def png(data: bytes, most: int) -> tuple[int, int]:
    """A chunk without which there is no picture must be whole, as its checksum tells."""
    frames, end = 0, 8
    for kind, at, end in png_chunks(data):
        if kind[:1].isupper() and crc32(memoryview(data)[at + 4 : end - 4]) != unpack_from(">I", data, end - 4)[0]:
            raise ValueError(f"wrong checksum of its chunk {kind!r}")
        frames += kind == b"fcTL"
        if frames > most:
            break
    return max(frames, 1), end


def png_chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Kind, start and end of each chunk up to the last."""
    at, kind = 8, b""
    while kind != b"IEND":
        length, kind = unpack_from(">I4s", data, at)
        end = at + 12 + int(length)
        if end > len(data):
            raise IndexError(f"its chunk {kind!r} is cut")
        yield kind, at, end
        at = end


def png_bare(data: bytes) -> bytes:
    """The file without what no decoder of pixels needs: texts and profiles may be packed to a thousandth."""
    whole = memoryview(data)
    parts = [whole[at:end] for kind, at, end in png_chunks(data) if kind[:1].isupper() or kind in (b"tRNS", b"eXIf")]
    return b"".join((whole[:8], *parts))


def gif(data: bytes, most: int) -> tuple[int, int]:
    """What is no block ends the picture, as in browsers; so does the end of the file where a block begins."""
    places = list(islice(gif_frames(data), most + 1))
    if not places or len(places) > most:
        return len(places), len(data)
    at = _behind_frame(data, places[-1])
    while data[at : at + 1] == b"!":
        at = _behind_parts(data, at + 2)
    return len(places), at + (data[at : at + 1] == b";")


def gif_frames(data: bytes) -> Iterator[int]:
    """Where each frame begins."""
    at = 13 + _palette(data[10])
    while at < len(data) and data[at] in (_FRAME, _EXTENSION):
        if data[at] == _FRAME:
            yield at
            at = _behind_frame(data, at)
        else:
            at = _behind_parts(data, at + 2)


def _behind_frame(data: bytes, at: int) -> int:
    return _behind_parts(data, at + 11 + _palette(data[at + 9]))


def _behind_parts(data: bytes, at: int) -> int:
    while length := data[at]:
        at += length + 1
    return at + 1


def _palette(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def jpeg(data: bytes, most: int) -> tuple[int, int]:
    """One frame: a second picture behind the end is none of it."""
    for marker, at in jpeg_markers(data):
        if marker == 0xD9:
            return 1, at + 2
    raise IndexError("it has no end")


def jpeg_markers(data: bytes) -> Iterator[tuple[int, int]]:
    """Each marker and where it stands, up to the end of the picture; what is inside of a segment is no marker."""
    at = 2
    while found := _MARKER.search(data, at):
        at, marker = found.start(), data[found.start() + 1]
        yield marker, at
        if marker == 0xD9:
            return
        at += 2 if marker in _ALONE else 2 + int(unpack_from(">H", data, at + 2)[0])
        if marker == 0xDA:
            behind = _BEHIND_SCAN.search(data, at)
            at = behind.start() if behind else len(data)
    raise IndexError("it has no end")


def webp(data: bytes, most: int) -> tuple[int, int]:
    """The file says its own length."""
    end = 8 + int(unpack_from("<I", data, 4)[0])
    if end > len(data):
        raise IndexError(f"{len(data)} of {end} bytes")
    at, frames = 12, 0
    while at + 8 <= end and frames <= most:
        kind, length = unpack_from("<4sI", data, at)
        frames += kind == b"ANMF"
        at += 8 + length + (length & 1)
    return max(frames, 1), end


def single(data: bytes, most: int) -> tuple[int, int]:
    """BMP, whose stated length is often wrong, and ICO, of whose pictures the largest counts."""
    return 1, len(data)


def tiff(data: bytes, most: int) -> tuple[int, int]:
    """Its pages; parts of it may lie anywhere, so that it has no end."""
    order, at = tiff_start(data)
    pages: set[int] = set()
    while at and at not in pages and len(pages) <= most:
        pages.add(at)
        (at,) = unpack_from(f"{order}I", data, at + 2 + 12 * tiff_entries(data, order, at))
    return len(pages), len(data)


def tiff_start(data: bytes) -> tuple[str, int]:
    """The order of bytes, as `struct` writes it, and where the first page is described."""
    order = "<" if data[:1] == b"I" else ">"
    return order, int(unpack_from(f"{order}I", data, 4)[0])


def tiff_entries(data: bytes, order: str, at: int) -> int:
    """How many entries describe the page at `at`."""
    return int(unpack_from(f"{order}H", data, at)[0])


def avif(data: bytes, most: int) -> tuple[int, int]:
    """Whether it is whole; how many frames there are its decoder tells."""
    for kind, _, end in boxes(data):
        if end > len(data):
            raise IndexError(f"its box {kind!r} is cut")
    return 1, len(data)


def boxes(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Kind, start and end of each outermost box of an ISO media file."""
    at = 0
    while at < len(data):
        length, kind = unpack_from(">I4s", data, at)
        length = int(unpack_from(">Q", data, at + 8)[0]) if length == 1 else length or len(data) - at
        if length < 8:
            raise ValueError("it has a box of no length")
        yield kind, at, at + length
        at += length
