"""What is said of a file that should be a picture: what it is, or why it is not kept; and the limits of both."""

from __future__ import annotations

import builtins
from dataclasses import dataclass
from typing import Literal, TypeAlias

Outcome: TypeAlias = Literal["empty", "not_an_image", "unsafe", "too_large", "truncated", "broken"]
"""empty: no bytes. not_an_image: a page, JSON, text or unknown bytes. unsafe: an SVG that could act or load anything.
too_large: in pixels, frames, memory or time. truncated: it ends too early. broken: no decoder reads it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a picture may be at most."""

    pixels: int = 50_000_000
    """Width times height. WebP and AVIF, whose decoders hold several copies, may have half as many."""
    frames: int = 1_000
    """Frames of an animation, pages of a TIFF. Only the first is ever decoded."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """A picture that may be kept, byte for byte as it came, and served as its own type and nothing else."""

    sha256: str
    """Of the whole file, in hexadecimal."""
    format: str
    """jpeg, png, gif, webp, avif, bmp, tiff, ico or svg: what its bytes are, whatever name or type it came under."""
    extension: str
    """That a file of this format has, without a dot."""
    width: int
    """In pixels, as it is shown: after the turn that its EXIF asks for. 0 where an SVG does not say."""
    height: int
    """Like `width`."""
    frames: int
    """1 for what does not move."""
    bytes: int
    """Length of the file."""
    trailing: int
    """Bytes behind the end of the picture: a second picture, an archive, a page. 0 also where the format has no end."""
    dhash: int | None
    """See `media.dhash`; None where there is too little to tell it from others, and for SVG."""
    thumbnail: builtins.bytes | None
    """WebP of the first frame as it is shown, without metadata, longest side at most 320 pixels; None for SVG."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a file is not kept."""

    outcome: Outcome
    reason: str
    """In one line, for people."""
