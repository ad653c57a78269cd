"""What one page puts into the frame, and the head of every page."""

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


class Head:
    """Builds the beginning of pages for one moment."""

    def __init__(self, parts: Parts) -> None:
        self.world = parts.world
        self.urls = parts.urls

    def html(self, content: Content) -> str:
        """From the doctype to the end of the head."""
        return self._html_tag(content) + self._head(content)

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
    <link rel="stylesheet" href="{file("css.php?css=public%3Acore.less&amp;s=1&amp;d=1733400000")}" />
    <script src="{file("js/xf/preamble.min.js?_v=1f")}"></script>
    {self.config if self.world.version == "2.3" else ""}
    {content.head}
</head>"""

    @cached_property
    def config(self) -> str:
        """The inline script that tells the forum's base address: in the head in 2.3, before that at the end."""
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
