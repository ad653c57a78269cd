"""A thread's page: discussion, article, question or poll."""

from __future__ import annotations

from collections.abc import Sequence

from tests.replica.posts import PostInfo
from tests.replica.render.extras import ld_json, poll_html
from tests.replica.render.head import Content
from tests.replica.render.page import Frame
from tests.replica.render.parts import Parts, esc
from tests.replica.render.post import PostHtml
from tests.replica.render.rows import labels, row
from tests.replica.threads import UNREADABLE, ThreadInfo


class ThreadHtml:
    """Writes thread pages for one moment."""

    def __init__(self, parts: Parts, frame: Frame, posts: PostHtml) -> None:
        self.parts = parts
        self.frame = frame
        self.posts = posts

    def page(self, thread: ThreadInfo, page: int) -> str:
        """Page `page` of a thread."""
        parts, moment = self.parts, self.parts.moment
        board = parts.world.nodes[thread.board]
        pages = moment.pages(thread)

        def path(tail: str) -> str:
            return parts.thread_path(thread, tail)

        typed = thread.kind if thread.kind in ("question", "article") else ""
        content = Content(
            template=f"thread_view_type_{typed}" if typed else "thread_view",
            title=" - ".join([*thread.prefixes, thread.title]) + (f" | {page}" if page > 1 else ""),
            html=self._content(thread, page, parts.page_nav(path, page, pages)),
            path=path(f"page-{page}" if page > 1 else ""),
            heading=labels(parts, thread, None) + esc(thread.title),
            description=self._description(thread),
            crumbs=self.frame.trail(board),
            container=board,
            content_key=f"thread-{thread.id}",
            next_path=path(f"page-{page + 1}") if page < pages else "",
            ld_json=ld_json(self.parts, thread) if page == 1 else "",
        )
        return self.frame.page(content)

    def _content(self, thread: ThreadInfo, page: int, nav: str) -> str:
        size, moment = self.parts.world.posts_per_page, self.parts.moment
        numbers = range((page - 1) * size + 1, min(page * size, moment.posts(thread)) + 1)
        posts = [moment.post(thread.index, number) for number in numbers]
        top = poll_html(self.parts, thread) if page == 1 else ""
        if thread.kind == "question":
            top += self._pinned(thread, 1) + (self._pinned(thread, thread.solution) if thread.solution else "")
            posts = [post for post in posts if post.number > 1]
        return top + self._block(thread, posts, nav) + self._similar(thread)

    def _block(self, thread: ThreadInfo, posts: Sequence[PostInfo], nav: str) -> str:
        article, votes = thread.kind == "article", thread.kind == "question"
        inner = "".join(self.posts.html(post, article=article and post.number == 1, votes=votes) for post in posts)
        login = (
            f'<a href="{self.parts.urls.route("login/")}" class="button--link button">{self.parts.words["log_in"]}</a>'
        )
        return f"""\
<div class="block block--messages" data-xf-init="" data-type="post" data-href="/inline-mod/" data-search-target="*">
<span class="u-anchorTarget" id="posts"></span>
<div class="block-outer">{nav}</div>
{self._status(thread)}
<div class="block-outer js-threadStatusField"></div>
<div class="block-container lbContainer"
    data-xf-init="lightbox select-to-quote"
    data-message-selector=".js-post"
    data-lb-id="thread-{thread.id}"
    data-lb-universal="0">
    <div class="block-body js-replyNewMessageContainer">
{inner}    </div>
</div>
<div class="block-outer block-outer--after">
{nav}
    <div class="block-outer-opposite">{login}</div>
</div>
</div>
"""

    def _pinned(self, thread: ThreadInfo, number: int) -> str:
        """What a question shows on top of every page: the question itself, and its solution once more."""
        label = self.parts.words["question" if number == 1 else "solution"]
        return f"""\
<div class="block block--messages " data-xf-init="lightbox select-to-quote" data-message-selector=".js-post"
    data-lb-id="thread-{thread.id}">
    <div class="block-container">
        <h3 class="block-minorHeader">{label}</h3>
        <div class="block-body">
{self.posts.html(self.parts.moment.post(thread.index, number), votes=True)}        </div>
    </div>
</div>
"""

    def _status(self, thread: ThreadInfo) -> str:
        if not thread.locked:
            return ""
        return f"""\
<div class="block-outer">
    <dl class="blockStatus">
        <dt>Status</dt>
        <dd class="blockStatus-message blockStatus-message--locked">
            {self.parts.words["locked"]}
        </dd>
    </dl>
</div>"""

    def _description(self, thread: ThreadInfo) -> str:
        parts, words, moment = self.parts, self.parts.words, self.parts.moment
        tags = "".join(
            f'<a href="{parts.urls.route(f"tags/{number}/")}" class="tagItem" dir="auto">{esc(tag)}</a>\n'
            for number, tag in enumerate(thread.tags)
        )
        tag_list = f"""\
    <li>
        <i class="fa--xf far fa-tags" aria-hidden="true" title="{words["tags"]}"></i>
        <span class="u-srOnly">{words["tags"]}</span>
        <span class="js-tagList">
{tags}        </span>
    </li>
"""
        return f"""\
<ul class="listInline listInline--bullet">
    <li>
        <i class="fa--xf far fa-user" aria-hidden="true" title="{words["started"]}"></i>
        <span class="u-srOnly">{words["started"]}</span>
        {parts.username(moment.starter(thread))}
    </li>
    <li>
        <i class="fa--xf far fa-clock" aria-hidden="true" title="{words["start_date"]}"></i>
        <span class="u-srOnly">{words["start_date"]}</span>
        <a href="{parts.thread_path(thread)}" class="u-concealed">{parts.time(moment.written_at(thread, 1))}</a>
    </li>
{tag_list if thread.tags else ""}</ul>"""

    def _similar(self, thread: ThreadInfo) -> str:
        """Rows of other threads below the posts, from 2.1."""
        if self.parts.version == "2.0":
            return ""
        count, moment, nodes = self.parts.world.threads, self.parts.moment, self.parts.world.nodes
        indexes = [i for i in ((thread.index + step) % count for step in (3, 7, 11)) if i not in UNREADABLE]
        others = [moment.thread(index) for index in indexes]
        rows = "".join(row(self.parts, other, nodes[other.board], names_board=True) for other in others)
        return f"""\
<div class="block block--similarThreads" data-widget-id="11" data-widget-key="similar_threads">
    <div class="block-container">
        <h3 class="block-minorHeader">{self.parts.words["similar"]}</h3>
        <div class="block-body">
            <div class="structItemContainer-group js-threadList">
{rows}            </div>
        </div>
    </div>
</div>
"""
