"""A body's nodes as XenForo's HTML, with what differs between versions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from json import dumps

from tests.replica.body import (
    Anchor,
    Block,
    Break,
    Code,
    Inline,
    Items,
    Media,
    Mention,
    Node,
    Picture,
    Quoted,
    Rule,
    Smilie,
    Spoiler,
    Table,
    Text,
    Unfurl,
)
from tests.replica.links import proxied, wrapped
from tests.replica.render.blocks import code_html, quote_html, spoiler_html, unfurl_html
from tests.replica.render.parts import Parts, esc

_EMPTY = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


class BodyHtml:
    """Writes bodies for one world; knows nothing of the truth."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.urls = parts.urls
        self.version = parts.version
        self.rel = ' rel="nofollow ugc noopener"' if self.version >= "2.2" else ' rel="noopener"'
        self.external = lru_cache(maxsize=1024)(self._external)

    def html(self, nodes: Sequence[Node]) -> str:
        """The inner HTML of some nodes."""
        return "".join([self.node(node) for node in nodes])

    def node(self, node: Node) -> str:
        """One node."""
        match node:
            case Text(text):
                return esc(text)
            case Break():
                return "<br />\n"
            case Rule():
                return "<hr />"
            case Inline(tag, children, attributes):
                return f"<{tag}{attributes}>{self.html(children)}</{tag}>"
            case Block(tag, children, attributes, zero_width):
                return f"<{tag}{attributes}>{self.html(children)}{'&#8203;' if zero_width else ''}</{tag}>"
            case Quoted():
                return quote_html(self.parts, node, self.html(node.children))
            case Spoiler(children, title):
                return spoiler_html(self.parts, self.html(children), title)
            case Code(text, language):
                return code_html(self.parts, text, language)
            case Items(items, ordered):
                tag = "ol" if ordered else "ul"
                lines = [f'<li data-xf-list-type="{tag}">{self.html(item)}</li>\n' for item in items]
                return f"<{tag}>\n{''.join(lines)}</{tag}>"
            case Table(rows):
                cells = ["".join(f"<td>{self.html(cell)}</td>\n" for cell in row) for row in rows]
                inner = "".join(f"<tr>\n{row}</tr>\n" for row in cells)
                return f'<div class="bbTable">\n<table style="width: 100%">\n{inner}</table>\n</div>'
            case Picture():
                return self.picture(node)
            case Anchor(url, children, kind, wrap):
                return self.anchor(url, self.html(children), kind, wrap)
            case Mention(member_id, name):
                return (
                    f'<a href="{self.urls.of("members", name, member_id)}" class="username" '
                    f'data-xf-init="member-tooltip" data-user-id="{member_id}" data-username="@{esc(name)}">'
                    f"@{esc(name)}</a>"
                )
            case Unfurl(url):
                link = self.external(url, " fauxBlockLink-blockLink", "")
                return unfurl_html(self.parts, link, node)
            case Media(url, site, form):
                return self.media(url, site, form)
            case Smilie(code):
                return (
                    f'<img src="{_EMPTY}" class="smilie smilie--sprite smilie--sprite1" alt="{esc(code)}" '
                    f'title="Smile    {esc(code)}"{self.parts.lazy} data-shortname="{esc(code)}" />'
                )

    def anchor(self, url: str, inner: str, kind: str, wrap: str) -> str:
        """A link; those that lead away open elsewhere."""
        if kind == "internal":
            return f'<a href="{esc(url)}" class="link link--internal">{inner}</a>'
        proxy = ' data-proxy-href=""' if wrap == "" and self.version >= "2.1" else ""
        return self.external(wrapped(self.urls, url, wrap), "", proxy) + f"{inner}</a>"

    def _external(self, href: str, classes: str, more: str) -> str:
        return f'<a href="{esc(href)}" target="_blank" class="link link--external{classes}"{more}{self.rel}>'

    def picture(self, node: Picture) -> str:
        """An image with the wrapper its version puts around it."""
        src, original = esc(self.urls.relative(node.url)), esc(node.url)
        if node.form in ("proxied", "bare"):
            src = esc(proxied(self.urls, node.url))
        data = "" if node.form == "bare" else f' data-url="{original}"'
        if node.form in ("attached", "thumb"):
            data = ' data-url=""'
        alt = f'alt="{esc(node.alt)}"'
        image = f'<img src="{src}"{data} class="bbImage" data-zoom-target="1" style="" {alt}{self.parts.lazy} />'
        if node.form == "lazy":
            late = f'<img src="{_EMPTY}" data-src="{src}"{data} class="bbImage lazyload" {alt} />'
            image = f'{late}<noscript><img src="{src}"{data} class="bbImage" {alt} /></noscript>'
        if node.form == "thumb":
            return f'<a href="{esc(self.urls.relative(node.full))}" target="_blank">{image}</a>'
        if node.form == "inline" or self.version == "2.0":
            return image
        return self._lightbox(image, src, node.alt)

    def _lightbox(self, image: str, src: str, alt: str) -> str:
        if self.version >= "2.2":
            return f"""\
<script class="js-extraPhrases" type="application/json">
{{"lightbox_close": "Close"}}
</script>
<div class="bbImageWrapper  js-lbImage" title="{esc(alt)}"
	data-src="{src}" data-lb-sidebar-href="" data-lb-caption-extra-html="" data-single-image="1">
	{image}
</div>"""
        return f"""\
<div class="lbContainer lbContainer--inline " title=""
	data-xf-init="lightbox"
	data-lb-single-image="1"
	data-lb-container-zoom="1"
	data-lb-trigger=".js-lbImage-_xfUid-1-1733400000">
	<div class="lbContainer-zoomer js-lbImage-_xfUid-1-1733400000" data-src="{src}" aria-label="Zoom"></div>
	{image}
</div>"""

    def media(self, url: str, site: str, form: str) -> str:
        """An embedded player in one of three forms."""
        frame = f'<iframe src="{esc(url)}" allowfullscreen="" frameborder="0"></iframe>'
        if form == "s9e":
            return f'<span data-s9e-mediaembed="{site}" style="display:inline-block"><span>{frame}</span></span>'
        if form == "s9e-json":
            pairs = esc(dumps(["allowfullscreen", "", "scrolling", "no", "src", url]).replace("/", "\\/"))
            return f'<span data-s9e-mediaembed="{site}"><span data-s9e-mediaembed-iframe="{pairs}"></span></span>'
        data = f' data-media-site-id="{site}" data-media-key="{url[-9:]}"' if self.version > "2.0" else ""
        return f"""\
<div class="bbMediaWrapper"{data}>
	<div class="bbMediaWrapper-inner">
		{frame}
	</div>
</div>"""
