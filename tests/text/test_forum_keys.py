"""Which forum an address belongs to."""

from __future__ import annotations

import pytest
from hypothesis import given

from forumcrawl.text import urls
from tests.text.strategies import base_paths, hosts, ports, slugs


@given(hosts, ports, base_paths)
def test_one_forum_has_one_key(host: str, port: str, base: str) -> None:
    keys = {
        urls.forum_key(f"{scheme}://{www}{case}{port}{path}", base)
        for scheme in ("http", "https")
        for www in ("", "www.", "WWW.")
        for case in (host, host.upper())
        for path in ("", "/", "/threads/x.1/page-2?a=b#c")
    }
    assert keys == {f"{host}{port}{base.rstrip('/')}"}


def test_a_port_that_is_the_schemes_own_does_not_split_a_forum() -> None:
    own = ("http://f.example:80/", "https://f.example:443/", "https://f.example")
    assert {urls.forum_key(each) for each in own} == {"f.example"}
    assert urls.forum_key("https://f.example:80/") == "f.example:80"
    assert urls.forum_key("http://[::1]:8080/") == "[::1]:8080"


@given(hosts, ports, base_paths, slugs)
def test_pages_of_a_forum_lie_in_it(host: str, port: str, base: str, slug: str) -> None:
    key = urls.forum_key(f"https://{host}{port}{base}", base)
    assert urls.in_forum(f"http://www.{host}{port}{base}threads/{slug}.1/", key)
    assert urls.in_forum(f"https://{host}{port}{base}", key)


@pytest.mark.parametrize(
    ("address", "forum"),
    [
        ("http://evil.example/forum.example/", "forum.example"),
        ("https://forum.example.evil.example/", "forum.example"),
        ("https://notforum.example/", "forum.example"),
        ("https://sub.forum.example/", "forum.example"),
        ("https://forum.example@evil.example/", "forum.example"),
        ("https://forum.example:pw@evil.example/", "forum.example"),
        ("https://forum.example:8080/", "forum.example"),
        ("https://forum.example/", "forum.example:8080"),
        ("https://evil.example#@forum.example/", "forum.example"),
        ("https://evil.example/?u=https://forum.example/", "forum.example"),
        ("https://forum.example/forums/x.1/", "forum.example/forum"),
        ("https://forum.example/", "forum.example/forum"),
        ("https://forum.example/Forum/", "forum.example/forum"),
        ("ftp://forum.example/", "forum.example"),
        ("javascript://forum.example/%0aalert(1)", "forum.example"),
        ("//forum.example/", "forum.example"),
        ("/threads/x.1/", ""),
        ("", "forum.example"),
    ],
)
def test_what_lies_outside_a_forum(address: str, forum: str) -> None:
    assert not urls.in_forum(address, forum)


@pytest.mark.parametrize(
    ("address", "forum"),
    [
        ("https://user:pw@forum.example/x", "forum.example"),
        ("HTTPS://FORUM.EXAMPLE/x", "forum.example"),
        ("https://forum.example/forum", "forum.example/forum"),
        ("https://forum.example/forum?threads/x.1/", "forum.example/forum"),
        ("https://forum.example:443/", "forum.example"),
    ],
)
def test_what_lies_in_a_forum(address: str, forum: str) -> None:
    assert urls.in_forum(address, forum)


@pytest.mark.parametrize(
    "address", ["https://forum.example/forum/../admin/", "https://forum.example/forum/%2e%2e/admin/"]
)
def test_dots_do_not_lead_out_of_a_base_path(address: str) -> None:
    assert not urls.in_forum(address, "forum.example/forum")


@pytest.mark.parametrize(
    ("address", "base"),
    [
        ("https://f.example/threads/x.1/", "/"),
        ("https://f.example/forum/threads/x.1/", "/forum/"),
        ("https://f.example/a/b/t/x.1", "/a/b/"),
        ("https://f.example/index.php?threads/x.1/", "/"),
        ("https://f.example/forum/index.php?threads/x.1/page-2", "/forum/"),
        ("https://f.example/", "/"),
        ("https://f.example/forum/", "/forum/"),
    ],
)
def test_base_path_from_a_link(address: str, base: str) -> None:
    assert urls.base_path_of_link(address) == base
