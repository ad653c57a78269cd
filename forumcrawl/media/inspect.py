"""What the bytes of a file are: a picture that may be kept, or why not. Nothing is believed but the bytes."""

from __future__ import annotations

import re
from hashlib import sha256
from struct import error as EndOfData

from PIL import Image

from forumcrawl.media import svg
from forumcrawl.media.dhash import dhash
from forumcrawl.media.formats import Format, format_of
from forumcrawl.media.picture import first_frame, thumbnail
from forumcrawl.media.verdict import Inspection, Limits, Refusal

_HTML = re.compile(rb"\s*<(?:!doctype html|html|head|body|script|meta|title|!--)", re.IGNORECASE)
_DEFAULT = Limits()


def inspect(data: bytes, limits: Limits = _DEFAULT) -> Inspection | Refusal:
    """Inspect a file. Never raises; decodes no more than the first frame, and nothing that its header shows too large.

    Bytes behind the end of a picture stay, and are counted: whoever serves the file says its type and that nobody may
    guess another ("X-Content-Type-Options: nosniff").
    """
    if not data:
        return Refusal("empty", "no bytes")
    form = format_of(data)
    if form is not None:
        return _picture(data, form, limits)
    if svg.begins(data):
        return svg.inspect(data)
    return Refusal("not_an_image", "an HTML page" if _HTML.match(data) else f"it begins with {data[:16]!r}")


def _picture(data: bytes, form: Format, limits: Limits) -> Inspection | Refusal:
    pixels = limits.pixels // form.copies
    try:
        width, height = form.size(data)
        if width <= 0 or height <= 0:
            return Refusal("broken", f"{width} x {height} pixels")
        if width * height > pixels:
            return Refusal("too_large", f"{width} x {height} pixels of {form.name}, more than {pixels}")
        frames, end = form.extent(data, limits.frames)
        if frames > limits.frames:
            return Refusal("too_large", f"more than {limits.frames} frames")
        frame = first_frame(form.bare(data), form.name.upper(), pixels)
        return Inspection(
            sha256=sha256(data).hexdigest(),
            format=form.name,
            extension=form.extension,
            width=frame.width,
            height=frame.height,
            frames=max(frames, frame.frames),
            bytes=len(data),
            trailing=len(data) - end,
            dhash=dhash(frame.image),
            thumbnail=thumbnail(frame.image),
        )
    except Exception as error:  # Pillow raises nearly anything for what it cannot decode
        return _refusal(error)


def _refusal(error: Exception) -> Refusal:
    reason = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, Image.DecompressionBombError | MemoryError):
        return Refusal("too_large", reason)
    if isinstance(error, IndexError | EndOfData) or "truncated" in reason:
        return Refusal("truncated", reason)
    return Refusal("broken", reason)
