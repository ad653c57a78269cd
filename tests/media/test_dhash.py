"""Copies of a picture have nearly the same hash, other pictures another, and keys find what is near."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from PIL import Image

from forumcrawl.media.dhash import NEAR, bands, dhash, distance, keys_near
from forumcrawl.media.inspect import inspect
from forumcrawl.media.verdict import Inspection
from tests.media import drawn

hashes = st.integers(-(2**63), 2**63 - 1)
pictures = st.integers(0, 500).map(drawn.picture)


def hash_of(data: bytes) -> int:
    found = inspect(data)
    assert isinstance(found, Inspection)
    assert found.dhash is not None
    return found.dhash


@settings(max_examples=40)
@given(pictures, st.floats(0.5, 1.5), st.integers(30, 95), st.sampled_from(["JPEG", "WEBP", "AVIF", "PNG", "GIF"]))
def test_a_copy_in_another_size_quality_and_format_is_near(
    image: Image.Image, scale: float, quality: int, form: str
) -> None:
    copy = image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.BICUBIC)
    options = {"quality": quality} if form in ("JPEG", "WEBP", "AVIF") else {}
    assert distance(hash_of(drawn.file(image, "PNG")), hash_of(drawn.file(copy, form, **options))) <= NEAR


def test_other_pictures_are_far() -> None:
    found = [dhash(drawn.picture(seed)) for seed in range(60)]
    apart = [distance(one, other) for one, other in combinations([each for each in found if each is not None], 2)]
    assert len(apart) == 60 * 59 // 2
    assert min(apart) >= 13


@pytest.mark.parametrize("colour", ["white", "black", "#3366cc"])
@pytest.mark.parametrize("quality", [30, 95])
def test_a_picture_of_one_colour_has_no_hash(colour: str, quality: int) -> None:
    found = inspect(drawn.file(Image.new("RGB", (300, 200), colour), "JPEG", quality=quality))
    assert isinstance(found, Inspection)
    assert found.dhash is None


def test_a_picture_that_only_changes_downwards_has_no_hash() -> None:
    assert dhash(Image.linear_gradient("L")) is None
    assert dhash(Image.linear_gradient("L").rotate(90)) is not None


def test_what_cannot_be_seen_has_no_part_in_a_hash() -> None:
    image = Image.merge("RGBA", (*drawn.picture(1).split(), Image.new("L", (480, 320), 0)))
    assert dhash(image) is None


@given(pictures)
@settings(max_examples=20)
def test_a_hash_fits_a_signed_64_bit_integer(image: Image.Image) -> None:
    found = dhash(image)
    assume(found is not None)
    assert found is not None
    assert -(2**63) <= found < 2**63


@given(hashes, st.sets(st.integers(0, 63), max_size=7))
def test_hashes_that_are_near_are_found_by_a_key(one: int, flipped: set[int]) -> None:
    bits = one & (2**64 - 1)
    for bit in flipped:
        bits ^= 1 << bit
    other = bits - (bits >> 63 << 64)
    assert distance(one, other) == len(flipped)
    assert set(keys_near(one, 7)) & set(bands(other))


def test_keys_promise_nothing_beyond_a_distance_of_seven() -> None:
    assert len({*keys_near(5, 7)}) == 68
    with pytest.raises(ValueError, match="not 8"):
        keys_near(5, 8)


@given(hashes, hashes)
def test_keys_say_their_place_and_together_the_whole_hash(one: int, other: int) -> None:
    assert len(set(bands(one))) == 4
    assert (bands(one) == bands(other)) == (one == other)
    assert set(bands(one)) <= set(range(4 << 16))


@given(hashes, hashes, hashes)
def test_distance_is_a_distance(one: int, other: int, third: int) -> None:
    assert distance(one, other) == distance(other, one) <= 64
    assert (distance(one, other) == 0) == (one == other)
    assert distance(one, third) <= distance(one, other) + distance(other, third)
