"""The text and the HTML of a post's body."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumcrawl.pages.xenforo import ThreadPage, open_page
from forumcrawl.text.marked import BLOCK, BREAK, SPACE, shape
from tests.pages.body import read
from tests.pages.golden import body as body_of
from tests.pages.golden import cases

_REMOVED = "\u200b\u2060\ufeff"
_KEPT = "\u200c\u200d\u200e\u200f"
marked = st.text(st.sampled_from(f"ab \t\n\r\u00a0\u202f\u3000{_REMOVED}{_KEPT}{BREAK}{BLOCK}سé.")) | st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc"])
)


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


@pytest.mark.parametrize(
    "opening",
    [
        '<div dir="auto" class="bbWrapper">',
        "<div class='bbWrapper'>",
        '<div class="bbWrapper rtl" dir="rtl">',
    ],
)
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
    assert [(post.text, post.html) for post in page.posts] == [
        (f"body {number}", f"<div>body {number}</div>") for number in (2, 3)
    ]
