"""The first frame of a picture, decoded small: what its thumbnail and its hash are made from."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from PIL import ExifTags, Image

SIDE = 320
"""Longest side of a thumbnail, in pixels."""
_QUALITY = 80
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What an EXIF orientation asks for (EXIF 2.32, 4.6.4)."""
_SIDEWAYS = frozenset(_TURNS[orientation] for orientation in (5, 6, 7, 8))


@dataclass(frozen=True, slots=True)
class Frame:
    """The first frame, as it is shown, and what its decoder knows beside it."""

    image: Image.Image
    """L, RGB or RGBA, longest side at most `SIDE`; without metadata."""
    width: int
    height: int
    frames: int


def first_frame(data: bytes, pillow: str, pixels: int) -> Frame:
    """Decode the first frame of a file in one format of Pillow.

    Raises `Image.DecompressionBombError` where it has more than `pixels`, and whatever else Pillow raises for what it
    cannot decode.
    """
    with Image.open(BytesIO(data), formats=[pillow]) as opened:
        width, height = opened.size
        if width * height > pixels:
            raise Image.DecompressionBombError(f"{width} x {height} pixels")
        frames = int(getattr(opened, "n_frames", 1)) if pillow == "AVIF" else 1
        drafted = opened.draft(None, (2 * SIDE, 2 * SIDE))  # a JPEG is decoded no larger than that needs
        opened.load()
        if drafted is None:
            width, height = opened.size  # Pillow itself turns a TIFF when it loads it
        turn = _TURNS.get(_orientation(opened))
        image = _small(opened)
    if turn is not None:
        image = image.transpose(turn)
    image.info.clear()
    return Frame(image, *((height, width) if turn in _SIDEWAYS else (width, height)), frames)


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # metadata that make no sense say nothing, and the picture stands without them
        return 1


def _small(image: Image.Image) -> Image.Image:
    deep = image.mode in ("I", "F") or image.mode.startswith("I;16")
    mode = "F" if deep else "RGBA" if image.has_transparency_data else "L" if image.mode in ("1", "L") else "RGB"
    small: Image.Image = image if image.mode == mode else image.convert(mode)  # a copy may be 200 MB
    small.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return _levelled(small) if deep else small.copy()


def _levelled(image: Image.Image) -> Image.Image:
    """Levels of more than 8 bits as 8 bits, from the darkest to the brightest."""
    low, high = image.getextrema()
    assert isinstance(low, float)
    assert isinstance(high, float)
    scale = 255 / ((high - low) or 1)
    return image.point(lambda level: level * scale - low * scale).convert("L")


def thumbnail(image: Image.Image) -> bytes:
    """A small picture as WebP."""
    file = BytesIO()
    image.save(file, "WEBP", quality=_QUALITY)
    return file.getvalue()
