"""A page around one body."""

from __future__ import annotations

from forumcrawl.items.forum import Post
from forumcrawl.pages.xenforo import ThreadPage, open_page


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
