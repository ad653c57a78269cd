"""Rows of thread lists, on board pages and among the similar threads below a thread."""

from __future__ import annotations

from tests.replica.nodes import NodeInfo
from tests.replica.render.parts import Parts, esc
from tests.replica.threads import ThreadInfo


def labels(parts: Parts, thread: ThreadInfo, board: NodeInfo | None) -> str:
    """A thread's prefixes; as links that filter its board where `board` is given."""
    shown = []
    for number, prefix in enumerate(thread.prefixes, 1):
        label = f'<span class="label label--primary" dir="auto">{esc(prefix)}</span>'
        if board is None:
            shown.append(f'{label}<span class="label-append">&nbsp;</span>')
        else:
            path = parts.urls.of("forums", board.title, board.id)
            path += f"{'&amp;' if '?' in path else '?'}prefix_id={number}"
            shown.append(f'<a href="{path}" class="labelLink" rel="nofollow">{label}</a>\n\t\t')
    return "".join(shown)


def _statuses(parts: Parts, thread: ThreadInfo) -> str:
    flags = {"sticky": thread.sticky, "locked": thread.locked, "redirect": thread.moved_to is not None}
    names = [name for name, holds in flags.items() if holds]
    if thread.kind != "discussion":
        names.append(thread.kind)
    items = "".join(
        f"""\
<li>
    <i class="structItem-status structItem-status--{name}" aria-hidden="true" title="{parts.words.get(name, name)}"></i>
    <span class="u-srOnly">{parts.words.get(name, name)}</span>
</li>
"""
        for name in names
    )
    return f'<ul class="structItem-statuses">\n{items}</ul>\n' if items else ""


def _jumps(parts: Parts, thread: ThreadInfo) -> str:
    pages = parts.moment.pages(thread)
    links = "".join(
        f'<a href="{parts.thread_path(thread, f"page-{page}")}">{page}</a>\n'
        for page in range(max(2, pages - 2), pages + 1)
    )
    return f'<span class="structItem-pageJump">\n{links}</span>\n' if links else ""


def _counts(parts: Parts, thread: ThreadInfo) -> str:
    replies, views = parts.count(parts.moment.posts(thread) - 1), parts.count(parts.moment.views(thread))
    if thread.moved_to is not None:
        replies = views = "&ndash;"
    words = parts.words
    return parts.pairs(words["replies"], replies) + parts.pairs(words["views"], views, "justified structItem-minor")


def _latest(parts: Parts, thread: ThreadInfo) -> str:
    if thread.moved_to is not None:
        return parts.words["moved"]
    time = parts.time(parts.moment.last_post_at(thread), "structItem-latestDate u-dt")
    who = parts.username(parts.moment.writer.author(thread, parts.moment.posts(thread)))
    return f"""\
<a href="{parts.thread_path(thread, "latest")}" rel="nofollow">{time}</a>
    <div class="structItem-minor">
        {who}
    </div>"""


def row(parts: Parts, thread: ThreadInfo, board: NodeInfo, *, names_board: bool = False) -> str:
    """One row. A thread that was moved away tells no counts and no last post."""
    moment, starter = parts.moment, parts.moment.starter(thread)
    path = parts.thread_path(thread)
    title_path = parts.thread_path(thread, "unread") if thread.index % 13 == 6 else path
    where = f'<li><a href="{parts.urls.of("forums", board.title, board.id)}">{esc(board.title)}</a></li>\n'
    started = parts.time(moment.written_at(thread, 1))
    last_by = moment.writer.author(thread, moment.posts(thread))
    return f"""\
<div class="structItem structItem--thread{" is-prefix1" if thread.prefixes else ""} js-inlineModContainer \
js-threadListItem-{thread.id}" data-author="{esc(starter.name)}">
<div class="structItem-cell structItem-cell--icon">
    <div class="structItem-iconContainer">
        {parts.avatar(starter, "s")}
    </div>
</div>
<div class="structItem-cell structItem-cell--main" data-xf-init="touch-proxy">
    {_statuses(parts, thread)}
    <div class="structItem-title">
        {labels(parts, thread, board)}<a href="{title_path}" class="" data-tp-primary="on"
            data-xf-init="preview-tooltip"
            data-preview-url="{parts.thread_path(thread, "preview")}">{esc(thread.title)}</a>
    </div>
    <div class="structItem-minor">
        <ul class="structItem-parts">
            <li>{parts.username(starter)}</li>
            <li class="structItem-startDate"><a href="{path}" rel="nofollow">{started}</a></li>
            {where if names_board else ""}
        </ul>
        {_jumps(parts, thread)}
    </div>
</div>
<div class="structItem-cell structItem-cell--meta" title="0">
{_counts(parts, thread)}</div>
<div class="structItem-cell structItem-cell--latest">
    {_latest(parts, thread)}
</div>
<div class="structItem-cell structItem-cell--icon structItem-cell--iconEnd">
    <div class="structItem-iconContainer">
        {parts.avatar(last_by, "xxs")}
    </div>
</div>
</div>
"""
