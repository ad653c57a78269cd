"""Which address a post names as its source."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumcrawl.citing.source_link import NamedSource, Why, source_of, sources_of
from forumcrawl.items.forum import Post
from tests.citing.samples import ARTICLE, FORUM, OTHER, TWEET, link, post_of, prose
from tests.pages.body import read
from tests.text.test_addresses import SEED_CUT

COPIED = prose(1, 60)
CARD = "unfurl"


def urls_of(post: Post) -> list[str | None]:
    return [each.url for each in sources_of(post)]


@pytest.mark.parametrize("line", [
    "المصدر: {}", "المصدر : {}", "**المصدر:** {}", "المصدر\n{}", "المصدر:\n\n{}", "مصدر الخبر: {}", "نقلا عن: {}",
    "عن: {}", "رابط الخبر {}", "(المصدر: {})", "Source: {}", "via {}", "Read more: {}", "Quelle: {}", "Источник: {}",
    "Kaynak: {}", "المصدر: العربية نت {}", "المصدر: 👇\n{}", "المصدر:\n1- {}",
])  # fmt: skip
def test_a_labelled_link_is_the_source(line: str) -> None:
    assert sources_of(post_of(f"{COPIED}\n{line.format(OTHER)}", link(OTHER))) == [NamedSource(OTHER, None, "label")]
    named = post_of(f"{COPIED}\n{line.format('من هنا')}", link(OTHER, "من هنا"))
    assert urls_of(named) == [OTHER]


def test_a_link_called_source_is_the_source() -> None:
    post = post_of(f"{COPIED}\nرابط الخبر\nشكرا", link(OTHER, "رابط الخبر"))
    assert sources_of(post) == [NamedSource(OTHER, None, "label")]


def test_the_source_line_of_the_seed_thread_as_xenforo_writes_it() -> None:
    href = "https://www.alarabiya.net/arab-and-world/%D9%85%D9%88%D8%B3%D9%83%D9%88-"
    linked = read(
        f"{COPIED}<br /><br />المصدر: <a href='{href}' class='link link--external'>{SEED_CUT}</a><br />&nbsp;"
    )
    assert sources_of(linked) == [NamedSource(href, None, "label")]
    dead = read(f"{COPIED}<br /><br />المصدر: {SEED_CUT}<br />&nbsp;")
    assert sources_of(dead) == [NamedSource(None, SEED_CUT, "label")]
    bold = read(f"{COPIED}<br /><b>المصدر</b>:<br /><a href='{href}' class='link link--external'>العربية</a>")
    assert sources_of(bold) == [NamedSource(href, None, "label")]
    card = read(f"{COPIED}<br />المصدر:<div class='bbCodeBlock bbCodeBlock--unfurl' data-url='{href}'></div>")
    assert sources_of(card) == [NamedSource(href, None, "label")]


def test_the_text_tells_where_a_dead_link_led() -> None:
    whole = "http://www.unknown.example/news/abcdef"
    for dead, shown in (("http://http/news/abcdef", whole), (f"https://{FORUM}/", whole)):
        kind = "internal" if FORUM in dead else "external"
        assert urls_of(post_of(f"المصدر: {shown}", link(dead, shown, kind))) == [whole]
    cut = post_of(f"المصدر: {SEED_CUT}", link("http://http/", SEED_CUT))
    assert sources_of(cut) == [NamedSource(None, SEED_CUT, "label")]


@pytest.mark.parametrize("shown", [f"{OTHER}", f"({OTHER})", f"\u202a{OTHER}\u202c", f"{OTHER}."])
def test_an_address_written_without_a_link_is_found(shown: str) -> None:
    assert urls_of(post_of(f"{COPIED}\nالمصدر: {shown}")) == [OTHER]


def test_an_address_without_a_scheme_gets_one() -> None:
    assert urls_of(post_of("المصدر: www.unknown.example/a")) == ["http://www.unknown.example/a"]


def test_the_first_of_several_is_the_main_one() -> None:
    both = (link(OTHER), link(ARTICLE))
    for text in (
        f"المصدر: {OTHER}\nالمصدر: {ARTICLE}",
        f"المصادر:\n1- {OTHER}\n2- {ARTICLE}",
        f"Source: {OTHER} and {ARTICLE}",
    ):
        assert urls_of(post_of(text, *both)) == [OTHER, ARTICLE]
    assert source_of(post_of(f"Source: {OTHER} and {ARTICLE}", *both)) == NamedSource(OTHER, None, "label")


def test_one_source_is_named_once() -> None:
    text = f"المصدر: {ARTICLE}\nرابط الخبر: {ARTICLE}?utm_source=x"
    assert urls_of(post_of(text, link(ARTICLE), link(f"{ARTICLE}?utm_source=x"))) == [ARTICLE]
    text = f"المصدر: {ARTICLE}\nالمصدر: {OTHER}\nالمصدر: {ARTICLE}"
    assert urls_of(post_of(text, link(ARTICLE), link(OTHER), link(ARTICLE))) == [ARTICLE, OTHER]


def test_a_label_wins_over_a_known_host() -> None:
    post = post_of(f"{ARTICLE}\n{COPIED}\nالمصدر: {OTHER}", link(ARTICLE), link(OTHER))
    assert sources_of(post) == [NamedSource(OTHER, None, "label")]


def test_a_label_is_that_of_the_link_behind_it_and_not_of_a_card() -> None:
    post = post_of(f"{COPIED}\nالمصدر: {OTHER}", link(ARTICLE, "عنوان", CARD), link(OTHER))
    assert urls_of(post) == [OTHER]


@pytest.mark.parametrize(
    "text", ["{}", "عنوان الخبر في كلمات قليلة\n{}", "{}\n" + COPIED, COPIED + "\n{}", COPIED + "\n{}\nما رأيكم؟"]
)
def test_the_only_news_link_at_the_edge_of_a_copy_is_the_source(text: str) -> None:
    why: Why = "edge" if COPIED in text else "alone"
    assert sources_of(post_of(text.format(ARTICLE), link(ARTICLE))) == [NamedSource(ARTICLE, None, why)]
    assert sources_of(post_of(text.format(OTHER), link(OTHER))) == []
    without = text.format("").strip("\n")
    card = sources_of(post_of(without, link(ARTICLE, "عنوان", CARD)))
    assert card == [NamedSource(ARTICLE, None, why)]


@pytest.mark.parametrize("text", [
    "أظن أن {} خطأ", COPIED + " كما في {} وغيره\n" + COPIED + "\n" + COPIED, COPIED + "\n{}\n" + COPIED,
    "لا أوافق على هذا الكلام أبدا فهو غير صحيح وقد قرأت غيره في مكان آخر منذ زمن بعيد\n{}",
])  # fmt: skip
def test_a_link_in_a_discussion_is_no_source(text: str) -> None:
    assert sources_of(post_of(text.format(ARTICLE), link(ARTICLE))) == []


def test_two_news_links_without_a_label_are_a_list() -> None:
    second = "https://www.reuters.com/world/abc"
    assert sources_of(post_of(f"{COPIED}\n{ARTICLE}\n{second}", link(ARTICLE), link(second))) == []


@pytest.mark.parametrize("url", [
    TWEET, "https://t.me/a/1", "https://www.youtube.com/watch?v=a", "https://www.instagram.com/p/a",
    "https://vid.alarabiya.net/images/a", "https://unknown.example/a.jpg", f"https://{FORUM}/threads/a.1/",
    "https://www.alarabiya.net/", "https://ar.wikipedia.org/wiki/a",
])  # fmt: skip
def test_what_is_no_article_is_no_source_even_where_it_is_called_one(url: str) -> None:
    assert sources_of(post_of(f"{COPIED}\nالمصدر: {url}", link(url))) == []
    assert sources_of(post_of(f"{COPIED}\nالمصدر: {url}")) == []


def test_quotes_mentions_and_links_within_the_forum_name_no_source() -> None:
    assert sources_of(post_of("المصدر", link(ARTICLE, in_quote=True))) == []
    for kind in ("internal", "mention"):
        assert sources_of(post_of("المصدر: عضو", link("https://unknown.example/m/1", "عضو", kind))) == []


@given(
    st.text("المصدر: \n.htps/w()…", max_size=80),
    st.lists(st.sampled_from([ARTICLE, OTHER, TWEET, "x", ""]), max_size=4),
)
def test_no_post_raises(text: str, urls: list[str]) -> None:
    for kind in ("external", "internal", CARD):
        post = post_of(f"{text} {' '.join(urls)}", *(link(url, kind=kind) for url in urls))
        for named in sources_of(post):
            assert (named.url is None) != (named.cut is None)


@pytest.mark.parametrize("text", ["!" * 500_000, "https://a.example/" + ")" * 500_000, "المصدر:\n" * 60_000])
def test_a_huge_post_costs_little(text: str) -> None:
    post = post_of(f"{text}\nhttps://unknown.example/ ", *[link(ARTICLE, "عنوان", CARD)] * 400)
    start = process_time()
    sources_of(post)
    assert process_time() - start < 2
