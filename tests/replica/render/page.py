"""The frame of every page: head, header, navigation, breadcrumbs, footer, scripts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
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
    head: str = field(default="")


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
        return (
            f"{self._html_tag(content)}{self._head(content)}\n<body data-template=\"{content.template}\">\n"
            f"{self._top}<div class=\"p-body\">\n\t<div class=\"p-body-inner\">\n\t\t<!--XF:EXTRA_OUTPUT-->\n"
            f'<ul class="p-breadcrumbs "\n\titemscope itemtype="https://schema.org/BreadcrumbList">\n{crumbs}</ul>\n'
            '<noscript><div class="blockMessage blockMessage--important blockMessage--iconic u-noJsOnly">'
            f'{words["no_js"]}</div></noscript>\n<div class="blockMessage blockMessage--important '
            'blockMessage--iconic js-browserWarning" style="display: none">Old browser.</div>\n'
            f'<div class="p-body-header">\n{header}</div>\n<div class="p-body-main '
            f'{"p-body-main--withSidebar" if sidebar else ""} ">\n<div class="p-body-contentCol"></div>\n'
            f'<div class="p-body-content">\n<div class="p-body-pageContent">\n{content.html}\n</div>\n</div>\n{sidebar}'
            '</div>\n<ul class="p-breadcrumbs p-breadcrumbs--bottom"\n\titemscope itemtype="https://schema.org/'
            f'BreadcrumbList">\n{crumbs}</ul>\n</div>\n</div>\n{self._bottom}{ld_json}</body>\n</html>\n'
        )

    def _html_tag(self, content: Content) -> str:
        world, version = self.world, self.world.version
        container = f"node-{content.container.id}" if content.container else ""
        key = f'data-content-key="{content.content_key if version > "2.0" else ""}"'
        hint = ' data-xf="2.3"' if version == "2.3" else ""
        token = f'\n\tdata-csrf="{_TOKEN}"' if version >= "2.2" else ""
        return (
            f'<!DOCTYPE html>\n<html id="XF" lang="{world.lang.locale}" dir="{world.lang.direction}"{hint}\n\t'
            f'data-app="public"\n\tdata-template="{content.template}"\n\tdata-container-key="{container}"\n\t{key}\n\t'
            f'data-logged-in="false"\n\tdata-cookie-prefix="xf_"{token}\n\tclass="has-no-js '
            f'template-{content.template}"\n\t>\n'
        )

    def _head(self, content: Content) -> str:
        title, site = esc(content.title), esc(self.world.title)
        links = ""
        if content.path is not None:
            url = self.urls.absolute(content.path)
            links = f'<meta property="og:url" content="{url}" />\n\t<link rel="canonical" href="{url}" />\n'
        if content.next_path:
            links += f'\t<link rel="next" href="{content.next_path}" />\n'
        script = f"<script>{self._config}</script>\n" if self.world.version == "2.3" else ""
        return (
            '<head>\n\t<meta charset="utf-8" />\n\t<meta http-equiv="X-UA-Compatible" content="IE=Edge" />\n\t'
            '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">\n\n\t'
            f"<title>{title} | {site}</title>\n\n\t<link rel=\"manifest\" href=\"{self.urls.file('webmanifest.php')}\">\n\t"
            f'{links}\t<meta property="og:site_name" content="{site}" />\n\t<meta property="og:type" content="website" />'
            f'\n\t<meta property="og:title" content="{title}" />\n\t<link rel="stylesheet" href="'
            f'{self.urls.file("css.php?css=public%3Anormalize.css&amp;s=1&amp;l=1&amp;d=1733400000")}" />\n\t'
            f'<script src="{self.urls.file("js/xf/preamble.min.js?_v=1f")}"></script>\n\t{script}{content.head}</head>'
        )

    @cached_property
    def _config(self) -> str:
        call = "XF.ready(() => { XF.extendObject" if self.world.version == "2.3" else "jQuery.extend"
        end = ") })" if self.world.version == "2.3" else ");"
        return (
            f"\n{call}(true, XF.config, {{\n\tuserId: 0,\n\turl: {{\n\t\tfullBase: '{self.urls.absolute(self.urls.index)}',"
            f"\n\t\tbasePath: '{self.urls.index}',\n\t\tkeepAlive: '{self.urls.route('login/keep-alive')}'\n\t}},\n\t"
            f"cookie: {{\n\t\tpath: '{self.urls.index}',\n\t\tprefix: 'xf_'\n\t}},\n\tcsrf: '{_TOKEN}',\n\ttime: {{\n\t\t"
            f"now: 1733400000\n\t}}\n}}{end}\n"
        )

    def _crumbs(self, crumbs: Sequence[tuple[str, str]]) -> str:
        trail = [(self.urls.index, self.parts.words["forums"]), *((path, esc(title)) for path, title in crumbs)]
        return "".join(
            '<li itemprop="itemListElement" itemscope itemtype="https://schema.org/ListItem">\n\t'
            f'<a href="{path}" itemprop="item">\n\t\t<span itemprop="name">{title}</span>\n\t</a>\n\t'
            f'<meta itemprop="position" content="{place}" />\n</li>\n'
            for place, (path, title) in enumerate(trail, 1)
        )

    def trail(self, node: NodeInfo | None) -> list[tuple[str, str]]:
        """Breadcrumbs down to a node, the node itself included."""
        if node is None:
            return []
        return [*self.trail(node.parent), (self.urls.of(node.route, node.title, node.id), node.title)]

    @cached_property
    def _top(self) -> str:
        route, words = self.urls.route, self.parts.words
        links = "".join(
            f'<li><div class="p-navEl " ><a href="{path}" class="p-navEl-link " data-nav-id="{name}">{words[label]}</a>'
            "</div></li>\n"
            for name, label, path in (
                ("forums", "forums", self.urls.index),
                ("whatsNew", "whats_new", route("whats-new/")),
                ("newPosts", "whats_new", route("whats-new/posts/")),
                ("members", "members", route("members/")),
                ("searchForums", "search", route("search/", "type=post")),
            )
        )
        return (
            f'<div class="p-pageWrapper" id="top">\n<header class="p-header" id="header"><div class="p-header-inner">'
            f'<div class="p-header-logo"><a href="{self.urls.index}">{esc(self.world.title)}</a></div></div></header>\n'
            '<div class="p-navSticky p-navSticky--primary" data-xf-init="sticky-header">\n<nav class="p-nav"><div '
            f'class="p-nav-inner">\n<ul class="p-nav-list js-offCanvasNavSource">\n{links}</ul>\n<div class="p-navgroup '
            f'p-account p-navgroup--guest">\n<a href="{route("login/")}" class="p-navgroup-link" data-xf-click="overlay">'
            f'{words["log_in"]}</a>\n<a href="{route("register/")}" class="p-navgroup-link">{words["register"]}</a>\n<a '
            f'href="{route("misc/language")}" rel="nofollow" class="p-navgroup-link">{self.world.lang.locale}</a>\n</div>\n'
            f'</div></nav>\n</div>\n<ul class="notices notices--block  js-notices" data-xf-init="notices"><li class='
            f'"notice js-notice notice--primary"><div class="notice-content">{words["signup"]}</div></li></ul>\n'
        )

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
        script = "" if self.world.version == "2.3" else f"<script>{self._config}</script>\n"
        return (
            f'<footer class="p-footer" id="footer">\n<div class="p-footer-inner">\n<ul class="p-footer-linkList">\n{links}'
            '</ul>\n<div class="p-footer-copyright">Community platform</div>\n</div>\n</footer>\n</div>\n'
            '<div class="u-bottomFixer js-bottomFixTarget"></div>\n'
            f'{script}<form style="display:none" hidden="hidden"><input type="text" name="_xfClientLoadTime" value="" '
            'id="_xfClientLoadTime" tabindex="-1" /></form>\n'
        )
