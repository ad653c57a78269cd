"""The index, categories, and boards in boards: lists of nodes."""

from __future__ import annotations

from tests.replica.nodes import NodeInfo
from tests.replica.render.page import Content, Frame
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
        blocks = "".join(self.category_block(category) for category in self.parts.world.tree)
        title = self.parts.world.title
        content = Content(template="forum_list", title=title, html=blocks, path=self.urls.index, sidebar=self._sidebar())
        return self.frame.page(content)

    def category(self, node: NodeInfo) -> str:
        """A category's own page."""
        content = Content(
            template="category_view",
            title=node.title,
            html=f'<div class="block">\n<div class="block-container">\n<div class="block-body">\n{self.rows(node, 1)}'
            "</div>\n</div>\n</div>\n",
            path=self.urls.of("categories", node.title, node.id),
            description=esc(node.description or ""),
            container=node,
        )
        return self.frame.page(content)

    def category_block(self, node: NodeInfo) -> str:
        """A category on the start page; some themes put a link without an address first."""
        path = self.urls.of("categories", node.title, node.id)
        about = f'<span class="block-desc">{esc(node.description)}</span>' if node.description else ""
        collapse = '<a class="u-ripple categoryCollapse--trigger"><i class="uix_icon"></i></a>\n' if node.id == 2 else ""
        return (
            f'<div class="block block--category block--category{node.id} ">\n<span class="u-anchorTarget" id="n.{node.id}">'
            f'</span>\n<div class="block-container">\n<h2 class="block-header">\n{collapse}<a href="{path}">'
            f'{esc(node.title)}</a>{about}\n</h2>\n<div class="block-body">\n{self.rows(node, 2)}</div>\n</div>\n</div>\n'
        )

    def rows(self, parent: NodeInfo, depth: int) -> str:
        """The nodes in a category or board."""
        return "".join(self.node(child, depth) for child in parent.children)

    def node(self, node: NodeInfo, depth: int) -> str:
        """One node."""
        path = self.urls.of(node.route, node.title, node.id)
        about = ""
        if node.description:
            about = f'<div class="node-description node-description--tooltip js-nodeDescTooltip">{esc(node.description)}</div>\n'
        return (
            f'<div class="node node--id{node.id} node--depth{depth} node--{node.kind} node--read">\n<div class="node-body">\n'
            f'<span class="node-icon" aria-hidden="true"><i></i></span>\n<div class="node-main js-nodeMain">\n<h3 class='
            f'"node-title">\n<a href="{path}" data-xf-init="" data-shortcut="node-description">{esc(node.title)}</a>\n'
            f"</h3>\n{about}{self._meta(node)}</div>\n{self._stats(node, 'node-stats', 'rows')}{self._extra(node)}</div>\n"
            "</div>\n"
        )

    def _stats(self, node: NodeInfo, classes: str, kind: str) -> str:
        if node.kind != "forum":
            return ""
        threads, posts = self.parts.moment.counts[node.id]
        return (
            f'<div class="{classes}">\n{self.parts.pairs(self.words["threads"], self.parts.count(threads), kind)}'
            f"{self.parts.pairs(self.words['messages'], self.parts.count(posts), kind)}</div>\n"
        )

    def _meta(self, node: NodeInfo) -> str:
        if node.kind != "forum":
            return ""
        menu = ""
        if node.children:
            menu = (
                f'<div class="node-subNodesFlat">\n<span class="node-subNodesLabel">{self.words["sub_forums"]}</span>\n'
                f'<ol class="node-subNodeFlatList">\n{self._subs(node)}</ol>\n</div>\n'
            )
        return f'<div class="node-meta">\n{self._stats(node, "node-statsMeta", "inline")}</div>\n{menu}'

    def _subs(self, node: NodeInfo) -> str:
        items = []
        for child in node.children:
            deeper = f"<ol>\n{self._subs(child)}</ol>\n" if child.children else ""
            path = self.urls.of(child.route, child.title, child.id)
            items.append(
                f'<li>\n<a href="{path}" class="subNodeLink subNodeLink--{child.kind} "><i class="subNodeLink-icon" '
                f'aria-hidden="true"></i>{esc(child.title)}</a>\n{deeper}</li>\n'
            )
        return "".join(items)

    def _extra(self, node: NodeInfo) -> str:
        if node.kind != "forum":
            return ""
        if not node.lists_threads:
            return '<div class="node-extra"><span class="node-extra-placeholder">–</span></div>\n'
        moment = self.parts.moment
        recent = [t for t in moment.listing(node.id, 1).threads if t.moved_to is None]
        if not recent:
            return '<div class="node-extra"></div>\n'
        thread, number = recent[0], moment.posts(recent[0])
        path = self.parts.thread_path(thread, f"post-{moment.writer.post_id(thread, number)}")
        when = self.parts.time(moment.last_post_at(thread), "node-extra-date u-dt")
        return (
            f'<div class="node-extra">\n<div class="node-extra-row"><a href="{path}" class="node-extra-title" '
            f'title="{esc(thread.title)}">{esc(thread.title)}</a></div>\n<div class="node-extra-row">\n<ul class="listInline '
            f'listInline--bullet">\n<li>{when}</li>\n<li class="node-extra-user">'
            f"{self.parts.username(moment.writer.author(thread, number))}</li>\n</ul>\n</div>\n</div>\n"
        )

    def _sidebar(self) -> str:
        moment, items = self.parts.moment, []
        for index in range(self.parts.world.threads - 3, self.parts.world.threads):
            thread = moment.thread(index)
            path = self.parts.thread_path(thread, "latest")
            items.append(
                f'<li class="block-row"><div class="contentRow"><div class="contentRow-main contentRow-main--close">\n<a '
                f'href="{path}">{esc(thread.title)}</a>\n<div class="contentRow-minor">'
                f"{self.parts.time(moment.last_post_at(thread))}</div>\n</div></div></li>\n"
            )
        return (
            f'<div class="block" data-widget-id="7"><div class="block-container"><h3 class="block-minorHeader">'
            f'{self.words["whats_new"]}</h3>\n<ul class="block-body">\n{"".join(items)}</ul></div></div>'
        )
