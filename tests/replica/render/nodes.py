"""The index, categories, and boards in boards: lists of nodes."""

from __future__ import annotations

from tests.replica.nodes import NodeInfo
from tests.replica.render.head import Content
from tests.replica.render.page import Frame
from tests.replica.render.parts import Parts, esc


class NodesHtml:
    """Writes node lists for one moment."""

    def __init__(self, parts: Parts, frame: Frame) -> None:
        self.parts = parts
        self.frame = frame
        self.urls = parts.urls
        self.words = parts.words

    def index(self) -> str:
        """The forum's start page."""
        content = Content(
            template="forum_list",
            title=self.parts.world.title,
            html="".join(self.category_block(category) for category in self.parts.world.tree),
            path=self.urls.index,
            sidebar=self._sidebar(),
        )
        return self.frame.page(content)

    def category(self, node: NodeInfo) -> str:
        """A category's own page."""
        content = Content(
            template="category_view",
            title=node.title,
            html=self.block(node),
            path=self.urls.of("categories", node.title, node.id),
            description=esc(node.description or ""),
            container=node,
        )
        return self.frame.page(content)

    def block(self, parent: NodeInfo) -> str:
        """What stands in a category or board, on its own page; empty where nothing does."""
        if not parent.children:
            return ""
        return f"""\
<div class="block">
    <div class="block-container">
        <div class="block-body">
{self.rows(parent, 1)}        </div>
    </div>
</div>
"""

    def category_block(self, node: NodeInfo) -> str:
        """A category on the start page; some themes put a link without an address first."""
        path = self.urls.of("categories", node.title, node.id)
        about = f'<span class="block-desc">{esc(node.description)}</span>' if node.description else ""
        collapse = '<a class="u-ripple categoryCollapse--trigger"><i class="uix_icon"></i></a>' if node.id == 2 else ""
        return f"""\
<div class="block block--category block--category{node.id} ">
    <span class="u-anchorTarget" id="category.{node.id}"></span>
    <div class="block-container">
        <h2 class="block-header">
            {collapse}
            <a href="{path}">{esc(node.title)}</a>
            {about}
        </h2>
        <div class="block-body">
{self.rows(node, 2)}        </div>
    </div>
</div>
"""

    def rows(self, parent: NodeInfo, depth: int) -> str:
        """The nodes in a category or board."""
        return "".join(self.node(child, depth) for child in parent.children)

    def node(self, node: NodeInfo, depth: int) -> str:
        """One node. Only boards have counts, boards in them and a last post."""
        path, tip = self.urls.of(node.route, node.title, node.id), "node-description--tooltip js-nodeDescTooltip"
        about = f'<div class="node-description {tip}">{esc(node.description)}</div>' if node.description else ""
        is_forum = node.kind == "forum"
        return f"""\
<div class="node node--id{node.id} node--depth{depth} node--{node.kind} node--read">
<div class="node-body">
    <span class="node-icon" aria-hidden="true"><i></i></span>
    <div class="node-main js-nodeMain">
        <h3 class="node-title">
            <a href="{path}" data-xf-init="" data-shortcut="node-description">{esc(node.title)}</a>
        </h3>
        {about}
        {self._meta(node) if is_forum else ""}
    </div>
{self._stats(node, "node-stats", "rows") if is_forum else ""}
{self._extra(node) if is_forum else ""}
</div>
</div>
"""

    def _stats(self, node: NodeInfo, classes: str, kind: str) -> str:
        threads, posts = self.parts.moment.counts[node.id]
        return (
            f'<div class="{classes}">\n{self.parts.pairs(self.words["threads"], self.parts.count(threads), kind)}'
            f"{self.parts.pairs(self.words['messages'], self.parts.count(posts), kind)}</div>"
        )

    def _meta(self, node: NodeInfo) -> str:
        subs = f"""\
<div class="node-subNodesFlat">
    <span class="node-subNodesLabel">{self.words["sub_forums"]}</span>
    <ol class="node-subNodeFlatList">
{self._subs(node)}    </ol>
</div>"""
        stats = self._stats(node, "node-statsMeta", "inline")
        return f'<div class="node-meta">\n{stats}\n</div>\n{subs if node.children else ""}'

    def _subs(self, node: NodeInfo) -> str:
        items = []
        for child in node.children:
            deeper = f"<ol>\n{self._subs(child)}</ol>\n" if child.children else ""
            path, classes = self.urls.of(child.route, child.title, child.id), f"subNodeLink subNodeLink--{child.kind} "
            icon = '<i class="subNodeLink-icon" aria-hidden="true"></i>'
            items.append(f'<li>\n<a href="{path}" class="{classes}">{icon}{esc(child.title)}</a>\n{deeper}</li>\n')
        return "".join(items)

    def _extra(self, node: NodeInfo) -> str:
        if not node.lists_threads:
            return '<div class="node-extra"><span class="node-extra-placeholder">–</span></div>'
        moment = self.parts.moment
        recent = [t for t in moment.listing(node.id, 1).threads if t.moved_to is None]
        if not recent:
            return '<div class="node-extra"></div>'
        thread, number = recent[0], moment.posts(recent[0])
        path = self.parts.thread_path(thread, f"post-{moment.writer.post_id(thread, number)}")
        return f"""\
<div class="node-extra">
    <div class="node-extra-row">
        <a href="{path}" class="node-extra-title" title="{esc(thread.title)}">{esc(thread.title)}</a>
    </div>
    <div class="node-extra-row">
        <ul class="listInline listInline--bullet">
            <li>{self.parts.time(moment.last_post_at(thread), "node-extra-date u-dt")}</li>
            <li class="node-extra-user">{self.parts.username(moment.writer.author(thread, number))}</li>
        </ul>
    </div>
</div>"""

    def _sidebar(self) -> str:
        moment, items = self.parts.moment, []
        for index in range(self.parts.world.threads - 3, self.parts.world.threads):
            thread = moment.thread(index)
            items.append(f"""\
<li class="block-row"><div class="contentRow"><div class="contentRow-main contentRow-main--close">
    <a href="{self.parts.thread_path(thread, "latest")}">{esc(thread.title)}</a>
    <div class="contentRow-minor">{self.parts.time(moment.last_post_at(thread))}</div>
</div></div></li>
""")
        return f"""\
<div class="block" data-widget-id="7" data-widget-key="forum_overview_new_posts"><div class="block-container">
    <h3 class="block-minorHeader">{self.words["whats_new"]}</h3>
    <ul class="block-body">
{"".join(items)}    </ul>
</div></div>"""
