"""Boxes within a body: quotations, spoilers, code, link cards."""

from __future__ import annotations

from tests.replica.body import Quoted, Unfurl
from tests.replica.links import proxied
from tests.replica.render.parts import Parts, esc


def quote_html(parts: Parts, node: Quoted, inner: str) -> str:
    """2.0 a div, 2.1 a blockquote, from 2.2 with the source as data beside it."""
    tag = "div" if parts.version == "2.0" else "blockquote"
    data, watch = "", ""
    if parts.version >= "2.2":
        watch = " js-expandWatch"
        member = f"member: {node.member_id}" if node.member_id else ""
        source = f"post: {node.post_id}" if node.post_id else ""
        data = f' data-attributes="{member}" data-quote="{esc(node.author or "")}" data-source="{source}"'
    return f"""\
<{tag}{data}
	class="bbCodeBlock bbCodeBlock--expandable bbCodeBlock--quote{watch}">
{_attribution(parts, node)}	<div class="bbCodeBlock-content">
		<div class="bbCodeBlock-expandContent js-expandContent ">
			{inner}
		</div>
		<div class="bbCodeBlock-expandLink js-expandLink"><a role="button">{parts.words["expand"]}</a></div>
	</div>
</{tag}>"""


def _attribution(parts: Parts, node: Quoted) -> str:
    if not node.author:
        return ""
    said = f"{esc(node.author)} {parts.words['said']}"
    if node.post_id:
        said = f"""\
<a href="{parts.urls.route("goto/post", f"id={node.post_id}")}"
				class="bbCodeBlock-sourceJump"
				rel="nofollow"
				data-xf-click="attribution"
				data-content-selector="#post-{node.post_id}">{said}</a>"""
    return f"""\
	<div class="bbCodeBlock-title">

			{said}

	</div>
"""


def spoiler_html(parts: Parts, inner: str, title: str) -> str:
    """A button and what it hides."""
    label = parts.words["spoiler"]
    if title:
        label += f': <span class="bbCodeSpoiler-button-title">{esc(title)}</span>'
    return f"""\
<div class="bbCodeSpoiler">
	<button type="button" class="bbCodeSpoiler-button button--longText button" data-xf-click="toggle"
		data-xf-init="tooltip"><span class="button-text">
		<span>{label}</span>
	</span></button>
	<div class="bbCodeSpoiler-content">
		<div class="bbCodeBlock bbCodeBlock--spoiler">
			<div class="bbCodeBlock-content">{inner}</div>
		</div>
	</div>
</div>"""


def code_html(parts: Parts, text: str, language: str) -> str:
    """A code block below its title."""
    return f"""\
<div class="bbCodeBlock bbCodeBlock--screenLimited bbCodeBlock--code">
	<div class="bbCodeBlock-title">
		{parts.words["code"]}
	</div>
	<div class="bbCodeBlock-content" dir="ltr">
		<pre class="bbCodeCode" dir="ltr" data-xf-init="code-block" data-lang="{language}">\
<code>{esc(text)}</code></pre>
	</div>
</div>"""


def unfurl_html(parts: Parts, link: str, node: Unfurl) -> str:
    """A link card with a thumbnail through the image proxy; `link` opens its title's link."""
    host = node.url.split("/")[2]
    thumb = esc(proxied(parts.urls, f"https://{host}/thumb.png"))
    return f"""\
<div class="bbCodeBlock bbCodeBlock--unfurl    js-unfurl fauxBlockLink" data-unfurl="true" data-result-id="7"
	data-url="{esc(node.url)}" data-host="{host}" data-pending="false">
	<div class="contentRow">
		<div class="contentRow-figure contentRow-figure--fixedSmall js-unfurl-figure">
			<img src="{thumb}&amp;return_error=1" alt="{host}" data-onerror="hide-parent"{parts.lazy}/>
		</div>
		<div class="contentRow-main">
			<h3 class="contentRow-header js-unfurl-title">
				{link}
					{esc(node.title)}
				</a>
			</h3>
			<div class="contentRow-snippet js-unfurl-desc">{esc(node.description)}</div>
			<div class="contentRow-minor contentRow-minor--hideLinks">
				<span class="js-unfurl-favicon"></span>
				{host}
			</div>
		</div>
	</div>
</div>"""
