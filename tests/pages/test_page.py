"""What all pages share: address, forum, paging."""

from __future__ import annotations

import pytest

from forumcrawl.pages.xenforo import BoardPage, ThreadPage, Unrecognised, XenForoPage, open_page


def page(template: str, head: str = "", body: str = "", attributes: str = "", url: str | None = None) -> XenForoPage:
    """A page that holds nothing but what is given."""
    text = f'<html id="XF" data-template="{template}" {attributes}><head>{head}</head><body>{body}</body></html>'
    return open_page(text.encode(), url=url)


def canonical(address: str) -> str:
    return f'<link rel="canonical" href="{address}" />'


def og_url(address: str) -> str:
    return f'<meta property="og:url" content="{address}" />'


_SETTINGS = "<script>XF.config = {{ url: {{ fullBase: '{}', basePath: '/ignored/' }} }};</script>"


@pytest.mark.parametrize(
    ("head", "declared"),
    [
        (canonical("https://f.example/threads/x.1/"), "https://f.example/threads/x.1/"),
        (og_url("https://f.example/og/") + canonical("https://f.example/c/"), "https://f.example/c/"),
        (og_url("https://f.example/og/") + canonical("index.html"), "https://f.example/og/"),
        (og_url("/og/") + canonical("../x.1/"), None),
        (canonical(""), None),
        (canonical("//f.example/"), None),
        (canonical("javascript:x"), None),
        ("", None),
    ],
)
def test_only_an_absolute_address_is_declared(head: str, declared: str | None) -> None:
    assert page("thread_view", head).declared_url == declared


@pytest.mark.parametrize(
    ("declared", "fetched", "url"),
    [
        (
            "https://www.f.example/threads/x.1/",
            "http://f.example/threads/old.1/?a=1",
            "https://www.f.example/threads/x.1/",
        ),
        (
            "https://elsewhere.example/threads/x.1/",
            "https://f.example/threads/x.1/#post-2",
            "https://f.example/threads/x.1/",
        ),
        ("", "HTTPS://F.example:443/threads/x.1/page-2", "https://f.example/threads/x.1/page-2"),
        ("https://f.example/threads/x.1/", None, "https://f.example/threads/x.1/"),
        ("", None, None),
    ],
)
def test_a_page_declares_its_address_within_its_own_forum(declared: str, fetched: str | None, url: str | None) -> None:
    assert page("thread_view", canonical(declared), url=fetched).url == url


@pytest.mark.parametrize(
    ("template", "address", "forum"),
    [
        ("thread_view", "https://www.f.example/threads/x.1/", "f.example"),
        ("thread_view", "https://f.example/threads/x.1/page-3", "f.example"),
        ("thread_view", "https://f.example:8443/board/threads/x.1/page-3", "f.example:8443/board"),
        ("thread_view", "https://f.example/board/index.php?threads/x.1/page-3", "f.example/board"),
        ("thread_view", "https://f.example/a/b/t/1/", "f.example/a/b"),
        ("forum_view", "https://f.example/board/forums/x.1/", "f.example/board"),
        ("forum_list", "https://f.example/", "f.example"),
        ("forum_list", "https://f.example", "f.example"),
        ("forum_list", "https://f.example/board/", "f.example/board"),
        ("forum_list", "https://f.example/board/index.php?forums/", "f.example/board"),
        ("member_view", "https://f.example/members/a.1/", "f.example"),
    ],
)
def test_the_forum_is_told_by_an_address(template: str, address: str, forum: str) -> None:
    assert page(template, canonical(address), attributes='data-content-key="thread-1"').forum == forum


@pytest.mark.parametrize(
    ("template", "address", "forum"),
    [
        ("forum_view", "https://f.example/forums/x.1/page-2", "f.example"),
        ("forum_list", "https://f.example/a/board/", "f.example/a/board"),
        ("forum_list", "https://f.example/board/index.php", "f.example/board"),
        ("member_view", "https://f.example/members/a.1/about", "f.example"),
    ],
)
@pytest.mark.parametrize("told", [False, pytest.param(True, id="settings")])
def test_the_forum_is_told_by_a_longer_or_shorter_address(template: str, address: str, forum: str, told: bool) -> None:
    settings = _SETTINGS.format(f"https://{forum}/") if told else ""
    assert page(template, canonical(address), settings).forum == forum


def test_a_given_forum_is_taken_as_it_is() -> None:
    text = b'<html id="XF" data-template="thread_view" data-content-key="thread-1"><head></head></html>'
    assert open_page(text, url="http://127.0.0.1:1/x", forum="f.example/board").forum == "f.example/board"


def test_a_page_without_any_address_has_no_forum() -> None:
    assert page("forum_list").forum == ""


_JUMP = '<input class="js-pageJumpPage" max="{}"/>'
_NAV = '<ul><li class="pageNav-page pageNav-page--current"><a>{}</a></li><li class="pageNav-page"><a>{}</a></li></ul>'


@pytest.mark.parametrize(
    ("body", "current", "last"),
    [
        ("", 1, 1),
        (_JUMP.format(12), 1, 12),
        (_JUMP.format(""), 1, 1),
        (_JUMP.format("-3"), 1, 1),
        (_NAV.format("2", "1,204"), 2, 1204),
        (_NAV.format("٣", "١٢"), 3, 12),
        (_NAV.format("…", "2"), 1, 2),
        (_NAV.format(2, 3) + _JUMP.format(40) + _NAV.format(2, 3), 2, 40),
    ],
)
def test_paging(body: str, current: int, last: int) -> None:
    found = page("forum_view", body=body)
    assert (found.page_number, found.last_page) == (current, last)


@pytest.mark.parametrize("digits", [19, 400, 5000])
def test_a_number_of_pages_without_end_is_no_number(digits: int) -> None:
    assert page("forum_view", body=_JUMP.format("9" * digits)).last_page == 1


@pytest.mark.parametrize("digits", [19, 400, 5000])
def test_a_node_id_without_end_is_no_id(digits: int) -> None:
    board = page("forum_view", attributes=f'data-container-key="node-{"9" * digits}"')
    assert isinstance(board, BoardPage)
    assert board.board_id is None


@pytest.mark.parametrize("key", ["thread-5", "thread-", "", "post-5", "thread-" + "9" * 400])
def test_a_threads_id_is_its_content_key_or_in_its_address(key: str) -> None:
    address = canonical("https://f.example/threads/x.7/page-2")
    found = page("thread_view", address, attributes=f'data-content-key="{key}"')
    assert isinstance(found, ThreadPage)
    assert found.thread_id == (5 if key == "thread-5" else 7)


@pytest.mark.parametrize(
    "body", [b"", b" \n", b"\x00", b"\xff\xfe", b"plain", b"<", b"<html>", b"<html id='XF'>", b"<!-- -->"]
)
def test_what_is_no_page_is_refused(body: bytes) -> None:
    with pytest.raises(Unrecognised):
        open_page(body)
