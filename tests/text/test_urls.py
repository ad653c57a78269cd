"""Addresses: keys, joining, and what forums wrap around links."""

from __future__ import annotations

import base64
from urllib.parse import quote, urljoin, urlsplit

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from forumcrawl.text import urls
from tests.text.strategies import addresses, base_paths, hosts, queries, slugs

rough = st.one_of(
    st.text(), st.builds("http://{}".format, st.text()), st.builds("https://{}/{}".format, st.text(), st.text())
)
_CLIMBS = ["", "/", "../", "../../", "../../../../../", "./", "//cdn.example/", "?"]


@given(rough, rough)
@example("http://[", "http://[::1")
@example("http://h:99999/", "//h:x/")
@example("http://a\u2100b/", "//[")
@example("https://h/proxy.php?image=%ff", "?")
@example("https://h/redirect/?to=%F0%9F", "\udcff")
@example("https://h/?a=" + "&a=" * 3000, "../" * 3000)
def test_no_text_raises(one: str, other: str) -> None:
    urls.split(one)
    urls.host_key(one)
    urls.forum_key(one, other)
    urls.in_forum(one, other)
    urls.join(one, other)
    urls.join(None, one)
    urls.canonical(one)
    urls.unwrap(one)
    urls.thread_base(one, 12)
    urls.base_path_of_link(one)


@given(rough, rough)
def test_what_join_gives_is_http_with_a_host(base: str, href: str) -> None:
    joined = urls.join(base, href)
    assert joined is None or (joined.startswith(("http://", "https://")) and urlsplit(joined).netloc)


@given(addresses, addresses)
def test_join_keeps_an_address_as_it_is(base: str, address: str) -> None:
    assert urls.join(base, address) == address
    assert urls.join(None, address) == address


@given(addresses, st.sampled_from(_CLIMBS), slugs, queries)
def test_join_is_the_standard_one(base: str, prefix: str, word: str, query: str) -> None:
    href = f"{prefix}{word}{query}"
    assert urls.join(base, href) == urljoin(base, href)


@pytest.mark.parametrize(
    "href",
    [
        "../a/../b/",
        "../a/./b",
        "../.hidden",
        "a/../../b",
        "../a?x=../y",
        "../index.html#post-5",
        "..",
        "../",
        ".",
    ],
)
@pytest.mark.parametrize("base", ["https://f.example/x/y/z/", "https://f.example/x/y?q=/r/s", "https://f.example"])
def test_join_is_the_standard_one_where_it_climbs(base: str, href: str) -> None:
    assert urls.join(base, href) == urljoin(base, href)


def test_join_leaves_the_fragment_of_the_base_out() -> None:
    assert urls.join("https://f.example/x/y#/z", "../a") == "https://f.example/a"


@pytest.mark.parametrize("href", [
    "", "  ", "#top", "tel:1", "ftp://h/x", "http://", "http:///x",
    "javascript:void(0)", "JavaScript:alert(1)", "mailto:a@b.example", "data:image/gif;base64,R0",
])  # fmt: skip
def test_what_leads_nowhere_has_no_address(href: str) -> None:
    assert urls.join("https://f.example/threads/x.1/", href) is None


@given(addresses)
def test_canonical_is_idempotent(address: str) -> None:
    once = urls.canonical(address)
    assert urls.canonical(once) == once


@given(rough)
def test_canonical_of_anything_is_idempotent(text: str) -> None:
    once = urls.canonical(text)
    assert urls.canonical(once) == once


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("HTTPS://Forum.Example:443/Threads/A.1/#post-5", "https://forum.example/Threads/A.1/"),
        ("http://forum.example:80", "http://forum.example/"),
        ("http://forum.example:443/", "http://forum.example:443/"),
        ("https://forum.example/?a=1&b=#x", "https://forum.example/?a=1&b="),
    ],
)
def test_canonical_forms(address: str, canonical: str) -> None:
    assert urls.canonical(address) == canonical


def _proxy(forum: str, name: str, address: str) -> str:
    return f"{forum}/proxy.php?{name}={quote(address, safe='')}&hash=0a1b2c"


def _packed(address: str, *, urlsafe: bool, padded: bool) -> str:
    encode = base64.urlsafe_b64encode if urlsafe else base64.b64encode
    text = encode(address.encode()).decode()
    return text if padded else text.rstrip("=")


@given(addresses, addresses.map(lambda each: each.partition("?")[0].rstrip("/")), st.sampled_from(["image", "link"]))
def test_proxies_unwrap(address: str, forum: str, name: str) -> None:
    assert urls.unwrap(_proxy(forum, name, address)) == address


@given(
    st.one_of(addresses, st.builds("https://h.example/{}".format, st.text(st.characters(codec="utf-8")))),
    hosts,
    st.sampled_from(["/goto/link-confirmation?url=", "/redirect/?to=", "/redirect?to=", "/forum/redirect/?to="]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
def test_base64_routes_unwrap(address: str, host: str, route: str, urlsafe: bool, padded: bool, quoted: bool) -> None:
    packed = _packed(address, urlsafe=urlsafe, padded=padded)
    if not quoted and "+" in packed:
        packed = packed.replace("+", " ")  # what a browser makes of it
    wrapped = f"https://{host}{route}{quote(packed, safe='') if quoted else packed}"
    assert urls.unwrap(wrapped) == address


@given(addresses)
def test_what_is_no_wrapper_is_left_alone(address: str) -> None:
    assume(not urlsplit(address).path.endswith(("/proxy.php", "/redirect", "/goto/link-confirmation")))
    assert urls.unwrap(address) is None


@pytest.mark.parametrize("inner", ["javascript:alert(1)", "data:text/html,x", "/threads/1/", "", "ftp://h/"])
def test_only_web_addresses_come_out_of_a_wrapper(inner: str) -> None:
    assert urls.unwrap(_proxy("https://f.example", "link", inner)) is None
    assert urls.unwrap(f"https://f.example/redirect/?to={_packed(inner, urlsafe=False, padded=True)}") is None


@given(
    hosts,
    base_paths,
    st.sampled_from(["threads/", "t/", "index.php?threads/", "?threads/"]),
    st.one_of(st.just(""), slugs.map("{}.".format)),
    st.integers(1, 10**12),
    st.sampled_from(["", "/", "/page-7", "/post-123", "/latest", "/unread?new=1", "/#post-9", "/?order=x"]),
)
def test_the_base_of_a_thread(host: str, base: str, route: str, slug: str, number: int, rest: str) -> None:
    first = f"https://{host}{base}{route}{slug}{number}/"
    found = urls.thread_base(first.removesuffix("/") + rest, number)
    assert found == first
    assert urls.thread_base(first, number) == first


@pytest.mark.parametrize("path", ["threads/x.123/", "threads/x.12a/", "threads/x-12/", "threads/x12/", ""])
def test_another_threads_address_has_no_base(path: str) -> None:
    assert urls.thread_base(f"https://f.example/{path}", 12) is None


@pytest.mark.parametrize(
    ("address", "base"),
    [
        ("https://f.example/threads/v1.2-notes.2/page-3", "https://f.example/threads/v1.2-notes.2/"),
        ("https://f.example/index.php?threads%2Fx.2%2Fpage-3", "https://f.example/index.php?threads/x.2/"),
        ("https://f.example/threads/x.2/post-2", "https://f.example/threads/x.2/"),
    ],
)
def test_the_base_of_a_thread_with_its_number_elsewhere(address: str, base: str) -> None:
    assert urls.thread_base(address, 2) == base


@pytest.mark.parametrize("origin", ["https://f.example/2/", "https://f.example/board.2/", "https://127.0.0.2/"])
def test_the_base_of_a_thread_whose_number_stands_before_it(origin: str) -> None:
    assert urls.thread_base(f"{origin}threads/two.2/page-3", 2) == f"{origin}threads/two.2/"


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:8080/", True),
        ("http://localhost/x", True),
        ("http://[::1]:90/", True),
        ("https://127.example/", False),
        ("https://forum.example/", False),
    ],
)
def test_which_addresses_name_this_machine(url: str, here: bool) -> None:
    assert urls.is_loopback(url) is here
