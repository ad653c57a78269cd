"""What files are said to be: hostile ones get their outcome, good ones their facts, and nothing raises."""

from __future__ import annotations

import hashlib
import struct
import subprocess
import sys
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from forumcrawl.media.dhash import NEAR, distance
from forumcrawl.media.inspect import inspect
from forumcrawl.media.verdict import Inspection, Limits, Refusal
from tests.media import drawn
from tests.media.hostile import ALL, CASES, KEPT, POLYGLOTS, STRANGE, Case

_FORMATS = {"JPEG": "jpg", "PNG": "png", "GIF": "gif", "WEBP": "webp", "AVIF": "avif", "BMP": "bmp", "TIFF": "tif"}
_PEAK = 600_000_000
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # what Pillow says of spoilt metadata
_INSPECT_ALL = """
from pathlib import Path
from forumcrawl.media.inspect import inspect
from tests.media.hostile import ALL
for case in ALL:
    inspect(case.make())
# Not from getrusage: that begins with what the process that started this one took.
print(1024 * int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]))
"""


def kept(data: bytes, limits: Limits | None = None) -> Inspection:
    found = inspect(data, limits or Limits())
    assert isinstance(found, Inspection), found
    return found


def refused(data: bytes, limits: Limits | None = None) -> Refusal:
    found = inspect(data, limits or Limits())
    assert isinstance(found, Refusal), found
    return found


def shown(found: Inspection) -> Image.Image:
    assert found.thumbnail is not None
    return Image.open(BytesIO(found.thumbnail))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_hostile_file_gets_its_outcome(case: Case) -> None:
    found = refused(case.make())
    assert found.outcome == case.outcome
    assert case.says in found.reason


@pytest.mark.parametrize("case", [*POLYGLOTS, *STRANGE], ids=lambda case: case.name)
def test_a_strange_picture_is_kept_as_what_it_is(case: Case) -> None:
    data = case.make()
    found = kept(data)
    assert (case.outcome, found.format, found.bytes) == (KEPT, case.says, len(data))


@pytest.mark.parametrize("case", POLYGLOTS, ids=lambda case: case.name)
def test_what_stands_behind_a_picture_is_counted(case: Case) -> None:
    data = case.make()
    alone = kept(data[: len(data) - kept(data).trailing])
    assert alone.trailing == 0
    assert 0 < kept(data).trailing < 500


def test_all_hostile_files_together_stay_below_600_megabytes() -> None:
    peak = subprocess.run([sys.executable, "-c", _INSPECT_ALL], check=True, capture_output=True, timeout=100).stdout
    assert len(ALL) > 60
    assert int(peak) < _PEAK


@pytest.mark.parametrize(("form", "extension"), _FORMATS.items())
def test_a_picture_of_each_format_gives_its_facts(form: str, extension: str) -> None:
    data = drawn.file(drawn.picture(3), form)
    found = kept(data)
    assert (found.format, found.extension) == (form.lower(), extension)
    assert (found.width, found.height, found.frames, found.trailing) == (480, 320, 1, 0)
    assert (found.sha256, found.bytes) == (hashlib.sha256(data).hexdigest(), len(data))
    assert shown(found).size == (320, 213)


def test_the_largest_picture_of_an_icon_counts() -> None:
    found = kept(drawn.file(drawn.picture(3, 64, 64), "ICO", sizes=[(16, 16), (64, 64)]))
    assert (found.format, found.width, found.height) == ("ico", 64, 64)


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_the_frames_of_an_animation_are_counted_and_the_first_is_shown(form: str) -> None:
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "lime", "blue")]
    found = kept(drawn.file(frames[0], form, save_all=True, append_images=frames[1:]))
    assert found.frames == 3
    assert shown(found).convert("RGB").getpixel((20, 20)) == pytest.approx((255, 0, 0), abs=4)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_png_of_each_mode_has_a_small_form_and_a_hash(mode: str) -> None:
    grey = drawn.picture(5).convert("L")
    image = grey.convert("I").point(lambda level: level * 256).convert("I;16") if mode == "I;16" else grey.convert(mode)
    found, plain = kept(drawn.file(image, "PNG")), kept(drawn.file(grey, "PNG"))
    assert found.dhash is not None
    assert plain.dhash is not None
    assert distance(found.dhash, plain.dhash) <= (20 if mode == "1" else NEAR)


@pytest.mark.parametrize(("mode", "form"), [("CMYK", "JPEG"), ("CMYK", "TIFF"), ("F", "TIFF"), ("I", "TIFF")])
def test_modes_of_print_and_of_science_are_read(mode: str, form: str) -> None:
    assert kept(drawn.file(drawn.picture(5).convert("L").convert(mode), form)).dhash is not None


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_picture_is_described_as_it_is_shown(form: str, orientation: int) -> None:
    image = drawn.picture(9, 120, 60)
    stored = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}.get(orientation)  # the turn that undoes it
    exif = Image.Exif()
    exif[0x0112] = orientation
    turned = image if stored is None else image.transpose(Image.Transpose(stored))
    found, plain = kept(drawn.file(turned, form, exif=exif)), kept(drawn.file(image, "PNG"))
    assert (found.width, found.height, shown(found).size) == (120, 60, (120, 60))
    assert found.dhash is not None
    assert plain.dhash is not None
    assert distance(found.dhash, plain.dhash) <= NEAR


def test_a_small_form_has_no_metadata() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    found = kept(drawn.file(drawn.picture(1), "WEBP", exif=exif, icc_profile=b"profile" * 90))
    assert found.thumbnail is not None
    assert b"home" not in found.thumbnail
    assert b"profile" not in found.thumbnail


def test_a_small_form_is_never_larger_than_the_picture() -> None:
    assert shown(kept(drawn.file(drawn.picture(1, 50, 40), "PNG"))).size == (50, 40)


@pytest.mark.parametrize(("width", "outcome"), [(100, KEPT), (101, "too_large")])
def test_the_limit_of_pixels_is_itself_allowed(width: int, outcome: str) -> None:
    found = inspect(drawn.file(Image.new("RGB", (width, 100)), "PNG"), Limits(pixels=10_000))
    assert getattr(found, "outcome", KEPT) == outcome


@pytest.mark.parametrize("form", ["WEBP", "AVIF"])
def test_formats_whose_decoders_hold_copies_have_half_the_limit(form: str) -> None:
    limits = Limits(pixels=10_000)
    assert kept(drawn.file(Image.new("RGB", (50, 100)), form), limits).width == 50
    assert refused(drawn.file(Image.new("RGB", (51, 100)), form), limits).outcome == "too_large"


def test_an_animation_may_have_as_many_frames_as_the_limit() -> None:
    assert kept(drawn.gif(1, 1, *[drawn.gif_frame()] * 9), Limits(frames=9)).frames == 9
    assert refused(drawn.gif(1, 1, *[drawn.gif_frame()] * 10), Limits(frames=9)).outcome == "too_large"


def test_pages_of_a_tiff_that_lead_in_a_circle_end() -> None:
    data = bytearray(drawn.tiff(1, 1))
    struct.pack_into("<I", data, len(data) - 4, 12)
    assert kept(bytes(data)).frames == 1


def test_the_size_of_an_svg_is_what_it_says() -> None:
    assert (kept(drawn.svg("")).width, kept(drawn.svg("")).height) == (40, 30)
    assert kept(drawn.svg("", 'viewBox="0 0 24,18"')).height == 18
    assert (kept(drawn.svg("", 'width="100%"')).width, kept(drawn.svg("")).thumbnail) == (0, None)


_FILES = [drawn.file(drawn.picture(2, 48, 32), form) for form in (*_FORMATS, "ICO")]
_FILES += [drawn.svg("<g/>"), drawn.gif(2, 2, drawn.gif_frame()), drawn.tiff(2, 2, 2), drawn.webp(2, 2)]


@settings(max_examples=300)
@given(st.sampled_from(_FILES), st.lists(st.tuples(st.integers(0, 600), st.binary(min_size=1, max_size=6)), max_size=5))
def test_no_spoilt_picture_raises(data: bytes, changes: list[tuple[int, bytes]]) -> None:
    spoilt = bytearray(data)
    for at, change in changes:
        spoilt[at : at + len(change)] = change
    inspect(bytes(spoilt), Limits(pixels=1_000_000))


@given(st.sampled_from(_FILES), st.floats(0, 0.95))
def test_no_cut_picture_is_kept_as_whole(data: bytes, share: float) -> None:
    found = inspect(data[: int(len(data) * share)])
    assert not isinstance(found, Inspection) or found.format in ("tiff", "gif")


@given(st.binary(max_size=300), st.sampled_from([data[:12] for data in _FILES]))
def test_no_bytes_behind_the_beginning_of_a_picture_raise(data: bytes, beginning: bytes) -> None:
    inspect(beginning + data, Limits(pixels=1_000_000))
    inspect(data)
