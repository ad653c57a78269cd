"""One post of a page is broken: the others stay as they are, and what was lost is counted."""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from lxml import etree
from lxml.etree import _Element

from forumcrawl.items.document import to_document
from forumcrawl.pages import html
from forumcrawl.pages.xenforo import ThreadPage, open_page
from tests.pages.golden import FIXTURES

_GARBAGE = "\u202e\ufffd &#x0; ]]> {{ }} \u0660\u0661 \U0001f4a5" * 50


def _classed(post: _Element, name: str) -> list[_Element]:
    return [each for each in post.iter() if name in html.classes(each)]


def _body_is_garbage(post: _Element) -> None:
    for wrapper in _classed(post, "bbWrapper"):
        wrapper[:] = []
        wrapper.text = _GARBAGE
        for _ in range(300):
            wrapper = etree.SubElement(wrapper, "blockquote", {"class": "bbCodeBlock--quote", "data-source": "post: x"})


def _body_is_missing(post: _Element) -> None:
    for wrapper in _classed(post, "bbWrapper"):
        del wrapper.attrib["class"]


def _time_is_no_time(post: _Element) -> None:
    for stamp in post.iter("time"):
        stamp.attrib.update({"datetime": "yesterday", "data-time": "8:00", "data-timestamp": "soon"})


def _number_is_missing(post: _Element) -> None:
    for holder in _classed(post, "message-attribution-opposite"):
        holder[:] = []


def _name_is_missing(post: _Element) -> None:
    post.attrib.pop("data-author", "")
    for name in ("message-name", "message-articleUserInfo"):
        for holder in _classed(post, name):
            holder[:] = []


def _id_is_missing(post: _Element) -> None:
    for name in ("data-content", "id"):
        post.attrib.pop(name, "")


def _id_is_garbage(post: _Element) -> None:
    post.attrib.update({"data-content": f"post-{'9' * 400}", "id": "js-post-½"})


def _card_is_missing(post: _Element) -> None:
    for holder in (*_classed(post, "message-userExtras"), *_classed(post, "message-userTitle")):
        holder[:] = []
        holder.text = None


Break = Callable[[_Element], None]
_LOST: dict[Break, str | None] = {
    _body_is_garbage: None,
    _body_is_missing: "text",
    _time_is_no_time: "created_at",
    _number_is_missing: "number",
    _name_is_missing: "author.name",
    _id_is_missing: "post_id",
    _id_is_garbage: "post_id",
    _card_is_missing: None,
}
"""What breaks a post, and the field that is then counted as unread."""
_PAGES = sorted(page.parent.name for page in FIXTURES.glob("ThreadPage/*/page.html"))


@cache
def _root(case: str) -> _Element:
    root = html.parse((FIXTURES / "ThreadPage" / case / "page.html").read_bytes())
    assert root is not None
    return root


def _read(root: _Element) -> ThreadPage:
    page = open_page(etree.tostring(root, encoding="utf-8", method="html"))
    assert isinstance(page, ThreadPage)
    return page


def _posts(page: ThreadPage) -> dict[int, dict[str, Any]]:
    return {post.post_id: to_document(post) for post in page.posts}


def _articles(root: _Element) -> list[_Element]:
    return [each for each in root.iter("article") if "message" in html.classes(each)]


def _breaks() -> list[Any]:
    return [
        pytest.param(case, position, each, id=f"{case}-{position}{each.__name__}")
        for case in _PAGES
        for position in range(len(_articles(_root(case))))
        for each in _LOST
    ]


def _broken(case: str, position: int, how: Break) -> tuple[set[int], ThreadPage]:
    """The page with one of its articles broken, and the ids that article stood for."""
    root = copy.deepcopy(_root(case))
    article = _articles(root)[position]
    post_id = int((article.get("data-content") or "").removeprefix("post-"))
    how(article)
    return {post_id}, _read(root)


@pytest.mark.parametrize(("case", "position", "how"), _breaks())
def test_the_others_stay_as_they_are(case: str, position: int, how: Break) -> None:
    whole = _posts(_read(_root(case)))
    ids, page = _broken(case, position, how)
    found = _posts(page)
    assert {number: post for number, post in found.items() if number not in ids} == {
        number: post for number, post in whole.items() if number not in ids
    }


@pytest.mark.parametrize("how", [how for how, lost in _LOST.items() if lost])
@pytest.mark.parametrize("case", _PAGES)
def test_what_is_lost_is_counted(case: str, how: Break) -> None:
    whole = _read(_root(case))
    assert whole.posts
    _, page = _broken(case, -1, how)
    assert len(page.posts) <= len(whole.posts)
    assert page.unread - whole.unread == {("posts", _LOST[how]): 1}


@pytest.mark.parametrize("case", _PAGES)
def test_a_whole_page_loses_nothing(case: str) -> None:
    page = _read(_root(case))
    assert page.posts
    assert page.whole
    assert not page.unread
