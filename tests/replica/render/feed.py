"""The RSS feed of a board and the robots file."""

from __future__ import annotations

from email.utils import format_datetime

from tests.replica.nodes import NodeInfo
from tests.replica.render.parts import Parts, esc


def feed(parts: Parts, node: NodeInfo) -> str:
    """A board's newest threads; pubDate is the last post, as XenForo has it."""
    moment, items = parts.moment, []
    for thread in moment.listing(node.id, 1).threads:
        url = parts.urls.absolute(parts.thread_path(thread))
        items.append(
            f"<item><title>{esc(thread.title)}</title><pubDate>{format_datetime(moment.last_post_at(thread))}</pubDate>"
            f'<link>{url}</link><guid isPermaLink="true">{url}</guid>'
            f"<dc:creator>{esc(moment.starter(thread).name)}</dc:creator>"
            f"<slash:comments>{moment.posts(thread) - 1}</slash:comments></item>\n"
        )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:slash="http://purl.org/rss/1.0/modules/slash/"><channel>'
        f"<title>{esc(node.title)}</title>\n{''.join(items)}</channel></rss>\n"
    )


def robots(parts: Parts) -> str:
    """One path is closed; every page links it."""
    return f"User-agent: *\nDisallow: {parts.urls.route('account/')}\nAllow: /\n"
