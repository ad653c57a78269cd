from __future__ import annotations

import hashlib
import re
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumcrawl.storage.files.paths import THUMBNAILS, checked, digest_of, is_path, path_of, thumbnail_path_of

HASHES = st.binary(max_size=8).map(lambda data: hashlib.sha256(data).hexdigest())
EXTENSIONS = st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True)
SHA256 = hashlib.sha256(b"").hexdigest()


def test_a_picture_lies_two_folders_deep_under_its_hash() -> None:
    assert path_of(SHA256, "jpg") == f"e3/b0/{SHA256}.jpg"
    assert thumbnail_path_of(SHA256) == f"thumbnails/e3/b0/{SHA256}.webp"


@given(HASHES, EXTENSIONS)
def test_every_path_made_is_taken_and_tells_its_hash(sha256: str, extension: str) -> None:
    for path in (path_of(sha256, extension), thumbnail_path_of(sha256)):
        assert is_path(path)
        assert checked(path) == path
        assert digest_of(path) == sha256


@given(st.lists(HASHES, min_size=2, max_size=5))
def test_paths_sort_as_their_hashes_do_and_thumbnails_behind_pictures(hashes: list[str]) -> None:
    assert sorted(path_of(each, "png") for each in hashes) == [path_of(each, "png") for each in sorted(hashes)]
    assert all(path_of(each, "zzz") < THUMBNAILS < thumbnail_path_of(each) for each in hashes)


@given(st.text() | st.from_regex(r"(thumbnails/)?[0-9a-f./]{1,90}"))
def test_whatever_text_is_taken_stays_below_the_root(text: str) -> None:
    if is_path(text):
        assert ".." not in PurePosixPath(text).parts
        assert re.fullmatch(r"[a-z0-9/]+\.[a-z0-9]+", text)
    else:
        with pytest.raises(ValueError, match="not a path of the store"):
            checked(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "../e3/b0/x.jpg",
        f"/e3/b0/{SHA256}.jpg",
        f"e3/b1/{SHA256}.jpg",
        f"e3/b0/{SHA256}",
        f"e3/b0/{SHA256}.jpg\n",
        f"e3/b0/{SHA256}.jpg/../../../x",
        f"e3/b0/{SHA256.upper()}.jpg",
        f"other/e3/b0/{SHA256}.jpg",
        f"e3/b0/{SHA256}.tar.gz",
    ],
)
def test_other_shapes_are_not_taken(text: str) -> None:
    assert not is_path(text)


@pytest.mark.parametrize(
    ("sha256", "extension"),
    [("", "jpg"), (SHA256[:-1], "jpg"), (SHA256.upper(), "jpg"), (SHA256, ""), (SHA256, "../x"), (SHA256, ".jpg")],
)
def test_no_path_is_made_of_what_is_no_hash_or_extension(sha256: str, extension: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        path_of(sha256, extension)
