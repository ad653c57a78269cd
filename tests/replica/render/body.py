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
                return self.quoted(node)
            case Spoiler(children, title):
                return self.spoiler(children, title)
            case Code(text, language):
                return self.code(text, language)
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
            case Unfurl(url, title, description):
                return self.unfurl(url, title, description)
            case Media(url, site, form):
                return self.media(url, site, form)
            case Smilie(code):
                return (
                    f'<img src="{_EMPTY}" class="smilie smilie--sprite smilie--sprite1" alt="{esc(code)}" '
                    f'title="Smile    {esc(code)}"{self.parts.lazy} data-shortname="{esc(code)}" />'
                )

    def quoted(self, node: Quoted) -> str:
        """2.0 a div, 2.1 a blockquote, from 2.2 with the source as data beside it."""
        tag = "div" if self.version == "2.0" else "blockquote"
        data, watch = "", ""
        if self.version >= "2.2":
            watch = " js-expandWatch"
            member = f"member: {node.member_id}" if node.member_id else ""
            source = f"post: {node.post_id}" if node.post_id else ""
            data = f' data-attributes="{member}" data-quote="{esc(node.author or "")}" data-source="{source}"'
        title = ""
        if node.author:
            said = f"{esc(node.author)} {self.parts.words['said']}"
            if node.post_id:
                said = (
                    f'<a href="{self.urls.route("goto/post", f"id={node.post_id}")}"\n\t\t\t\t'
                    f'class="bbCodeBlock-sourceJump"\n\t\t\t\trel="nofollow"\n\t\t\t\tdata-xf-click="attribution"'
                    f'\n\t\t\t\tdata-content-selector="#post-{node.post_id}">{said}</a>'
                )
            title = f'\t<div class="bbCodeBlock-title">\n\t\t\n\t\t\t{said}\n\t\t\n\t</div>\n\t'
        return (
            f'<{tag}{data}\n\tclass="bbCodeBlock bbCodeBlock--expandable bbCodeBlock--quote{watch}">\n{title}'
            '<div class="bbCodeBlock-content">\n\t\t\n\t\t<div class="bbCodeBlock-expandContent js-expandContent ">'
            f'\n\t\t\t{self.html(node.children)}\n\t\t</div>\n\t\t<div class="bbCodeBlock-expandLink js-expandLink">'
            f'<a role="button" tabindex="0">{self.parts.words["expand"]}</a></div>\n\t</div>\n</{tag}>'
        )

    def spoiler(self, children: Sequence[Node], title: str) -> str:
        """A button and what it hides."""
        label = f"{self.parts.words['spoiler']}"
        if title:
            label += f': <span class="bbCodeSpoiler-button-title">{esc(title)}</span>'
        return (
            '<div class="bbCodeSpoiler">\n\t<button type="button" class="bbCodeSpoiler-button button--longText '
            'button" data-xf-click="toggle" data-xf-init="tooltip"><span class="button-text">\n\t\t'
            f"<span>{label}</span>\n\t</span></button>\n"
            '\t<div class="bbCodeSpoiler-content">\n\t\t<div class="bbCodeBlock bbCodeBlock--spoiler">\n'
            f'\t\t\t<div class="bbCodeBlock-content">{self.html(children)}</div>\n\t\t</div>\n\t</div>\n</div>'
        )

    def code(self, text: str, language: str) -> str:
        """A code block below its title."""
        return (
            '<div class="bbCodeBlock bbCodeBlock--screenLimited bbCodeBlock--code">\n\t<div class='
            f'"bbCodeBlock-title">\n\t\t{self.parts.words["code"]}\n\t</div>\n\t<div class="bbCodeBlock-content" '
            'dir="ltr">\n\t\t<pre class="bbCodeCode" dir="ltr" data-xf-init="code-block" '
            f'data-lang="{language}"><code>{esc(text)}</code></pre>\n\t</div>\n</div>'
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
            return (
                f'<script class="js-extraPhrases" type="application/json">\n{{"lightbox_close": "Close"}}\n</script>\n'
                f'<div class="bbImageWrapper  js-lbImage" title="{esc(alt)}"\n\t\tdata-src="{src}" '
                f'data-lb-sidebar-href="" data-lb-caption-extra-html="" data-single-image="1">\n\t\t{image}\n\t</div>'
            )
        return (
            '<div class="lbContainer lbContainer--inline " title=""\n\t\tdata-xf-init="lightbox"\n\t\t'
            'data-lb-single-image="1" data-lb-container-zoom="1" data-lb-trigger=".js-lbImage-_xfUid-1-1733400000">'
            f'\n\t\t<div class="lbContainer-zoomer js-lbImage-_xfUid-1-1733400000" data-src="{src}" '
            f'aria-label="Zoom"></div>\n\t\t{image}\n\t</div>'
        )

    def unfurl(self, url: str, title: str, description: str) -> str:
        """A link card with a thumbnail through the image proxy."""
        host = url.split("/")[2]
        thumb = esc(proxied(self.urls, f"https://{host}/thumb.png"))
        return (
            f'<div class="bbCodeBlock bbCodeBlock--unfurl    js-unfurl fauxBlockLink" data-unfurl="true" '
            f'data-result-id="7" data-url="{esc(url)}" data-host="{host}" data-pending="false">\n\t'
            '<div class="contentRow">\n\t\t<div class="contentRow-figure contentRow-figure--fixedSmall '
            f'js-unfurl-figure">\n\t\t\t<img src="{thumb}&amp;return_error=1" alt="{host}" data-onerror="hide-parent"'
            f'{self.parts.lazy}/>\n\t\t</div>\n\t\t<div class="contentRow-main">\n\t\t\t<h3 class="contentRow-header '
            f'js-unfurl-title">\n\t\t\t\t{self.external(url, " fauxBlockLink-blockLink", "")}\n\t\t\t\t\t{esc(title)}'
            f'\n\t\t\t\t</a>\n\t\t\t</h3>\n\t\t\t<div class="contentRow-snippet js-unfurl-desc">{esc(description)}'
            '</div>\n\t\t\t<div class="contentRow-minor contentRow-minor--hideLinks">\n\t\t\t\t<span '
            f'class="js-unfurl-favicon"></span>\n\t\t\t\t{host}\n\t\t\t</div>\n\t\t</div>\n\t</div>\n</div>'
        )

    def media(self, url: str, site: str, form: str) -> str:
        """An embedded player in one of three forms."""
        frame = f'<iframe src="{esc(url)}" allowfullscreen="" frameborder="0"></iframe>'
        if form == "s9e":
            return f'<span data-s9e-mediaembed="{site}" style="display:inline-block"><span>{frame}</span></span>'
        if form == "s9e-json":
            pairs = esc(dumps(["allowfullscreen", "", "scrolling", "no", "src", url]).replace("/", "\\/"))
            return f'<span data-s9e-mediaembed="{site}"><span data-s9e-mediaembed-iframe="{pairs}"></span></span>'
        data = f' data-media-site-id="{site}" data-media-key="{url[-9:]}"' if self.version > "2.0" else ""
        return f'<div class="bbMediaWrapper"{data}>\n\t<div class="bbMediaWrapper-inner">\n\t\t{frame}\n\t</div>\n</div>'
