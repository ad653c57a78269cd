"""The body of a post: what is text, and what is something else."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumcrawl.items.forum import Post
from forumcrawl.pages.xenforo import ThreadPage, open_page
from forumcrawl.pages.xenforo.body import BLOCK, BREAK, SPACE, shape
from tests.pages.golden import body as body_of
from tests.pages.golden import cases

_REMOVED = "\u200b\u2060\ufeff"
_KEPT = "\u200c\u200d\u200e\u200f"
marked = st.text(st.sampled_from(f"ab \t\n\r\u00a0\u202f\u3000{_REMOVED}{_KEPT}{BREAK}{BLOCK}سé.")) | st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc"])
)


def read(body: str) -> Post:
    """The post with this body, on a page of f.example."""
    page = open_page(
        f"""<html id="XF" lang="en-US" data-template="thread_view" data-content-key="thread-1">
<head><link rel="canonical" href="https://f.example/threads/x.1/"></head><body>
<article class="message message--post" data-author="a" data-content="post-2"><div class="message-content">
<article class="message-body"><div class="bbWrapper">{body}</div></article></div></article>
</body></html>""".encode()
    )
    assert isinstance(page, ThreadPage)
    return page.posts[0]


@given(marked)
def test_shaped_text_holds_no_marks_and_nothing_invisible(text: str) -> None:
    shaped = shape(text)
    assert not set(shaped) & {BREAK, BLOCK, SPACE, *_REMOVED}
    assert sum(map(text.count, _KEPT)) == sum(map(shaped.count, _KEPT))


@given(marked)
def test_shaped_lines_are_tidy(text: str) -> None:
    shaped = shape(text)
    assert "\n\n\n" not in shaped
    assert shaped == shaped.strip("\n")
    for line in shaped.split("\n"):
        assert line == line.strip(" ")
        assert "  " not in line
        assert not re.search(r"[\t\r\u00a0\u3000]", line)


@given(marked)
def test_shape_is_idempotent(text: str) -> None:
    shaped = shape(text)
    assert shape(shaped.replace("\n", BREAK)) == shaped


@given(st.lists(st.text("ab "), max_size=6))
def test_letters_are_never_lost(pieces: list[str]) -> None:
    for mark in (BREAK, BLOCK, "\n", " "):
        assert shape(mark.join(pieces)).split() == mark.join(pieces).replace(BREAK, " ").replace(BLOCK, " ").split()


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("one<br>two<br />\nthree", "one\ntwo\nthree"),
        ("one<br><br><br><br>two", "one\n\ntwo"),
        ("<br><br>one<br><br>", "one"),
        ("one\n   two\tthree", "one two three"),
        ("<b>a</b><i>b</i> <u> c </u>d", "ab c d"),
        ("a<div>b</div>c", "a\nb\nc"),
        ("<p>a</p>\n<p>b</p>", "a\nb"),
        ("<h2>T</h2>x<hr>y", "T\nx\ny"),
        ("<ul><li>a</li><li><b>b</b></li></ul>c", "a\nb\nc"),
        ("<table><tr><td>1</td><td>2</td></tr><tr><th>3</th><td></td></tr></table>", "1 2\n3"),
        ("x<pre>  a\n    b\n\nc</pre>y", "x\n  a\n    b\n\nc\ny"),
        ("\u200bالع\u200bربية\u2060\ufeff", "العربية"),
        ("می\u200cشود \u200fx\u200e", "می\u200cشود \u200fx\u200e"),
        ("a&nbsp;&nbsp;b", "a b"),
        ("1 &lt; 2 &amp;amp; &#x1f600;", "1 < 2 &amp; \U0001f600"),
        ('<span class="bbCodeInlineSpoiler">hid</span>den', "hidden"),
        ("a<noscript>n</noscript><script>s</script><style>t</style>b", "ab"),
        ('a<img class="bbImage" src="/x.png" alt="no text">b', "ab"),
        ('<a href="/x.1/">a <b>link</b></a> stays', "a link stays"),
    ],
)
def test_text(body: str, text: str) -> None:
    assert read(body).text == text


@pytest.mark.xfail(strict=True, reason="a tab in code becomes four spaces")
def test_code_keeps_its_tabs() -> None:
    assert read("<pre>all:\n\tmake</pre>").text == "all:\n\tmake"


def test_html_is_what_was_sent() -> None:
    assert read('a <b class="x">&lt;b&gt;</b><br>\nالعربية').html == 'a <b class="x">&lt;b&gt;</b><br>\nالعربية'


@pytest.mark.parametrize("case", [case for case in cases() if case.startswith("ThreadPage/")])
def test_html_is_that_of_the_own_post(case: str) -> None:
    page = open_page(body_of(case))
    assert isinstance(page, ThreadPage)
    for post in page.posts:
        alone = read(post.html)
        assert (alone.text, alone.quotes) == (post.text, post.quotes)
        assert "bbWrapper" not in post.html


@pytest.mark.parametrize("opening", ['<div dir="auto" class="bbWrapper">', "<div class='bbWrapper'>", '<div class="bbWrapper rtl" dir="rtl">'])
@pytest.mark.parametrize("end", ['<div class="js-selectToQuoteEnd">&nbsp;</div>', ""])
def test_html_of_a_body_that_is_written_otherwise(opening: str, end: str) -> None:
    posts = "".join(
        f'<article class="message message--post" data-author="a" data-content="post-{number}"><div><div>'
        f'<article class="message-body">{opening}<div>body {number}</div></div>{end}</article></div></div>'
        f'<aside class="message-signature"><div class="bbWrapper">signature</div></aside></article>'
        for number in (2, 3)
    )
    page = open_page(f'<html id="XF" data-template="thread_view"><body>{posts}</body></html>'.encode())
    assert isinstance(page, ThreadPage)
    assert [(post.text, post.html) for post in page.posts] == [("body 2", "<div>body 2</div>"), ("body 3", "<div>body 3</div>")]


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


@pytest.mark.xfail(strict=True, reason="a verb before the name is taken for the name")
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


@pytest.mark.xfail(strict=True, reason="an inline [ATTACH] of a file that is no picture is listed as an internal link")
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


@pytest.mark.xfail(strict=True, reason="json.loads raises RecursionError, which is no ValueError: the post is lost")
def test_an_embed_nested_without_end_costs_no_post() -> None:
    assert read(f'<span data-s9e-mediaembed="v" data-s9e-mediaembed-iframe="{"[" * 5000}"></span>').embeds == []
