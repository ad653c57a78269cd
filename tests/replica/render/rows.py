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
        if board is not None:
            path = parts.urls.of("forums", board.title, board.id)
            path += f"{'&amp;' if '?' in path else '?'}prefix_id={number}"
            label = f'<a href="{path}" class="labelLink" rel="nofollow">{label}</a>\n\t\t'
        shown.append(label if board is not None else f'{label}<span class="label-append">&nbsp;</span>')
    return "".join(shown)


def _statuses(parts: Parts, thread: ThreadInfo) -> str:
    names = [name for name in ("sticky", "locked") if getattr(thread, name)]
    if thread.kind != "discussion":
        names.append(thread.kind)
    if thread.moved_to:
        names.append("redirect")
    items = "".join(
        f'<li>\n<i class="structItem-status structItem-status--{name}" aria-hidden="true" '
        f'title="{parts.words.get(name, name)}"></i>\n<span class="u-srOnly">{parts.words.get(name, name)}</span>\n</li>\n'
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


def row(parts: Parts, thread: ThreadInfo, board: NodeInfo, *, names_board: bool = False) -> str:
    """One row. A thread that was moved away tells no counts and no last post."""
    moment, words, starter = parts.moment, parts.words, parts.moment.starter(thread)
    path, started = parts.thread_path(thread), parts.time(moment.written_at(thread, 1))
    unread = parts.thread_path(thread, "unread") if thread.index % 13 == 6 else path
    moved = thread.moved_to is not None
    replies = "&ndash;" if moved else parts.count(moment.posts(thread) - 1)
    views = "&ndash;" if moved else parts.count(moment.views(thread))
    last = parts.time(moment.last_post_at(thread), "structItem-latestDate u-dt")
    last_by = moment.writer.author(thread, moment.posts(thread))
    latest = (
        words["moved"]
        if moved
        else f'<a href="{parts.thread_path(thread, "latest")}" rel="nofollow">{last}</a>\n'
        f'<div class="structItem-minor">\n{parts.username(last_by)}\n</div>\n'
    )
    where = f'<li><a href="{parts.urls.of("forums", board.title, board.id)}">{esc(board.title)}</a></li>\n'
    prefix = " is-prefix1" if thread.prefixes else ""
    return (
        f'<div class="structItem structItem--thread{prefix} js-inlineModContainer js-threadListItem-{thread.id}" '
        f'data-author="{esc(starter.name)}">\n<div class="structItem-cell structItem-cell--icon">\n<div class='
        f'"structItem-iconContainer">\n{parts.avatar(starter, "s")}\n</div>\n</div>\n<div class="structItem-cell '
        f'structItem-cell--main" data-xf-init="touch-proxy">\n{_statuses(parts, thread)}<div class="structItem-title">\n'
        f'{labels(parts, thread, board)}<a href="{unread}" class="" data-tp-primary="on" data-xf-init="preview-tooltip" '
        f'data-preview-url="{parts.thread_path(thread, "preview")}">{esc(thread.title)}</a>\n</div>\n<div class='
        f'"structItem-minor">\n<ul class="structItem-parts">\n<li>{parts.username(starter)}</li>\n<li class='
        f'"structItem-startDate"><a href="{path}" rel="nofollow">{started}</a></li>\n{where if names_board else ""}</ul>\n'
        f'{_jumps(parts, thread)}</div>\n</div>\n<div class="structItem-cell structItem-cell--meta" title="0">\n'
        f'{parts.pairs(words["replies"], replies)}{parts.pairs(words["views"], views, "justified structItem-minor")}'
        f'</div>\n<div class="structItem-cell structItem-cell--latest">\n{latest}</div>\n<div class="structItem-cell '
        f'structItem-cell--icon structItem-cell--iconEnd">\n<div class="structItem-iconContainer">\n'
        f'{parts.avatar(last_by, "xxs")}\n</div>\n</div>\n</div>\n'
    )
