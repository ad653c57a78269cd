"""The card beside a post: whose it is, and which number means what."""

from __future__ import annotations

from typing import Any

import pytest

from forumcrawl.items.forum import Author
from forumcrawl.pages.xenforo import MemberPage, ThreadPage, open_page

_LINKED = '<h4 class="message-name"><a class="username" data-user-id="{}">{}</a></h4>'
_GUEST = (
    '<a class="avatar" data-user-id="0"></a><h4 class="message-name"><span class="username" data-user-id="0">{}</h4>'
)
_NAMED = '<h4 class="message-name"><span class="username">{}</span></h4>'


def authors(*posts: tuple[str, str], language: str = "en-US") -> list[Author]:
    """Who wrote the posts, each given as attributes of its element and the inside of its card."""
    articles = "".join(
        f'<article class="message message--post" {attributes} data-content="post-{number}">'
        f'<section class="message-user">{card}</section>'
        '<div class="message-body"><div class="bbWrapper">x</div></div></article>'
        for number, (attributes, card) in enumerate(posts, 1)
    )
    found = open_page(
        f'<html id="XF" lang="{language}" data-template="thread_view" data-content-key="thread-1"><head></head>'
        f"<body>{articles}</body></html>".encode(),
        url="https://f.example/threads/x.1/",
    )
    assert isinstance(found, ThreadPage)
    return [post.author for post in found.posts]


def extras(*pairs: tuple[str, str]) -> str:
    """The numbers of a card."""
    rows = "".join(f'<dl class="pairs pairs--justified"><dt>{a}</dt><dd>{b}</dd></dl>' for a, b in pairs)
    return f'{_LINKED.format(5, "A")}<div class="message-userExtras">{rows}</div>'


def numbers(*pairs: tuple[str, str], language: str = "en-US") -> tuple[Any, ...]:
    """(messages, reaction score, points, date as written, other fields) of a card with these pairs."""
    author = authors(('data-author="A"', extras(*pairs)), language=language)[0]
    return author.messages, author.reaction_score, author.points, author.joined_raw, author.extras


@pytest.mark.parametrize(
    ("language", "labels"),
    [
        ("en-US", ("Joined", "Messages", "Reaction score", "Points")),
        ("en-US", ("Joined:", "Messages :", "Reaction score：", "Points:")),
        ("de-DE", ("Registriert", "Beiträge", "Punkte für Reaktionen", "Punkte")),
        ("ar", ("إنضم", "المشاركات", "مستوى التفاعل", "النقاط")),
        ("ka", ("შემოუერთდა", "შეტყობინებები", "რეაქციები", "ქულები")),
        ("vi-VN", ("Tham gia", "Bài viết", "Điểm tương tác", "Điểm")),
    ],
)
def test_numbers_in_any_language(language: str, labels: tuple[str, ...]) -> None:
    values = ("5.6.2019", "69,062", "1.2K", "٣٤")
    assert numbers(*zip(labels, values, strict=True), language=language) == (69062, 1200, 34, "5.6.2019", {})


@pytest.mark.parametrize(
    ("pairs", "found"),
    [
        ((), (None, None, None, None, {})),
        ((("Messages", "3"),), (3, None, None, None, {})),
        ((("Points", "3"), ("Messages", "4")), (4, None, 3, None, {})),
        ((("Messages", "3"), ("Points", "7")), (3, None, 7, None, {})),
        ((("Messages", "3"), ("Solutions", "2"), ("Reaction score", "9")), (3, 9, None, None, {"Solutions": "2"})),
        ((("Messages", "3"), ("Location", "Level 7")), (3, None, None, None, {"Location": "Level 7"})),
        ((("Messages", "n/a"),), (None, None, None, None, {"Messages": "n/a"})),
        ((("Messages", "3"), ("Age", "44")), (3, None, None, None, {"Age": "44"})),
        ((("Joined", "some day"),), (None, None, None, "some day", {})),
        (
            (("Messages", "1"), ("Reaction score", "2"), ("Points", "3"), ("Shoes", "44")),
            (1, 2, 3, None, {"Shoes": "44"}),
        ),
    ],
)
def test_numbers_that_are_missing_or_more(pairs: tuple[tuple[str, str], ...], found: tuple[Any, ...]) -> None:
    assert numbers(*pairs) == found


def test_a_boards_own_number_stands_behind_the_forums() -> None:
    messages, score, points, _, others = numbers(("a", "3"), ("b", "9"), ("c", "1"), ("Shoe size", "44"))
    assert (messages, score, points, others) == (3, 9, 1, {"Shoe size": "44"})


def test_a_label_told_twice_keeps_the_last_value() -> None:
    assert numbers(("Car", "a"), ("Car", "b"))[-1] == {"Car": "b"}


@pytest.mark.parametrize(
    ("attributes", "card", "who"),
    [
        ('data-author="A"', _LINKED.format(5, "A"), ("A", 5)),
        ("", _LINKED.format(5, " <span>A</span>\n"), ("A", 5)),
        ('data-author="A"', _GUEST.format("A"), ("A", None)),
        ('data-author="A"', _NAMED.format("A"), ("A", None)),
        ('data-author="A &amp; B"', "", ("A & B", None)),
        ("", "", (None, None)),
        ('data-author="A"', _LINKED.format("x", "A"), ("A", None)),
        ('data-author="A"', _LINKED.format("9" * 400, "A"), ("A", None)),
        ('data-author="A"', '<a class="avatar" data-user-id="6"></a>' + _NAMED.format("A"), ("A", 6)),
    ],
)
def test_who_wrote(attributes: str, card: str, who: tuple[str | None, int | None]) -> None:
    author = authors((attributes, card))[0]
    assert (author.name, author.member_id) == who


@pytest.mark.parametrize("card", [_GUEST, _NAMED])
def test_guests_are_told_apart(card: str) -> None:
    found = authors(*((f'data-author="{name}"', card.format(name)) for name in "ABA"))
    assert [(each.name, each.member_id) for each in found] == [("A", None), ("B", None), ("A", None)]


@pytest.mark.parametrize("card", [_GUEST, _NAMED])
def test_guests_are_told_apart_by_their_cards(card: str) -> None:
    assert [each.name for each in authors(("", card.format("A")), ("", card.format("B")))] == ["A", "B"]


def test_members_of_one_name_are_told_apart() -> None:
    found = authors(*(('data-author="A"', _LINKED.format(number, "A")) for number in (5, 6, 5)))
    assert [each.member_id for each in found] == [5, 6, 5]


def test_each_post_has_an_author_of_its_own() -> None:
    first, second = authors(*[('data-author="A"', _LINKED.format(5, "A"))] * 2)
    first.extras["x"] = "y"
    assert second.extras == {}


def _member(stats: str, blurb: str = "") -> MemberPage:
    found = open_page(
        '<html id="XF" data-template="member_view"><head></head><body><div class="memberHeader">'
        '<h1 class="memberHeader-name"><span class="username" data-user-id="5">A</span></h1>'
        f'{blurb}<div class="memberHeader-stats">{stats}</div></div></body></html>'.encode(),
        url="https://f.example/members/a.5/",
    )
    assert isinstance(found, MemberPage)
    return found


def test_a_member_page_without_an_id_is_counted() -> None:
    found = open_page(b'<html id="XF" data-template="member_view"><body><div class="memberHeader"></div></body></html>')
    assert isinstance(found, MemberPage)
    assert found.member is None
    assert found.unread["members", "member_id"] == 1


@pytest.mark.parametrize("label", ["Messages", "შეტყობინებები"])
def test_a_members_messages_are_told_by_their_link(label: str) -> None:
    link = '<a href="/search/member?user_id=5">1,234</a>'
    member = _member(f"<dl><dt>{label}</dt><dd>{link}</dd></dl><dl><dt>რეაქციები</dt><dd>9</dd></dl>").member
    assert member is not None
    assert (member.messages, member.reaction_score, member.points) == (1234, 9, None)


def test_times_on_a_member_page_are_told_apart_by_their_place() -> None:
    blurb = '<div class="memberHeader-blurb"><dl><dt>?</dt><dd><time data-time="{}"></time></dd></dl></div>'
    member = _member("", blurb.format(2_000_000) + blurb.format(1_000_000)).member
    assert member is not None
    assert member.joined_at is not None
    assert member.last_seen_at is not None
    assert (member.joined_at.timestamp(), member.last_seen_at.timestamp()) == (1_000_000, 2_000_000)
