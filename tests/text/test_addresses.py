"""Addresses of articles: one form for all that lead to one, and what is left of those that were cut."""

from __future__ import annotations

from urllib.parse import quote, unquote, urlsplit

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from forumcrawl.text.addresses import (
    CutAddress,
    article_address,
    cut_address,
    cut_tail,
    image_uuid,
    matches,
    site_of,
    tail_of,
)
from tests.text.strategies import addresses, queries, slugs

SEED_CUT = "https://www.alarabiya.net/arab-and-...يق-مع-ايران-وتركيا-لتحقيق-الاستقرار-في-سوريا-"
SEED_ADDRESS = (
    "https://www.alarabiya.net/arab-and-world/syria/2024/12/04/"
    "موسكو-تواصل-وثيق-مع-ايران-وتركيا-لتحقيق-الاستقرار-في-سوريا-"
)
UUID = "b2c55502-1679-43f8-b580-1ebaa3c37bd5"

rough = st.one_of(
    st.text(),
    st.builds("http://{}".format, st.text()),
    st.builds("HTTPS://{}/{}?{}".format, st.text(), st.text(), st.text()),
    st.builds("https://www.host.example/{}".format, st.text("%25dDaA/mp.&=?-#ا", max_size=30)),
)
arabic_words = st.text("ابتثجحخدذرزسشصضطظعغفقكلمنهوي", min_size=1, max_size=9)
arabic_slugs = st.lists(arabic_words, min_size=14, max_size=30).map("-".join)
arabic_addresses = st.builds(
    "https://{}/{}/2024/12/04/{}{}".format,
    st.sampled_from(["www.alarabiya.net", "news.example", "www.a-rather-long-name-of-a-site.example", "m.h.example"]),
    st.sampled_from(["arab-and-world", "politics", "أخبار"]),
    arabic_slugs,
    st.sampled_from(["", "-", "/", ".html", "?id=77", "#comments", "/amp", "-?utm_source=twitter"]),
)


def shortened(url: str) -> str:
    """What XenForo shows of an address: decoded where that gives text, and cut in the middle where it is long."""
    try:
        text = unquote(url, errors="strict")
    except UnicodeDecodeError:
        text = url
    return text if len(text) <= 100 else f"{text[:35]}...{text[-45:]}"


@given(rough, rough)
@example("http://[", "http://[::1")
@example("http://h:99999/", "//h:x/")
@example("https://www.google.com/amp/s/", "https://x.cdn.ampproject.org/c/s/h.example")
@example("https://h/%2%35D8", "https://h/%25D8%25")
@example("https://h/" + "..." * 5000, "https://h/" + "/amp" * 3000)
def test_no_text_raises(one: str, other: str) -> None:
    article_address(one)
    site_of(one)
    image_uuid(one)
    tail_of(one)
    cut_tail(one)
    cut_address(one)
    matches(CutAddress(one, other), other)
    matches(CutAddress(one, one), f"https://h.example/{other}")


@given(st.one_of(rough, addresses, arabic_addresses))
@example("https://h.example/%2%35D8%25A7")
@example("https://h.example/amp.html/amp//")
@example("http://www.m.amp.h.example:443/x")
@example("http://user:pw@h.example./a")
def test_an_articles_address_is_its_own_address(url: str) -> None:
    once = article_address(url)
    assert article_address(once) == once
    assert site_of(once) == site_of(url)


@given(
    addresses,
    st.sampled_from(["utm_source=twitter", "UTM_Medium=x", "fbclid=a1", "at_medium=RSS", "ocid=x", "amp", "ref=rss"]),
    st.sampled_from(["", "#top", "#:~:text=a"]),
)
def test_what_tells_how_a_reader_came_splits_no_article(url: str, parameter: str, fragment: str) -> None:
    mark = "&" if "?" in url else "?"
    assert article_address(f"{url}{mark}{parameter}{fragment}") == article_address(url)
    if "?" in url:
        assert article_address(url.replace("?", f"?{parameter}&")) == article_address(url)


@given(addresses, st.sampled_from(["www.", "m.", "amp.", "mobile.", "WWW.", "www.m."]))
def test_host_forms_and_schemes_split_no_article(url: str, prefix: str) -> None:
    scheme, _, rest = url.partition("://")
    end = len(urlsplit(url).netloc)
    assert article_address(f"{scheme.upper()}://{prefix}{rest[:end].upper()}{rest[end:]}") == article_address(url)
    assert article_address(f"http://{rest}") == article_address(f"https://{rest}")


@given(st.text(st.characters(exclude_characters="/?#&=+%", exclude_categories=["C", "Z"]), min_size=1), st.booleans())
def test_an_escaped_letter_and_a_raw_one_are_the_same(text: str, small: bool) -> None:
    assume("amp" not in text)
    escaped = quote(text, safe="")
    given_form = escaped.lower() if small and text == text.lower() else escaped
    assert article_address(f"https://h.example/a-{given_form}-") == article_address(f"https://h.example/a-{text}-")


@given(arabic_slugs)
def test_what_was_escaped_twice_is_the_same_address(slug: str) -> None:
    twice = quote(quote(slug))
    assert article_address(f"https://h.example/{twice}-") == article_address(f"https://h.example/{slug}-")


@given(st.lists(st.tuples(st.sampled_from(["id", "p", "page", "story", "ref"]), st.integers(0, 999)), min_size=1))
def test_what_names_the_article_is_kept_in_order(pairs: list[tuple[str, int]]) -> None:
    query = "&".join(f"{name}={value}" for name, value in pairs)
    assert article_address(f"https://h.example/news.php?{query}") == f"https://h.example/news.php?{query}"


@pytest.mark.parametrize(
    ("url", "address"),
    [
        (SEED_ADDRESS, f"https://alarabiya.net{quote(urlsplit(SEED_ADDRESS).path)}"),
        ("https://www.alarabiya.net/amp/saudi/2023/01/12/a-", "https://alarabiya.net/saudi/2023/01/12/a-"),
        ("https://www.bbc.com/arabic/articles/c0ke1e.amp?at_medium=x", "https://bbc.com/arabic/articles/c0ke1e"),
        ("https://h.example/a/amp/", "https://h.example/a"),
        ("https://h.example/a.amp.html", "https://h.example/a.html"),
        ("https://h.example/a?outputType=amp&id=5", "https://h.example/a?id=5"),
        ("https://h.example/a?amp;id=5&amp;utm_x=1", "https://h.example/a?id=5"),
        ("https://www-h-example.cdn.ampproject.org/c/s/www.h.example/amp/a", "https://h.example/a"),
        ("https://www.google.com/amp/s/amp.h.example/a", "https://h.example/a"),
        ("http://H.example:80", "https://h.example/"),
        ("https://h.example//a//b/", "https://h.example/a/b"),
        ("https://h.example/web/https://g.example/a", "https://h.example/web/https://g.example/a"),
        ("http://127.0.0.3:8123/a/", "https://127.0.0.3:8123/a"),
        ("http://m.co.uk/a", "https://m.co.uk/a"),
        ("https://خبر.example/", "https://xn--ngblk.example/"),
        ("https://h.example/a%2Fb%3f", "https://h.example/a%2Fb%3F"),
        ("https://h.example/amphibious-ship", "https://h.example/amphibious-ship"),
        ("https://h.example/champ", "https://h.example/champ"),
        ("https://h.example/amp", "https://h.example/amp"),
        (" mailto:a@h.example ", "mailto:a@h.example"),
    ],
)  # fmt: skip
def test_the_address_of_an_article(url: str, address: str) -> None:
    assert article_address(url) == address


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.alarabiya.net/a", "alarabiya.net"),
        ("http://english.alarabiya.net:80/a", "english.alarabiya.net"),
        ("http://m.h.example:8080/", "h.example:8080"),
        ("http://[::1]:90/a", "[::1]:90"),
        ("no address", ""),
    ],
)
def test_the_site_of_an_address(url: str, site: str) -> None:
    assert site_of(url) == site


@pytest.mark.parametrize("text", [
    f"{UUID}_16x9_1200x676.jpg",
    f"{UUID.upper()}.JPG",
    f"https://vid.alarabiya.net/images/2024/12/04/{UUID}/{UUID}_16x9_600x338.jpg?width=801&format=jpg",
    f"https://f.example/proxy.php?image=https%3A%2F%2Fvid.alarabiya.net%2F{UUID}.jpg&hash=0a",
    f"00000000-0000-0000-0000-000000000000/{UUID}",
    f"https://h.example/attachments/{UUID}-jpg.991/",
])  # fmt: skip
def test_a_picture_has_the_uuid_of_its_name(text: str) -> None:
    assert image_uuid(text) == UUID


@pytest.mark.parametrize("text", ["", "photo.jpg", "00000000-0000-0000-0000-000000000000.jpg", f"{UUID}0", f"f{UUID}"])
def test_a_picture_without_uuid_has_none(text: str) -> None:
    assert image_uuid(text) is None


def test_the_cut_address_of_a_post_finds_its_article() -> None:
    cut = cut_address(f"\u202a{SEED_CUT}\u202c ")
    assert cut == CutAddress("https://www.alarabiya.net/arab-and-", "يق-مع-ايران-وتركيا-لتحقيق-الاستقرار-في-سوريا-")
    assert cut_tail(SEED_CUT) == tail_of(SEED_ADDRESS) == "ستقرار-في-سوريا-"
    assert matches(cut, SEED_ADDRESS)
    assert matches(cut, f"http://alarabiya.net{quote(urlsplit(SEED_ADDRESS).path)}")
    assert not matches(cut, SEED_ADDRESS.removesuffix("-"))
    assert not matches(cut, SEED_ADDRESS.replace("alarabiya", "alhadath"))


@given(arabic_addresses, st.booleans())
def test_what_xenforo_shows_of_an_address_matches_it(url: str, escaped: bool) -> None:
    given_url = quote(url, safe=":/?=&#") if escaped else url
    shown = shortened(given_url)
    assume("..." in shown)
    cut = cut_address(shown)
    assert cut is not None
    assert matches(cut, given_url)
    assert matches(cut, article_address(given_url))
    assert tail_of(given_url) == cut_tail(shown)


@given(arabic_addresses, arabic_addresses)
def test_a_cut_address_matches_no_other(url: str, other: str) -> None:
    cut = cut_address(shortened(url))
    assume(cut is not None and article_address(url) != article_address(other))
    assert cut is not None
    assume(tail_of(url) != tail_of(other))
    assert not matches(cut, other)


@given(arabic_slugs, st.integers(20, 60), st.integers(20, 60))
def test_a_cut_through_escapes_still_matches(slug: str, head: int, tail: int) -> None:
    url = f"https://h.example/n/{quote(slug)}"
    cut = cut_address(f"{url[: head + 20]}...{url[-tail:]}")
    assert cut is not None
    if tail > 53:  # nine letters of six characters
        assert matches(cut, url)
    assert not matches(cut, url + "x")


@given(arabic_slugs, slugs, queries)
def test_a_tail_is_the_same_for_all_forms(slug: str, word: str, query: str) -> None:
    url = f"https://www.h.example/{word}/{slug}{query}"
    mark = "&" if query else "?"
    assert tail_of(url) == tail_of(article_address(url)) == tail_of(f"{url}{mark}utm_source=x#y")
    assert len(tail_of(url) or "") == 16


@pytest.mark.parametrize("text", [
    "", "...", "https://...", "https://h.example/whole", "words and more... words and more", "see https://h.example/a...b",
    "https://h.example/abcdefgh...", "https://h.example/abcdefgh...end",
    "ftp://h.example/abcdefgh...abcdefghijklm", "https://h.example/some text...abcdefghijklm",
])  # fmt: skip
def test_what_is_no_cut_address(text: str) -> None:
    assert cut_address(text) is None
    assert cut_tail(text) is None


def test_a_cut_with_one_sign_for_three_dots_is_one() -> None:
    assert cut_address("www.h.example/abcdef…ghijklmnop") == CutAddress("www.h.example/abcdef", "ghijklmnop")


def test_short_addresses_have_no_tail() -> None:
    assert tail_of("https://a-long-name-of-a-host.example/short") is None
