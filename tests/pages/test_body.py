"""What stands in a post's body beside its text: quotes, links, embedded media."""

from __future__ import annotations

import html
import json
from typing import Any

import pytest

from tests.pages.body import read

_E, _F = "https://e.example/", "https://f.example/"


def _quote(inner: str, attributes: str = "", title: str = "") -> str:
    head = f'<div class="bbCodeBlock-title">{title}</div>' if title else ""
    return (
        f'<blockquote class="bbCodeBlock bbCodeBlock--quote" {attributes}>{head}<div class="bbCodeBlock-content">'
        f'<div class="bbCodeBlock-expandContent">{inner}</div>'
        '<div class="bbCodeBlock-expandLink"><a role="button">Click to expand...</a></div></div></blockquote>'
    )


def test_quotes_count_their_depth_and_keep_their_own_text() -> None:
    body = "a" + _quote("1" + _quote("2" + _quote("3") + "2b") + "1b") + "b" + _quote("z")
    post = read(body)
    assert [(each.depth, each.text) for each in post.quotes] == [(1, "1\n1b"), (2, "2\n2b"), (3, "3"), (1, "z")]
    assert post.text == "a\nb"


@pytest.mark.parametrize(
    ("attributes", "title", "found"),
    [
        ('data-quote="A B" data-source="post: 5" data-attributes="member: 7"', "A B said:", ("A B", 5, 7)),
        ('data-quote="A" data-source="profile_post: 5" data-attributes="member: 7"', "A said:", ("A", None, 7)),
        ('data-quote="A" data-source="post: 5" data-attributes="member: 0"', "A said:", ("A", 5, None)),
        ('data-quote="" data-source="" data-attributes=""', "", (None, None, None)),
        ("", '<a class="bbCodeBlock-sourceJump" href="/goto/post?id=5">A said:</a>', ("A", 5, None)),
        ("", '<a class="bbCodeBlock-sourceJump" href="/goto/post?id=5">A said said:</a>', ("A said", 5, None)),
        (
            "",
            '<a class="bbCodeBlock-sourceJump" href="/goto/conv-message?id=5" data-content-selector="#convMessage-5">'
            "A said:</a>",
            ("A", None, None),
        ),
        ("", "أحمد قال:", ("أحمد", None, None)),
        ('data-quote="A" data-source="post: ' + "9" * 400 + '"', "", ("A", None, None)),
    ],
)
def test_who_is_quoted(attributes: str, title: str, found: tuple[Any, ...]) -> None:
    quote = read(_quote("x", attributes, title)).quotes[0]
    assert (quote.author, quote.post_id, quote.member_id) == found


def test_who_is_quoted_where_the_verb_comes_first() -> None:
    assert read(_quote("x", title="قال أحمد:")).quotes[0].author == "أحمد"


@pytest.mark.parametrize(
    ("body", "link"),
    [
        (f'<a class="link link--external" href="{_E}"> A  B </a>', (_E, "A B", "external", False)),
        ('<a class="link link--internal" href="/y.2/">y</a>', (f"{_F}y.2/", "y", "internal", False)),
        ('<a class="username" data-user-id="3" href="/c.3/">@c</a>', (f"{_F}c.3/", "@c", "mention", False)),
        (_quote(f'<a class="link link--external" href="{_E}">e</a>'), (_E, "e", "external", True)),
        (
            _quote(f'<div class="bbCodeBlock--unfurl" data-url="{_E}"><a href="{_E}">E</a></div>'),
            (_E, "E", "unfurl", True),
        ),
        (
            f'<a class="link link--external" href="{_E}"><img class="bbImage" src="{_E}i"></a>',
            (_E, "", "external", False),
        ),
    ],
)
def test_links(body: str, link: tuple[str, str, str, bool]) -> None:
    assert [(each.url, each.text, each.kind, each.in_quote) for each in read(body).links] == [link]


@pytest.mark.parametrize(
    "body",
    [
        '<a href="/attachments/plan-png.5/"><img class="bbImage" src="/data/attachments/0/5-a.jpg"></a>',
        '<div class="bbCodeSpoiler"><button class="bbCodeSpoiler-button"><a href="/x.1/">b</a></button></div>',
        '<a name="x">x</a><a href="#y">y</a><a href="javascript:z()">z</a>',
    ],
)
def test_what_is_no_link(body: str) -> None:
    assert read(body).links == []


@pytest.mark.parametrize("route", ["/attachments/manual-pdf.5/", "https://f.example/attachments/manual-pdf.5/"])
def test_a_link_to_an_attached_file_is_no_link(route: str) -> None:
    assert read(f'see <a href="{route}" target="_blank">View attachment 5</a>').links == []


def test_an_unfurl_is_one_link_and_no_text() -> None:
    post = read(
        'a<div class="bbCodeBlock bbCodeBlock--unfurl" data-url="https://e.example/?a=1&amp;b=2"><img src="/t.png">'
        '<h3 class="js-unfurl-title"><a class="link link--external" href="https://e.example/">The  title</a></h3>'
        '<div class="js-unfurl-desc">d <a href="https://other.example/">o</a></div></div>b'
    )
    assert (post.text, post.images) == ("a\nb", [])
    found = [(each.url, each.text, each.kind) for each in post.links]
    assert found == [("https://e.example/?a=1&b=2", "The title", "unfurl")]


def test_links_around_links_stand_in_page_order() -> None:
    urls = [f"https://e.example/{number}" for number in range(4)]
    anchors = [f'<a class="link link--external" href="{url}">x</a>' for url in urls]
    post = read(anchors[0] + _quote(anchors[1]) + f"<div>{anchors[2]}</div>" + anchors[3])
    assert [each.url for each in post.links] == urls


_FRAME = "https://player.example/e/1"
_PACKED = html.escape(json.dumps(["allowfullscreen", "", "src", _FRAME, "style", "border:0"]).replace("/", "\\/"))


@pytest.mark.parametrize(
    ("body", "site"),
    [
        (f'<div class="bbMediaWrapper" data-media-site-id="v"><div><iframe src="{_FRAME}"></iframe></div></div>', "v"),
        (f'<span data-s9e-mediaembed="v"><span><iframe src="{_FRAME}"></iframe></span></span>', "v"),
        (f'<span data-s9e-mediaembed="v" data-s9e-mediaembed-iframe="{_PACKED}"></span>', "v"),
        (f'<iframe src="{_FRAME}"></iframe>', None),
        (f'<iframe data-src="{_FRAME}"></iframe>', None),
        ('<iframe src="//player.example/e/1"></iframe>', None),
    ],
)
@pytest.mark.parametrize("around", ["{}", "<div>{}</div>", "<b>{}</b>", '<div class="bbCodeSpoiler-content">{}</div>'])
def test_embeds(body: str, site: str | None, around: str) -> None:
    post = read(around.format(body))
    assert [(each.url, each.site) for each in post.embeds] == [(_FRAME, site)]
    assert (post.text, post.links) == ("", [])


@pytest.mark.parametrize("packed", ["", "{}", "[]", "null", '["src"]', '["src", 5]', "[[]]", '["a","b"]'])
def test_an_embed_that_cannot_be_read_is_left_out(packed: str) -> None:
    given = html.escape(packed)
    assert read(f'a <span data-s9e-mediaembed="v" data-s9e-mediaembed-iframe="{given}"></span> b').embeds == []


def test_an_embed_nested_without_end_costs_no_post() -> None:
    assert read(f'<span data-s9e-mediaembed="v" data-s9e-mediaembed-iframe="{"[" * 5000}"></span>').embeds == []
