"""Addresses of the crawler's own network, and who may name them."""

from __future__ import annotations

import asyncio

import pytest
from scrapy import Request

from forumcrawl.download.private import SHOWN_BY, PrivateAddress, PrivateAddressMiddleware, is_private
from forumcrawl.download.retry import SOURCE

NAMES = {
    "public.example": "93.184.215.14",
    "inside.example": "10.0.0.7",
    "localhost": "127.0.0.1",
    "127.1": "127.0.0.1",
}
PUBLIC, INSIDE = "https://public.example/threads/1/", "https://inside.example/threads/1/"


async def resolve(host: str) -> str:
    if host not in NAMES:
        raise OSError("no such name")
    return NAMES[host]


def refused(url: str, shown_by: str | None, *, source: bool = True) -> bool:
    request = Request(url, meta={SOURCE: source, SHOWN_BY: shown_by})
    try:
        asyncio.run(PrivateAddressMiddleware(resolve).process_request(request))
    except PrivateAddress:
        return True
    return False


@pytest.mark.parametrize(
    ("host", "private"),
    [
        *(("127.0.0.1", True), ("10.1.2.3", True), ("192.168.0.1", True), ("172.31.0.1", True)),
        *(("169.254.169.254", True), ("100.64.0.1", True), ("0.0.0.0", True), ("224.0.0.1", True)),
        *(("::1", True), ("fe80::1", True), ("fe80::1%eth0", True), ("fd00::1", True), ("::ffff:10.0.0.1", True)),
        *(("8.8.8.8", False), ("172.32.0.1", False), ("2606:4700::1111", False), ("::ffff:8.8.8.8", False)),
        *(("forum.example", None), ("", None)),
    ],
)
def test_which_addresses_are_private(host: str, private: bool | None) -> None:
    assert is_private(host) is private


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/a.jpg",
        "http://127.1/a.jpg",
        "http://[::1]:8080/a.jpg",
        "http://169.254.169.254/latest/meta-data",
        "http://localhost:9200/",
        "https://inside.example/a.jpg",
    ],
)
def test_a_public_page_and_one_of_which_nothing_is_known_cannot_name_them(url: str) -> None:
    assert refused(url, PUBLIC)
    assert refused(url, None)
    assert not refused(url, INSIDE)
    assert not refused(url, "http://127.0.0.1:8000/threads/1/")


@pytest.mark.parametrize("url", ["https://public.example/a.jpg", "https://8.8.8.8/a.jpg", "https://nowhere.example/"])
def test_public_addresses_and_names_without_one_pass(url: str) -> None:
    assert not refused(url, PUBLIC)


def test_pages_of_the_forum_itself_pass() -> None:
    assert not refused("http://127.0.0.1/threads/1/", None, source=False)
