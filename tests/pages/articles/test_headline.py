from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from forumcrawl.pages.articles.headline import agreement, heading, without_site
from forumcrawl.pages.html import text_of


@pytest.mark.parametrize(
    ("title", "names", "plain"),
    [
        ("Lake rises - The Ford", ["The Ford"], "Lake rises"),
        ("Lake rises | News | The Ford", ["The Ford"], "Lake rises | News"),
        ("The Ford | Lake rises", ["The Ford"], "Lake rises"),
        ("البحيرة ترتفع - الضفاف", ["الضفاف"], "البحيرة ترتفع"),
        ("Ford - a river that rises", ["The Daily"], "Ford - a river that rises"),
        ("Lake rises", ["Lake rises"], "Lake rises"),
    ],
)
def test_the_site_s_name_is_cut_from_a_title(title: str, names: list[str], plain: str) -> None:
    assert without_site(title, names, "x.example") == plain


def test_the_heading_is_the_one_that_agrees_with_the_title() -> None:
    root = html.fromstring("<body><h1>The Ford</h1><h1>The lake has risen again</h1><h1>Most read</h1></body>")
    assert text_of(heading(root, ["The lake has risen"])) == "The lake has risen again"
    assert heading(root, ["Something else altogether"]) is None
    assert heading(root, []) is None


@given(st.text(), st.text())
def test_agreement_is_a_share_and_symmetric(one: str, other: str) -> None:
    assert 0 <= agreement(one, other) <= 1
    assert agreement(one, other) == agreement(other, one)


@given(st.text(max_size=60), st.lists(st.text(max_size=10), max_size=3))
def test_what_is_left_of_a_title_stands_in_it(title: str, names: list[str]) -> None:
    assert without_site(title, names, "x.example") in title
