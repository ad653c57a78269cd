"""The frame of every page: header, navigation, breadcrumbs, footer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from tests.replica.nodes import NodeInfo
from tests.replica.render.head import Content, Head
from tests.replica.render.parts import Parts, esc


class Frame:
    """Builds whole pages for one moment; what is alike on all pages is built once."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.head = Head(parts)
        self.world = parts.world
        self.urls = parts.urls

    def page(self, content: Content) -> str:
        """The page."""
        words = self.parts.words
        crumbs = self._crumbs(content.crumbs)
        heading = content.heading if content.heading is not None else esc(content.title)
        header = f'<div class="p-title ">\n<h1 class="p-title-value">{heading}</h1>\n</div>\n' if heading else ""
        if content.description:
            header += f'<div class="p-description">{content.description}</div>\n'
        sidebar = f'<div class="p-body-sidebar">\n{content.sidebar}\n</div>\n' if content.sidebar else ""
        ld_json = f'<script type="application/ld+json">\n{content.ld_json}\n</script>\n' if content.ld_json else ""
        return f"""\
{self.head.html(content)}
<body data-template="{content.template}">
{self._top}
<div class="p-body">
<div class="p-body-inner">
    <!--XF:EXTRA_OUTPUT-->
{crumbs}
<noscript><div class="blockMessage blockMessage--important blockMessage--iconic u-noJsOnly">\
{words["no_js"]}</div></noscript>
<div class="blockMessage blockMessage--important blockMessage--iconic js-browserWarning" style="display: none">!</div>
<div class="p-body-header">
{header}</div>
<div class="p-body-main {"p-body-main--withSidebar" if sidebar else ""} ">
    <div class="p-body-contentCol"></div>
    <div class="p-body-content">
        <div class="p-body-pageContent">
{content.html}
        </div>
    </div>
{sidebar}</div>
{crumbs.replace('"p-breadcrumbs "', '"p-breadcrumbs p-breadcrumbs--bottom"')}
</div>
</div>
{self._bottom}{ld_json}</body>
</html>
"""

    def _crumbs(self, crumbs: Sequence[tuple[str, str]]) -> str:
        trail = [(self.urls.index, self.parts.words["forums"]), *((path, esc(title)) for path, title in crumbs)]
        items = "".join(
            f"""\
<li itemprop="itemListElement" itemscope itemtype="https://schema.org/ListItem">
    <a href="{path}" itemprop="item">
        <span itemprop="name">{title}</span>
    </a>
    <meta itemprop="position" content="{place}" />
</li>
"""
            for place, (path, title) in enumerate(trail, 1)
        )
        return f'<ul class="p-breadcrumbs "\n\titemscope itemtype="https://schema.org/BreadcrumbList">\n{items}</ul>'

    def trail(self, node: NodeInfo | None) -> list[tuple[str, str]]:
        """Breadcrumbs down to a node, the node itself included."""
        if node is None:
            return []
        return [*self.trail(node.parent), (self.urls.of(node.route, node.title, node.id), node.title)]

    @cached_property
    def _top(self) -> str:
        route, words = self.urls.route, self.parts.words
        links = "".join(
            f"""\
<li><div class="p-navEl " ><a href="{path}" class="p-navEl-link " data-nav-id="{name}">{words[label]}</a></div></li>
"""
            for name, label, path in (
                ("forums", "forums", self.urls.index),
                ("whatsNew", "whats_new", route("whats-new/")),
                ("newPosts", "whats_new", route("whats-new/posts/")),
                ("members", "members", route("members/")),
                ("searchForums", "search", route("search/", "type=post")),
            )
        )
        return f"""\
<div class="p-pageWrapper" id="top">
<header class="p-header" id="header"><div class="p-header-inner">
    <div class="p-header-logo"><a href="{self.urls.index}">{esc(self.world.title)}</a></div>
</div></header>
<div class="p-navSticky p-navSticky--primary" data-xf-init="sticky-header">
<nav class="p-nav"><div class="p-nav-inner">
    <ul class="p-nav-list js-offCanvasNavSource">
{links}    </ul>
    <div class="p-navgroup p-account p-navgroup--guest">
        <a href="{route("login/")}" class="p-navgroup-link p-navgroup-link--logIn">{words["log_in"]}</a>
        <a href="{route("register/")}" class="p-navgroup-link p-navgroup-link--register">{words["register"]}</a>
        <a href="{route("misc/language")}" rel="nofollow" class="p-navgroup-link">{self.world.lang.locale}</a>
    </div>
</div></nav>
</div>
<ul class="notices notices--block  js-notices" data-xf-init="notices" data-type="block">
    <li class="notice js-notice notice--primary"><div class="notice-content">{words["signup"]}</div></li>
</ul>"""

    @cached_property
    def _bottom(self) -> str:
        route = self.urls.route
        links = "".join(
            f'<li><a href="{path}">{text}</a></li>\n'
            for path, text in (
                (route("misc/contact"), "Contact"),
                (route("help/terms/"), "Terms"),
                (route("account/preferences"), "Account"),
                (route("forums/-/index.rss"), "RSS"),
            )
        )
        return f"""\
<footer class="p-footer" id="footer">
<div class="p-footer-inner">
    <ul class="p-footer-linkList">
{links}    </ul>
    <div class="p-footer-copyright">Community platform</div>
</div>
</footer>
</div>
<div class="u-bottomFixer js-bottomFixTarget"></div>
{"" if self.world.version == "2.3" else self.head.config}
<form style="display:none" hidden="hidden">
    <input type="text" name="_xfClientLoadTime" value="" id="_xfClientLoadTime" tabindex="-1" />
</form>
"""
