"""Files that a forum may hand out as pictures: hostile and strange ones, each with what must be said of it."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from tests.media import drawn

KEPT = "kept"
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Case:
    """A file, made when it is needed."""

    name: str
    outcome: str
    """An outcome of a refusal, or `KEPT`."""
    make: Callable[[], bytes]
    says: str = ""
    """A part of the reason, or the format of what is kept."""


def _whole(form: str, **options: object) -> bytes:
    return drawn.file(drawn.picture(7), form, **options)


def _cut(form: str, share: float) -> bytes:
    data = _whole(form)
    return data[: int(len(data) * share)]


def _png_bomb(side: int) -> bytes:
    """Black, whole and valid: every row is there."""
    packed = zlib.compressobj(9)
    row = bytes(1 + (side + 7) // 8)
    data = b"".join(packed.compress(row) for _ in range(side)) + packed.flush()
    return drawn.png(side, side, drawn.chunk(b"IDAT", data))


def _rows(count: int) -> bytes:
    return zlib.compress(b"".join(b"\0" + bytes([row * row % 251]) for row in range(count)))


def _idat(rows: int) -> bytes:
    return drawn.chunk(b"IDAT", _rows(rows))


def _wrong_checksum() -> bytes:
    data = bytearray(_whole("PNG"))
    data[data.index(b"IDAT") + 40] ^= 0xFF
    return bytes(data)


def _jpeg_of_size(width: int, height: int) -> bytes:
    data = bytearray(_whole("JPEG"))
    struct.pack_into(">HH", data, data.index(b"\xff\xc0") + 5, height, width)
    return bytes(data)


def _jpeg_with(segment: int, length: int) -> bytes:
    """A JPEG behind many segments of one kind, which say that they go on."""
    data = _whole("JPEG")
    one = struct.pack(">BBH", 0xFF, segment, 65_535) + b"Exif\0\0" + bytes(65_527)
    return data[:2] + one * (length // len(one)) + data[2:]


def _bmp(width: int, height: int) -> bytes:
    data = bytearray(drawn.file(Image.new("RGB", (4, 4)), "BMP"))
    struct.pack_into("<ii", data, 18, width, height)
    return bytes(data)


def _ico(width: int, height: int) -> bytes:
    inner = drawn.png(width, height, _idat(1))
    return struct.pack("<HHHBBBBHHII", 0, 1, 1, 1, 1, 0, 0, 1, 32, len(inner), 22) + inner


def _entities() -> bytes:
    names = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE svg [<!ENTITY e0 "lol">{names}]>'.encode() + drawn.svg("<text>&e9;</text>")


_LINK = 'xmlns:x="http://www.w3.org/1999/xlink" x:href'
_PAGE = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"

CASES = [
    Case("nothing", "empty", bytes),
    Case("spaces", "not_an_image", lambda: b" \n" * 50),
    Case("a page", "not_an_image", lambda: _PAGE, "HTML"),
    Case("a page that holds an SVG", "not_an_image", lambda: b"<html><body>" + drawn.svg("") + b"</body></html>"),
    Case("JSON", "not_an_image", lambda: b'{"error": "gone"}'),
    Case("text that begins as a BMP does", "not_an_image", lambda: b"BMW is a maker of cars" * 9),
    Case("a program", "not_an_image", lambda: b"\x7fELF\x02\x01\x01" + bytes(200)),
    Case("PostScript", "not_an_image", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"),
    Case("a sound in RIFF", "not_an_image", lambda: b"RIFF\x40\0\0\0WAVEfmt " + bytes(64)),
    Case("zeros", "not_an_image", lambda: bytes(4096)),
    Case("PNG of 200 megapixels, whole", "too_large", lambda: _png_bomb(14_143)),
    Case("PNG of 900 megapixels, whole", "too_large", lambda: _png_bomb(30_000)),
    Case("PNG of 900 megapixels, cut", "too_large", lambda: drawn.png(30_000, 30_000)[:40]),
    Case("PNG of 2^31 columns and more", "too_large", lambda: drawn.png(0xFFFFFFFF, 0xFFFFFFFF)),
    Case("GIF of 200 megapixels", "too_large", lambda: drawn.gif(14_143, 14_143, drawn.gif_frame())),
    Case("GIF of 900 megapixels", "too_large", lambda: drawn.gif(30_000, 30_000, drawn.gif_frame(30_000, 30_000))),
    Case(
        "GIF whose frame is larger than its screen",
        "too_large",
        lambda: drawn.gif(1, 1, drawn.gif_frame(14_143, 14_143)),
    ),
    Case("WebP of 200 megapixels", "too_large", lambda: drawn.webp(14_143, 14_143)),
    Case("WebP of 900 megapixels", "too_large", lambda: drawn.webp(30_000, 30_000)),
    Case("TIFF of 200 megapixels", "too_large", lambda: drawn.tiff(14_143, 14_143)),
    Case("TIFF of 900 megapixels", "too_large", lambda: drawn.tiff(30_000, 30_000)),
    Case("JPEG of 900 megapixels", "too_large", lambda: _jpeg_of_size(30_000, 30_000)),
    Case("BMP of 900 megapixels", "too_large", lambda: _bmp(30_000, 30_000)),
    Case("ICO with a PNG of 900 megapixels", "too_large", lambda: _ico(30_000, 30_000)),
    Case("GIF of 5,000 frames", "too_large", lambda: drawn.gif(1, 1, *[drawn.gif_frame()] * 5_000), "frames"),
    Case("TIFF of 5,000 pages", "too_large", lambda: drawn.tiff(1, 1, pages=5_000), "frames"),
    Case("JPEG cut in its header", "truncated", lambda: _cut("JPEG", 0.02)),
    Case("JPEG cut in its middle", "truncated", lambda: _cut("JPEG", 0.5)),
    Case("JPEG without its last bytes", "truncated", lambda: _whole("JPEG")[:-2]),
    Case("PNG cut in its header", "truncated", lambda: _whole("PNG")[:20]),
    Case("PNG cut in its middle", "truncated", lambda: _cut("PNG", 0.5)),
    Case("PNG without its end", "truncated", lambda: _whole("PNG")[:-12]),
    Case(
        "PNG whose pixels are cut", "truncated", lambda: drawn.png(8, 9_000, drawn.chunk(b"IDAT", _rows(9_000)[:-20]))
    ),
    Case("WebP cut in its middle", "truncated", lambda: _cut("WEBP", 0.5)),
    Case("GIF cut in its middle", "truncated", lambda: _cut("GIF", 0.5)),
    Case("AVIF cut in its middle", "truncated", lambda: _cut("AVIF", 0.5)),
    Case("TIFF cut before its description", "truncated", lambda: _whole("TIFF")[:1_000]),
    Case("PNG with a wrong checksum", "broken", _wrong_checksum, "checksum"),
    Case("PNG of no columns", "broken", lambda: drawn.png(0, 8, _idat(8)), "0 x 8"),
    Case("PNG of a wrong colour type", "broken", lambda: drawn.png(8, 8, _idat(8), colour=5)),
    Case("PNG whose header is not first", "broken", lambda: b"\x89PNG\r\n\x1a\n" + drawn.chunk(b"tEXt", b"a\0b") * 3),
    Case("JPEG of no rows", "broken", lambda: _jpeg_of_size(480, 0), "480 x 0"),
    Case("BMP of a negative width", "broken", lambda: _bmp(-4, 4)),
    Case("GIF without a frame", "broken", lambda: drawn.gif(9, 9)),
    Case("a program behind the beginning of a JPEG", "broken", lambda: b"\xff\xd8\xff\xd9" + bytes(200)),
    Case("SVG with a script", "unsafe", lambda: drawn.svg("<script>alert(1)</script>"), "script"),
    Case("SVG with a handler", "unsafe", lambda: drawn.svg("", 'onload="alert(1)"'), "onload"),
    Case("SVG with a page in it", "unsafe", lambda: drawn.svg("<foreignObject/>"), "foreignObject"),
    Case("SVG with a picture from elsewhere", "unsafe", lambda: drawn.svg(f'<image {_LINK}="//a.example/b"/>'), "href"),
    Case("SVG in an SVG", "unsafe", lambda: drawn.svg(f'<use {_LINK}="data:image/svg+xml,x"/>'), "href"),
    Case("SVG with a link to a script", "unsafe", lambda: drawn.svg('<a href="javascript:alert(1)"/>')),
    Case("SVG with an animation", "unsafe", lambda: drawn.svg('<set attributeName="href" to="javascript:1"/>')),
    Case(
        "SVG with a style from elsewhere", "unsafe", lambda: drawn.svg("<style>@import<g/> 'a.css'</style>"), "import"
    ),
    Case("SVG with an escaped style", "unsafe", lambda: drawn.svg(r'<g style="fill:u\72l(//a.example)"/>')),
    Case("SVG with a style sheet", "unsafe", lambda: b'<?xml-stylesheet href="a.css"?>' + drawn.svg("")),
    Case("SVG with an iframe", "unsafe", lambda: drawn.svg('<iframe xmlns="http://www.w3.org/1999/xhtml"/>')),
    Case("SVG with growing entities", "unsafe", _entities, "entity"),
    Case("SVG that is not well-formed", "broken", lambda: drawn.svg("<g>")),
    Case("SVG of no namespace", "not_an_image", lambda: b"<svg><rect/></svg>"),
    Case("SVG of 3 MB", "too_large", lambda: drawn.svg(" " * 3 * MILLION)),
]
"""What is refused."""

POLYGLOTS = [
    Case("JPEG and a page", KEPT, lambda: _whole("JPEG") + _PAGE, "jpeg"),
    Case("PNG and an archive", KEPT, lambda: _whole("PNG") + b"PK\x03\x04" + bytes(400), "png"),
    Case("GIF and a page", KEPT, lambda: _whole("GIF") + _PAGE, "gif"),
    Case("WebP and a page", KEPT, lambda: _whole("WEBP") + _PAGE, "webp"),
]
"""Pictures with something behind their end."""

STRANGE = [
    Case(
        "GIF that is a script too",
        KEPT,
        lambda: drawn.gif(0x2F2A, 1, drawn.gif_frame(), comment=b"*/=1;alert(1)"),
        "gif",
    ),
    Case("JPEG with a page in its comment", KEPT, lambda: _whole("JPEG", comment=_PAGE), "jpeg"),
    Case("JPEG with 6 MB of EXIF", KEPT, lambda: _jpeg_with(0xE1, 6 * MILLION), "jpeg"),
    Case("JPEG with 900 kB of colour profile", KEPT, lambda: _whole("JPEG", icc_profile=bytes(900_000)), "jpeg"),
    Case("PNG with 20 MB of colour profile", KEPT, lambda: _whole("PNG", icc_profile=bytes(20 * MILLION)), "png"),
    Case("PNG with a bomb of text", KEPT, lambda: _with_text(200 * MILLION), "png"),
    Case("PNG of one column", KEPT, lambda: drawn.png(1, 60_000, _idat(60_000)), "png"),
    Case("JPEG of one row", KEPT, lambda: drawn.file(Image.new("RGB", (60_000, 1)), "JPEG"), "jpeg"),
    Case("BMP stored from the top", KEPT, lambda: _bmp(4, -4), "bmp"),
    Case("PNG of fewer rows than it says", KEPT, lambda: drawn.png(8, 90, _idat(20)), "png"),
    Case("JPEG of fewer rows than it says", KEPT, lambda: _jpeg_of_size(480, 3_200), "jpeg"),
    Case("GIF without its last byte", KEPT, lambda: _whole("GIF")[:-1], "gif"),
    Case("JPEG that leads to a second one", KEPT, lambda: _whole("MPO", save_all=True), "jpeg"),
    Case("SVG that only draws", KEPT, lambda: drawn.svg('<g style="fill:url(#a)"/><style>g{fill:red}</style>'), "svg"),
]
"""Pictures that are to be kept although they look odd."""


def _with_text(length: int) -> bytes:
    packed = zlib.compressobj(9)
    block = bytes(MILLION)
    data = b"".join(packed.compress(block) for _ in range(length // MILLION)) + packed.flush()
    return drawn.png(8, 8, drawn.chunk(b"zTXt", b"a\0\0" + data), _idat(8))


ALL = [*CASES, *POLYGLOTS, *STRANGE]
