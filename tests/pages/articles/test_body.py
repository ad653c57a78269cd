from __future__ import annotations

import pytest

from forumcrawl.pages.articles import body
from forumcrawl.pages.articles.document import Document
from forumcrawl.pages.html import text_of

_ONE = "The ferry crossed the lake before dawn with forty sheep and their owner, who did not sleep at all that night."
_TWO = (
    "On the other side the market had already begun, and the first ten were sold before the rope was tied to the post."
)


def document(inside: str) -> Document:
    return Document.of(f"<html><body>{inside}</body></html>".encode(), "https://x.example/a/b")


def test_lines_above_the_text_that_are_none_of_it_are_left_out() -> None:
    page = document(
        f"<article><h1>Forty sheep</h1><ul><li>Author, Ann Lee</li></ul><p>4 May 2020</p><p>{_ONE}</p><p>{_TWO}</p>"
    )
    assert body.paragraphs(page, {"Forty sheep"}) == [_ONE, _TWO]


@pytest.mark.parametrize("line", ["اقرأ أيضاً: خبر آخر", "شاهد أيضا", "Read more: The goats", "بیشتر بخوانید: خبر"])
def test_pointers_to_other_articles_are_known(line: str) -> None:
    assert body.points_elsewhere(line)
    assert not body.points_elsewhere(f"{line} {'و' * 5} " + "كلمة " * 30)
    assert not body.points_elsewhere(_ONE)


def test_the_container_holds_the_paragraphs_and_no_more() -> None:
    page = document(f"<div><p>Menu</p><div id=b><p>{_ONE}</p><p>{_TWO}</p></div><p>Foot</p></div>")
    assert text_of(body.container(page.root, [_ONE, _TWO])) == _ONE + _TWO


def test_text_between_line_breaks_has_a_container_too() -> None:
    page = document(f"<div>Menu<div id=b>{_ONE}<br><br>{_TWO}</div></div>")
    found = body.container(page.root, [_ONE, _TWO])
    assert found is not None
    assert found.get("id") == "b"
    assert body.container(page.root, ["A line that the page does not show anywhere at all, however long"]) is None


def test_an_opening_paragraph_that_stands_apart_is_found_by_the_description() -> None:
    page = document(f"<div><div class=lead><p>{_ONE}</p></div><div>{_TWO}</div></div>")
    elements = [] if page.root is None else list(page.root.iter())
    assert body.lead(elements, _ONE[:70], _TWO) == _ONE
    assert body.lead(elements, _ONE[:70], f"{_ONE}\n{_TWO}") == ""
    assert body.lead(elements, "Something else that the page says of itself and shows nowhere", _TWO) == ""


def test_a_page_laid_out_in_tables_has_its_paragraphs() -> None:
    page = document(f"<table><tr><td>Menu</td><td><p>{_ONE}</p><p>{_TWO}</p></td></tr></table>")
    assert body.paragraphs(page, set()) == [_ONE, _TWO]


def test_persian_joiners_stay() -> None:
    line = "نجار پیر روستا می‌گوید چوب پل تازه از گردوی همان دره است و رودخانه آرام می‌ماند و پل سر جای خود خواهد ماند."
    page = document(f"<article><p>{line}</p><p>{line}</p></article>")
    assert body.paragraphs(page, set())[0] == line
