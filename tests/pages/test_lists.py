"""Lists in forms of their own: previews of articles, unknown layouts, paging by "next" alone."""

from __future__ import annotations

from datetime import UTC, datetime

from forumcrawl.pages.xenforo import BoardPage, IndexPage, ThreadPage, open_page

PREVIEW = """\
<article class="message message--article message--articlePreview js-inlineModContainer js-threadListItem-31"
    data-author="Nora"><div class="articlePreview-main"><div class="articlePreview-content">
<div class="articlePreview-headline"><h2 class="articlePreview-title"><span class="label label--red">News</span>
<a href="/threads/harbour.31/" data-tp-primary="on">Harbour opens</a></h2></div></div>
<footer class="articlePreview-footer"><div class="articlePreview-by">
<a class="username" data-user-id="4">Nora</a></div>
<div class="articlePreview-date"><time data-time="1700000000">x</time></div>
<div class="articlePreview-replies"><a href="/threads/harbour.31/">Replies: 1,204</a></div></footer></div></article>"""


def board(body: str, url: str = "https://f.example/forums/news.3/") -> BoardPage:
    text = (
        f'<html id="XF" data-template="forum_view_type_article" data-container-key="node-3"><body>{body}</body></html>'
    )
    page = open_page(text.encode(), url=url)
    assert isinstance(page, BoardPage)
    return page


def test_an_articles_preview_is_a_row() -> None:
    page = board(PREVIEW)
    (row,) = page.rows
    thread = row.thread
    assert (thread.thread_id, thread.title, thread.prefixes) == (31, "Harbour opens", ["News"])
    assert (thread.url, thread.board_id, thread.kind) == ("https://f.example/threads/harbour.31/", 3, "article")
    assert thread.author is not None
    assert (thread.author.name, thread.author.member_id) == ("Nora", 4)
    assert thread.created_at == datetime.fromtimestamp(1_700_000_000, UTC)
    assert (thread.replies, thread.views, thread.last_post_at) == (1204, None, None)
    assert not page.unread


def test_a_list_of_an_unknown_layout_is_counted() -> None:
    page = board('<div class="card js-threadListItem-31"><a href="/threads/harbour.31/">Harbour opens</a></div>')
    assert page.rows == []
    assert page.unread == {("threads", "row"): 1}


def test_next_alone_tells_that_there_is_one_more_page() -> None:
    following = '<a class="pageNav-jump pageNav-jump--next" href="page-3">Next</a>'
    page = board(following, "https://f.example/forums/news.3/page-2")
    assert (page.page_number, page.last_page) == (2, 3)
    assert board("", "https://f.example/forums/news.3/page-2").last_page == 1


def test_a_deleted_post_that_is_shown_is_no_lost_one() -> None:
    posts = (
        '<article class="message message--post" data-content="post-1" data-author="A"></article>'
        '<div class="message message--deleted message--post" data-content="post-2"></div>'
    )
    text = f'<html id="XF" data-template="thread_view" data-content-key="thread-9"><body>{posts}</body></html>'
    page = open_page(text.encode(), url="https://f.example/threads/x.9/")
    assert isinstance(page, ThreadPage)
    assert [post.post_id for post in page.posts] == [1]
    assert page.whole
    assert ("posts", "post_id") not in page.unread


def test_boards_linked_without_their_ids_are_named() -> None:
    node = (
        '<div class="node node--id5 node--forum"><h3 class="node-title"><a href="/forums/a.5/">A</a></h3>'
        '<a class="subNodeLink" href="/forums/vanity/">V</a><a class="subNodeLink" href="/forums/b.6/">B</a></div>'
    )
    text = f'<html id="XF" data-template="forum_list"><body>{node}</body></html>'
    page = open_page(text.encode(), url="https://f.example/")
    assert isinstance(page, IndexPage)
    assert [each.board_id for each in page.nodes] == [5, 6]
    assert page.unnamed == ["https://f.example/forums/vanity/"]
