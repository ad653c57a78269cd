"""Pages that hold no content: errors, the login form, and what only traps a crawler."""

from __future__ import annotations

from tests.replica.nodes import NodeInfo
from tests.replica.render.head import Content
from tests.replica.render.page import Frame
from tests.replica.render.parts import Parts, esc


class OtherHtml:
    """Writes the pages around the forum."""

    def __init__(self, parts: Parts, frame: Frame) -> None:
        self.parts = parts
        self.frame = frame

    def error(self, label: str) -> str:
        """An error page with one of the interface's messages."""
        words = self.parts.world.lang.words
        message = f'<div class="blockMessage">\n\t{esc(words[label])}\n</div>\n'
        return self.frame.page(Content(template="error", title=words["oops"], html=message))

    def login(self) -> str:
        """The login form, with a line that says it is needed."""
        words = self.parts.words
        fields = "".join(
            f"""\
<dl class="formRow formRow--input">
    <dt><label class="formRow-label">{name}</label></dt>
    <dd><input type="{kind}" class="input" name="{name}" /></dd>
</dl>
"""
            for name, kind in (("login", "text"), ("password", "password"))
        )
        html = f"""\
<div class="blockMessage blockMessage--error blockMessage--iconic">
    {words["must_log_in"]}
</div>
<div class="blocks">
<form action="{self.parts.urls.route("login/login")}" method="post" class="block">
    <div class="block-container">
        <div class="block-body">
{fields}        </div>
    </div>
    <input type="hidden" name="_xfToken" value="1733400000,a" />
    <input type="hidden" name="_xfRedirect" value="{self.parts.urls.index}" />
</form>
</div>
"""
        return self.frame.page(Content(template="login", title=self.parts.world.lang.words["log_in"], html=html))

    def unknown(self, node: NodeInfo) -> str:
        """A board whose page an add-on replaced by one nobody knows."""
        path = self.parts.urls.of("forums", node.title, node.id)
        html = '<div class="portalGrid"><div class="portalTile">…</div></div>'
        return self.frame.page(
            Content(template="portal_custom_view", title=node.title, html=html, path=path, container=node)
        )

    def static(self, node: NodeInfo) -> str:
        """A page node."""
        path = self.parts.urls.of("pages", node.title, node.id)
        html = '<div class="block"><div class="block-container"><div class="block-body block-row">…</div></div></div>'
        return self.frame.page(Content(template="page_view", title=node.title, html=html, path=path, container=node))

    def trap(self, template: str, title: str) -> str:
        """A page of a known template with nothing in it: search, what's new, a member's tabs."""
        html = '<div class="block"><div class="block-container"><div class="block-row">…</div></div></div>'
        return self.frame.page(Content(template=template, title=title, html=html))
