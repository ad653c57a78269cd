"""The frame of every page: head, header, navigation, breadcrumbs, footer, scripts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from tests.replica.nodes import NodeInfo
from tests.replica.render.parts import Parts, esc

_TOKEN = "1733400000,0123456789abcdef0123456789abcdef"


@dataclass(slots=True, kw_only=True)
class Content:
    """What one page puts into the frame. `heading` is the h1's HTML, `path` the canonical path."""

    template: str
    title: str
    html: str
    path: str | None = None
    heading: str | None = None
    description: str = ""
    crumbs: Sequence[tuple[str, str]] = ()
    container: NodeInfo | None = None
    content_key: str = ""
    next_path: str = ""
    sidebar: str = ""
    ld_json: str = ""
    head: str = ""


class Frame:
    """Builds whole pages for one moment; what is alike on all pages is built once."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
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
{self._html_tag(content)}{self._head(content)}
<body data-template="{content.template}">
{self._top}
<div class="p-body">
<div class="p-body-inner">
    <!--XF:EXTRA_OUTPUT-->
{crumbs}
<noscript><div class="blockMessage blockMessage--important blockMessage--iconic u-noJsOnly">{words["no_js"]}</div></noscript>
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

    def _html_tag(self, content: Content) -> str:
        world, version = self.world, self.world.version
        container = f"node-{content.container.id}" if content.container else ""
        return f"""\
<!DOCTYPE html>
<html id="XF" lang="{world.lang.locale}" dir="{world.lang.direction}"{' data-xf="2.3"' if version == "2.3" else ""}
    data-app="public"
    data-template="{content.template}"
    data-container-key="{container}"
    data-content-key="{content.content_key if version > "2.0" else ""}"
    data-logged-in="false"
    data-cookie-prefix="xf_"
    data-csrf="{_TOKEN}"
    class="has-no-js template-{content.template}"
    >
"""

    def _head(self, content: Content) -> str:
        title, site, file = esc(content.title), esc(self.world.title), self.urls.file
        links = ""
        if content.path is not None:
            url = self.urls.absolute(content.path)
            links = f'<meta property="og:url" content="{url}" />\n    <link rel="canonical" href="{url}" />'
        if content.next_path:
            links += f'\n    <link rel="next" href="{content.next_path}" />'
        return f"""\
<head>
    <meta charset="utf-8" />
    <meta http-equiv="X-UA-Compatible" content="IE=Edge" />
    <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">

    <title>{title} | {site}</title>

    <link rel="manifest" href="{file("webmanifest.php")}">
    {links}
    <meta property="og:site_name" content="{site}" />
    <meta property="og:type" content="website" />
    <meta property="og:title" content="{title}" />
    <meta property="twitter:title" content="{title}" />
    <link rel="stylesheet" href="{file("css.php?css=public%3Anormalize.css%2Cpublic%3Acore.less&amp;s=1&amp;d=1733400000")}" />
    <script src="{file("js/xf/preamble.min.js?_v=1f")}"></script>
    {self._config if self.world.version == "2.3" else ""}
    {content.head}
</head>"""

    @cached_property
    def _config(self) -> str:
        is_new = self.world.version == "2.3"
        opening = "XF.ready(() => { XF.extendObject(" if is_new else "jQuery.extend("
        return f"""\
<script>
{opening}true, XF.config, {{
    userId: 0,
    url: {{
        fullBase: '{self.urls.absolute(self.urls.index)}',
        basePath: '{self.urls.index}',
        css: '{self.urls.file("css.php?css=__SENTINEL__&s=1&l=1")}',
        keepAlive: '{self.urls.route("login/keep-alive")}'
    }},
    cookie: {{ path: '{self.urls.index}', prefix: 'xf_' }},
    csrf: '{_TOKEN}',
    time: {{ now: 1733400000, today: 1733356800 }}
}}{") });" if is_new else ");"}
</script>"""

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
        <a href="{route("login/")}" class="p-navgroup-link p-navgroup-link--logIn" data-xf-click="overlay">{words["log_in"]}</a>
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
{"" if self.world.version == "2.3" else self._config}
<form style="display:none" hidden="hidden">
    <input type="text" name="_xfClientLoadTime" value="" id="_xfClientLoadTime" tabindex="-1" />
</form>
"""
