"""A board's page: the boards in it and its threads."""

from __future__ import annotations

from tests.replica.nodes import NodeInfo
from tests.replica.render.head import Content
from tests.replica.render.nodes import NodesHtml
from tests.replica.render.page import Frame
from tests.replica.render.parts import Parts, esc
from tests.replica.render.rows import row


class BoardHtml:
    """Writes board pages for one moment."""

    def __init__(self, parts: Parts, frame: Frame, nodes: NodesHtml) -> None:
        self.parts = parts
        self.frame = frame
        self.nodes = nodes

    def page(self, node: NodeInfo, page: int) -> str:
        """Page `page` of a board."""
        listing = self.parts.moment.listing(node.id, page)

        def path(tail: str) -> str:
            return self.parts.urls.of("forums", node.title, node.id, tail)

        here = path(f"page-{page}" if page > 1 else "")
        nav = self.parts.page_nav(path, page, listing.pages)
        feed = path("index.rss")
        content = Content(
            template="forum_view",
            title=node.title if page == 1 else f"{node.title} | {page}",
            html=self.nodes.block(node) + self._threads(node, page, nav, path("")),
            path=here,
            heading=esc(node.title),
            description=esc(node.description or ""),
            crumbs=self.frame.trail(node.parent),
            container=node,
            next_path=path(f"page-{page + 1}") if page < listing.pages else "",
            head=f'<link rel="alternate" type="application/rss+xml" title="RSS" href="{feed}" />\n',
        )
        return self.frame.page(content)

    def _threads(self, node: NodeInfo, page: int, nav: str, path: str) -> str:
        listing, words = self.parts.moment.listing(node.id, page), self.parts.words
        join = "&amp;" if "?" in path else "?"
        sticky = "".join(row(self.parts, thread, node) for thread in listing.sticky)
        rows = "".join(row(self.parts, thread, node) for thread in listing.threads)
        if not rows and not sticky:
            cell = f'<div class="structItem-cell">{words["empty"]}</div>'
            rows = f'<div class="structItem js-emptyThreadList">\n{cell}\n</div>\n'
        if sticky:
            sticky = f'<div class="structItemContainer-group structItemContainer-group--sticky">\n{sticky}</div>'
        return f"""\
<div class="block" data-xf-init="" data-type="thread" data-href="/inline-mod/">
<div class="block-outer">{nav}</div>
<div class="block-container">
    <div class="block-filterBar"><div class="filterBar">
        <a href="{path}{join}order=view_count&amp;direction=desc" rel="nofollow">{words["views"]}</a>
        <a href="{path}{join}order=reply_count&amp;direction=desc" rel="nofollow">{words["replies"]}</a>
    </div></div>
    <div class="block-body">
        <div class="structItemContainer">
        {sticky}
        <div class="structItemContainer-group js-threadList">
{rows}        </div>
        </div>
    </div>
</div>
<div class="block-outer block-outer--after">
{nav}
</div>
</div>
"""
