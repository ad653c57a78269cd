"""Requests that name the same thing are the same, whatever their address."""

from __future__ import annotations

from scrapy import Request
from scrapy.utils.request import fingerprint

from forumcrawl.download.fingerprint import IDENTITY, IdentityFingerprinter

URL = "https://forum.example/threads/a.7/"


def made(url: str, identity: str | None = None) -> bytes:
    meta = {} if identity is None else {IDENTITY: identity}
    return IdentityFingerprinter().fingerprint(Request(url, meta=meta))


def test_an_identity_counts_and_the_address_does_not() -> None:
    assert made(URL, "f/thread/7/page/1") == made("https://forum.example/threads/b.7/", "f/thread/7/page/1")
    assert made(URL, "f/thread/7/page/1") != made(URL, "f/thread/7/page/2")
    assert made(URL, "ف") != made(URL)
    assert len(made(URL, "ف")) == 20


def test_without_an_identity_the_address_counts_as_scrapy_has_it() -> None:
    assert made(URL) == fingerprint(Request(URL))
    assert made(f"{URL}?a=1&b=2") == made(f"{URL}?b=2&a=1#x")
    assert made(URL) != made("https://forum.example/threads/b.7/")


def test_a_request_keeps_its_identity_on_its_way() -> None:
    first = Request(URL, meta={IDENTITY: "f/thread/7/page/1"})
    redirected = first.replace(url="https://forum.example/threads/new.7/")
    assert IdentityFingerprinter().fingerprint(first) == IdentityFingerprinter().fingerprint(redirected)
