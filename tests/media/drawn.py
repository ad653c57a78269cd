"""Pictures drawn from a seed, and their files in every format."""

from __future__ import annotations

import random
import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw, ImageFilter


def picture(seed: int, width: int = 480, height: int = 320) -> Image.Image:
    """A picture with large and small shapes, soft as a photograph; another for each seed."""
    chance = random.Random(seed)
    image = Image.new("RGB", (width, height), _colour(chance))
    draw = ImageDraw.Draw(image)
    for number in range(24):
        size = 2 + number // 6
        left, top = chance.randrange(-width // 4, width), chance.randrange(-height // 4, height)
        box = (left, top, left + chance.randrange(2, width // size), top + chance.randrange(2, height // size))
        (draw.ellipse if chance.random() < 0.5 else draw.rectangle)(box, fill=_colour(chance))
    return image.filter(ImageFilter.GaussianBlur(width / 160))


def _colour(chance: random.Random) -> tuple[int, int, int]:
    return chance.randrange(256), chance.randrange(256), chance.randrange(256)


def file(image: Image.Image, form: str, **options: Any) -> bytes:
    """`image` as a file in a format of Pillow."""
    data = BytesIO()
    image.save(data, form, **options)
    return data.getvalue()


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *chunks: bytes, depth: int = 1, colour: int = 0) -> bytes:
    """A PNG whose header says what it likes."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IEND")


def gif(width: int, height: int, *frames: bytes, comment: bytes = b"") -> bytes:
    """A GIF of two colours."""
    note = b"!\xfe" + bytes([len(comment)]) + comment + b"\0" if comment else b""
    return (
        b"GIF89a"
        + struct.pack("<HHBBB", width, height, 0x80, 0, 0)
        + b"\0\0\0\xff\xff\xff"
        + note
        + b"".join(frames)
        + b";"
    )


def gif_frame(width: int = 1, height: int = 1) -> bytes:
    """A frame that says how large it is, and holds one pixel."""
    return b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x44\x01\0"


def tiff(width: int, height: int, pages: int = 1) -> bytes:
    """A TIFF of pages that all show the same one byte."""
    fields = {256: width, 257: height, 258: 1, 259: 1, 262: 1, 273: 8, 277: 1, 278: height, 279: 1}
    length = 2 + 12 * len(fields) + 4
    file = struct.pack("<2sHII", b"II", 42, 12, 0)
    for page in range(pages):
        entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in fields.items())
        following = 12 + length * (page + 1) if page < pages - 1 else 0
        file += struct.pack("<H", len(fields)) + entries + struct.pack("<I", following)
    return file


def webp(width: int, height: int) -> bytes:
    """A WebP with a canvas of any size and a picture of one pixel."""
    inner = file(Image.new("RGB", (1, 1)), "WEBP")[12:]
    canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<II", 10, 0) + canvas + inner
    return b"RIFF" + struct.pack("<I", len(body)) + body


def svg(inside: str, attributes: str = 'width="40" height="30"') -> bytes:
    """An SVG with something in it."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}><rect width="9" height="9"/>{inside}</svg>'.encode()
