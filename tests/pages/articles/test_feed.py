"""Feeds and section pages: what they tell of articles, and nothing from what is neither."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumcrawl.items.article import Article, Picture
from forumcrawl.items.validate import fault
from forumcrawl.pages.articles.feed import day_of, linked_articles, read_feed

FEED = "https://www.ships.example/feed/rss2/ar.xml"
UUID = "1f0c2d3e-4a5b-6c7d-8e9f-0a1b2c3d4e5f"
NAMES = (
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
)
LINK = "<link>https://www.ships.example/a</link>"


def rss(*items: str) -> bytes:
    """An RSS 2.0 feed of these items."""
    entries = "".join(f"<item>{each}</item>" for each in items)
    return f'<?xml version="1.0"?><rss version="2.0" {NAMES}><channel>{entries}</channel></rss>'.encode()


def atom(*entries: str) -> bytes:
    """An Atom feed of these entries."""
    inside = "".join(f"<entry>{each}</entry>" for each in entries)
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {NAMES}>{inside}</feed>'.encode()


def only(feed: bytes, url: str = FEED) -> Article:
    """The one article of a feed."""
    (found,) = read_feed(feed, url)
    return found


def test_an_rss_item_is_an_article_whose_page_is_still_to_be_read() -> None:
    found = only(
        rss(
            "<title>سفينة تصل</title><link>https://www.ships.example/arab/2024/12/04/سفينة-</link>"
            "<description>وصلت إلى الميناء.</description><dc:creator>Layla Haddad</dc:creator>"
            "<pubDate>Wed, 04 Dec 2024 19:40:00 +0300</pubDate><category>الميناء</category>"
        )
    )
    assert (found.headline, found.subtitle, found.text) == ("سفينة تصل", "وصلت إلى الميناء.", "وصلت إلى الميناء.")
    assert (found.site, found.origin, found.outcome) == ("ships.example", "feed", "pending")
    assert found.key == f"https://ships.example/arab/2024/12/04/{quote('سفينة-')}"
    assert (found.authors, found.section) == (["Layla Haddad"], "الميناء")
    assert (found.published_at, found.published_to) == (datetime(2024, 12, 4, 16, 40, tzinfo=UTC), "minute")
    assert found.published_raw == "Wed, 04 Dec 2024 19:40:00 +0300"
    assert found.provenance == dict.fromkeys(
        ("headline", "subtitle", "authors", "published_at", "section", "text"), "feed"
    )


def test_an_atom_entry_has_its_address_in_an_attribute() -> None:
    found = only(
        atom(
            '<link rel="replies" href="/comments/1"/><link rel="alternate" href="/2024/12/04/ship"/>'
            "<title>A ship</title><summary>Arrived.</summary><updated>2024-12-05T08:00:00Z</updated>"
            "<published>2024-12-04T16:40:00Z</published><content type='html'>&lt;p&gt;One&lt;/p&gt;Two</content>"
        )
    )
    assert found.url == "https://www.ships.example/2024/12/04/ship"
    assert found.published_at == datetime(2024, 12, 4, 16, 40, tzinfo=UTC)
    assert (found.headline, found.subtitle, found.text) == ("A ship", "Arrived.", "One\nTwo")


def test_atom_content_that_is_markup_itself_is_read_too() -> None:
    content = '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One</p><p>Two</p></div></content>'
    assert only(atom(f'<link href="/a"/>{content}')).text == "One\nTwo"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<![CDATA[<p>One &amp; <b>two</b></p><p>three</p>]]>", "One & two\nthree"),
        ("&lt;p&gt;One&lt;/p&gt;&lt;p&gt;three&lt;/p&gt;", "One\nthree"),
        ("<![CDATA[One<br/>two]]>", "One\ntwo"),
        ("<![CDATA[Before<p>in it</p>after]]>", "Before\nin it\nafter"),
        ("<![CDATA[One<script>var two = 2</script>]]>", "One"),
        ("plain  text\n on two lines", "plain text on two lines"),
        ("Salt &amp;amp; &amp;quot;pepper&amp;quot;", 'Salt & "pepper"'),
        ("<![CDATA[a < b]]>", "a < b"),
    ],
)
def test_escaped_html_becomes_paragraphs(markup: str, text: str) -> None:
    assert only(rss(f"{LINK}<content:encoded>{markup}</content:encoded>")).text == text


def test_the_whole_text_is_kept_beside_the_summary() -> None:
    found = only(rss(f"{LINK}<description>Short.</description><content:encoded>Long.</content:encoded>"))
    assert (found.subtitle, found.text) == ("Short.", "Long.")


def test_pictures_have_their_identity() -> None:
    found = only(
        rss(
            f'{LINK}<media:content url="/images/{UUID}/{UUID}_16x9.jpg" medium="image"/>'
            f'<media:group><media:content url="https://cdn.example/b.jpg" type="image/jpeg"/></media:group>'
            '<media:content url="https://cdn.example/v.mp4" medium="video"/>'
            '<enclosure url="https://cdn.example/s.mp3" type="audio/mpeg"/>'
            '<enclosure url="https://cdn.example/b.jpg" type="image/jpeg"/><media:thumbnail url=""/>'
        )
    )
    assert found.images[0] == Picture(url=f"https://www.ships.example/images/{UUID}/{UUID}_16x9.jpg", source_uuid=UUID)
    assert [each.url for each in found.images[1:]] == ["https://cdn.example/b.jpg"]


def test_relative_links_are_those_of_the_feeds_site() -> None:
    assert only(rss("<link> /a/b?x=1 </link>")).url == "https://www.ships.example/a/b?x=1"


@pytest.mark.parametrize("link", ["", "mailto:a@b.example", "http://", "http://[x/", "javascript:1"])
def test_an_entry_without_an_address_is_none(link: str) -> None:
    assert read_feed(rss(f"<link>{link}</link><title>T</title>"), FEED) == []


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("<dc:date>2024-12-04T19:40:00+03:00</dc:date>", datetime(2024, 12, 4, 16, 40, tzinfo=UTC)),
        ("<pubDate>04 Dec 2024</pubDate>", datetime(2024, 12, 4, tzinfo=UTC)),
        ("<pubDate>soon</pubDate>", None),
        ("", None),
    ],
)
def test_dates_that_say_none_are_none(written: str, at: datetime | None) -> None:
    found = only(rss(LINK + written))
    assert found.published_at == at
    assert found.published_raw == ("soon" if "soon" in written else found.published_raw)


def test_a_lone_name_is_an_agency_and_no_author() -> None:
    assert only(rss(f"{LINK}<dc:creator>Reuters</dc:creator>")).authors == []


def test_a_feed_with_faults_is_read_as_far_as_it_goes() -> None:
    broken = rss(f"{LINK}<title>One &nbsp; &bad; two</title>", LINK.replace("/a<", "/b<")).replace(b"</channel>", b"")
    assert [each.url for each in read_feed(broken, FEED)] == [
        "https://www.ships.example/a",
        "https://www.ships.example/b",
    ]


def test_entities_of_a_feed_are_not_expanded() -> None:
    nested = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE rss [<!ENTITY e0 "boom">{nested}]>'.encode() + rss(f"{LINK}<title>&e9;</title>")[21:]
    before = time.process_time()
    assert all(len(each.headline or "") < 100 for each in read_feed(bomb, FEED))
    assert time.process_time() - before < 1


@pytest.mark.parametrize(
    "body",
    [b"", b" ", b"<!-- -->", b"<?xml version='1.0'?>", b"<!DOCTYPE html>", b"\0\0", b"<html></html>", b"\xff\xfe"],
)
def test_what_is_no_feed_and_no_page_gives_nothing(body: bytes) -> None:
    assert read_feed(body, FEED) == []
    assert linked_articles(body, FEED) == []


@given(st.binary(max_size=300), st.text(max_size=20))
def test_any_bytes_are_read(body: bytes, url: str) -> None:
    read_feed(body, url)
    linked_articles(body, url)
    linked_articles(b"<p>" + body, f"https://x.example/{url}")


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60), st.sampled_from(["link", "title", "pubDate"])
)
def test_whatever_a_field_holds_the_article_is_valid(text: str, name: str) -> None:
    for inside in (f"<![CDATA[{text.replace(']]', '')}]]>", text):
        for found in read_feed(rss(f"{LINK if name != 'link' else ''}<{name}>{inside}</{name}>"), FEED):
            assert fault(found) is None


@given(st.integers(0, 10**6), st.sampled_from([b"", b"<p>", b"\xff", b"]]>", b"<item>", b"&", b"\0"]))
def test_a_feed_spoilt_anywhere_is_read(place: int, put: bytes) -> None:
    whole = rss(f"{LINK}<title>T</title><description>&lt;p&gt;D&lt;/p&gt;</description><pubDate>4 Dec 2024</pubDate>")
    place %= len(whole)
    read_feed(whole[:place] + put + whole[place + 3 :], FEED)


# --- section pages -------------------------------------------------------------------------------------------------


def test_a_section_page_links_articles_once_in_page_order() -> None:
    page = """<a href="/arab/2024/12/05/b">B</a><a href="https://www.ships.example/arab/2024/12/04/a-#comments">A</a>
<a href="http://ships.example/arab/2024/12/05/b?utm_source=x">B again</a><a>no address</a><a href="http://[x/">x</a>
<a href="/arab/about">about</a><a href="https://other.example/2024/12/04/c">other site</a>"""
    assert linked_articles(page.encode(), "https://www.ships.example/arab/") == [
        "https://www.ships.example/arab/2024/12/05/b",
        "https://www.ships.example/arab/2024/12/04/a-#comments",
    ]


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/arab/2024/12/04/slug", datetime(2024, 12, 4, tzinfo=UTC)),
        ("/2024/1/9", datetime(2024, 1, 9, tzinfo=UTC)),
        ("/2024/13/04/then/2023/02/03/", datetime(2023, 2, 3, tzinfo=UTC)),
        ("/2024", None),
        ("/2024/12/", None),
        ("/2024/12/slug", None),
        ("/2024/13/04/", None),
        ("/2024/02/30/", None),
        ("/2024/12/045/", None),
        ("/12/04/2024/", None),
        ("/20241/2/04/", None),
        ("/a?at=/2024/12/04/", None),
        ("/a#/2024/12/04/", None),
        ("/٢٠٢٤/١٢/٠٤/", None),
        ("", None),
    ],
)
def test_the_day_in_an_address(path: str, day: datetime | None) -> None:
    assert day_of(f"https://ships.example{path}") == day


@given(st.datetimes(datetime(2000, 1, 1), datetime(2026, 1, 1)))
def test_every_day_that_an_address_tells_is_read(moment: datetime) -> None:
    told = moment.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=UTC)
    assert day_of(f"https://x.example/a/{moment:%Y/%m/%d}/b") == told
