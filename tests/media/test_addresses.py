"""Which addresses of a picture are tried, and what each server learns of the page."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumcrawl.media.addresses import candidates, referer_for

_PICTURE = "https://pictures.example/a/b.jpg?width=900"
_PROXY = f"https://forum.example/proxy.php?image={quote(_PICTURE, safe='')}&hash=1f2e"


def test_the_original_comes_before_the_forums_copy() -> None:
    assert candidates(_PICTURE, _PROXY) == [_PICTURE, _PROXY]


def test_a_proxys_address_alone_leads_to_the_original_first() -> None:
    assert candidates(_PROXY) == candidates(_PROXY, _PROXY) == [_PICTURE, _PROXY]


def test_an_address_is_tried_once_and_without_its_fragment() -> None:
    assert candidates(f"{_PICTURE}#top", _PICTURE) == [_PICTURE]


@pytest.mark.parametrize(
    "url", ["", "data:image/gif;base64,R0lGOD", "javascript:1", "/a.jpg", "ftp://a.example/b", "http://["]
)
def test_what_is_no_http_address_is_not_tried(url: str) -> None:
    assert candidates(url) == []
    assert candidates(url, _PROXY) == [_PROXY]
    assert referer_for(url, "https://forum.example/") is None
    assert referer_for(_PICTURE, url) is None


@pytest.mark.parametrize(
    ("url", "page", "expected"),
    [
        ("https://forum.example/a.jpg", "https://forum.example/t/1/?p=2#post-3", "https://forum.example/t/1/?p=2"),
        ("https://www.forum.example/a.jpg", "https://forum.example", "https://forum.example/"),
        ("https://other.example/a.jpg", "https://forum.example/t/1/", "https://forum.example/"),
        ("https://other.example/a.jpg", "http://forum.example/t/1/", "http://forum.example/"),
        ("http://other.example/a.jpg", "https://forum.example/t/1/", None),
        ("http://127.0.0.1:80/a.jpg", "http://127.0.0.1:81/t/1/", "http://127.0.0.1:81/"),
        ("https://forum.example/a.jpg", "https://me:secret@forum.example/t/", "https://forum.example/t/"),
    ],
)
def test_the_page_is_told_to_its_own_site_and_its_origin_to_others(url: str, page: str, expected: str | None) -> None:
    assert referer_for(url, page) == expected


@given(st.text(), st.text())
def test_no_text_raises(one: str, other: str) -> None:
    candidates(one, other)
    candidates(f"https://{one}", f"https://a.example/proxy.php?image={other}")
    referer_for(one, other)
    referer_for(f"https://{one}", f"https://{other}")
