"""Which page answers which address, with the redirects and refusals of a real forum."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs

from tests.replica.answers import PIXEL, PNG, TEXT, XML, Answer, html, redirect
from tests.replica.moment import Moment
from tests.replica.nodes import NodeInfo
from tests.replica.pictures.gallery import OWN
from tests.replica.render.board import BoardHtml
from tests.replica.render.feed import feed, robots
from tests.replica.render.member import MemberHtml
from tests.replica.render.nodes import NodesHtml
from tests.replica.render.other import OtherHtml
from tests.replica.render.page import Frame
from tests.replica.render.parts import Parts
from tests.replica.render.post import PostHtml
from tests.replica.render.thread import ThreadHtml
from tests.replica.threads import MISSING, OUTSIDE, ThreadInfo
from tests.replica.urls import Asked

ELSEWHERE = "http://other.invalid/"
"""Where redirects that leave the forum lead."""
_PAGE = re.compile(r"page-(\d+)$")
_POST = re.compile(r"post-(\d+)$")
_STATIC = ("data", "js", "styles", "css.php", "proxy.php", "webmanifest.php")
_TRAPS = {
    "search": "search_form",
    "whats-new": "whats_new",
    "members": "member_notable",
    "misc": "contact_form",
    "help": "help_page",
    "tags": "tag_view",
    "register": "register_form",
    "account": "login",
    "redirect": "redirect_page",
}


class Routes:
    """Answers requests at one moment of a world."""

    def __init__(self, moment: Moment) -> None:
        self.moment = moment
        self.world = moment.world
        self.urls = moment.world.urls
        self.parts = Parts(moment)
        frame = Frame(self.parts)
        self.nodes = NodesHtml(self.parts, frame)
        self.boards = BoardHtml(self.parts, frame, self.nodes)
        self.threads = ThreadHtml(self.parts, frame, PostHtml(self.parts))
        self.members = MemberHtml(self.parts, frame)
        self.other = OtherHtml(self.parts, frame)
        self._routes: dict[str, Callable[[Asked], Answer]] = {
            "forums": self._board,
            "threads": self._thread,
            "members": self._member,
            "categories": self._category,
            "pages": self._static_page,
            "link-forums": lambda asked: redirect("link", ELSEWHERE),
            "posts": self._post,
            "goto": self._goto,
            "attachments": lambda asked: Answer("trap_attachment", PIXEL, type=PNG),
            "login": lambda asked: html("trap_login", self.other.login()),
        }

    def answer(self, path: str, query: str) -> Answer:
        """The answer to a path (percent-encoded) and a query."""
        if path == "/robots.txt":
            return Answer("robots", robots(self.parts).encode(), type=TEXT)
        if path.startswith(OWN) and self.world.pictures:
            return self.world.gallery.answer(self.world.origin + path)
        if not path.startswith(f"{self.urls.base}/"):
            return redirect("outside_base", self.urls.absolute(self.urls.index), 302)
        asked = self.urls.ask(path, query)
        if asked.route in ("", "index.php"):
            return html("forum_list", self.nodes.index())
        if asked.route in _STATIC:
            return self._asset(asked)
        known = self._routes.get(asked.route)
        if known is not None:
            return known(asked)
        if asked.route in _TRAPS:
            return self._trap(asked)
        return self._not_found("unknown_path")

    def _asset(self, asked: Asked) -> Answer:
        """A file of the forum's; the proxy has a copy of every picture of the gallery."""
        wanted = parse_qs(asked.query).get("image", [""])[0] if asked.route == "proxy.php" else ""
        copy = self.world.gallery.copy(wanted)
        if copy is not None:
            return copy
        is_image = asked.route in ("data", "proxy.php")
        return Answer("asset", PIXEL if is_image else b"", type=PNG if is_image else TEXT)

    def _not_found(self, kind: str) -> Answer:
        return html(kind, self.other.error("not_found"), 404)

    def _trap(self, asked: Asked) -> Answer:
        kind = f"trap_{asked.route.replace('-', '_')}"
        return html(kind, self.other.trap(_TRAPS[asked.route], asked.route))

    def _moved(self, asked: Asked, kind: str, route: str, title: str) -> Answer | None:
        """A redirect to the right slug, where another was asked for."""
        if asked.id is None or self.urls.slug_is_right(asked, title):
            return None
        return redirect(f"{kind}_slug", self.urls.absolute(self.urls.of(route, title, asked.id, asked.rest)))

    def _page(self, asked: Asked, kind: str, path: Callable[[str], str], pages: int) -> int | Answer:
        """The page number asked for, or the redirect XenForo sends instead; 0 for what is no page."""
        if not asked.rest:
            return 1
        found = _PAGE.match(asked.rest)
        page = int(found[1]) if found else 0
        if page == 1:
            return redirect(f"{kind}_page", self.urls.absolute(path("")))
        if page > pages:
            last = path(f"page-{pages}" if pages > 1 else "")
            return redirect(f"{kind}_page", self.urls.absolute(last), 303)
        return page

    # Boards -------------------------------------------------------------------------------------------------
    def _node(self, asked: Asked, kind: str) -> NodeInfo | None:
        node = self.world.nodes.get(asked.id or 0)
        return node if node is not None and node.kind == kind else None

    def _board(self, asked: Asked) -> Answer:
        if asked.slug in ("", "-") and asked.id is None:
            return redirect("forum_list", self.urls.absolute(self.urls.index))
        node = self._node(asked, "forum")
        if node is None:
            return self._not_found("forum")
        if node.access == "unknown":
            return html("forum", self.other.unknown(node))
        if node.access != "open":
            page = self.other.login() if node.access == "login" else self.other.error("forbidden")
            return html("forum", page, 403)
        moved = self._moved(asked, "forum", "forums", node.title)
        if moved:
            return moved
        if asked.rest == "index.rss":
            return Answer("feed", feed(self.parts, node).encode(), type=XML)
        pages = self.moment.listing(node.id, 1).pages
        at = self._page(asked, "forum", lambda tail: self.urls.of("forums", node.title, node.id, tail), pages)
        if isinstance(at, Answer):
            return at
        kind = "trap_forum_filter" if asked.query else "forum"
        return html(kind, self.boards.page(node, at)) if at else self._not_found("forum")

    def _category(self, asked: Asked) -> Answer:
        node = self._node(asked, "category")
        return html("category", self.nodes.category(node)) if node else self._not_found("category")

    def _static_page(self, asked: Asked) -> Answer:
        node = self._node(asked, "page")
        return html("page", self.other.static(node)) if node else self._not_found("page")

    # Threads ------------------------------------------------------------------------------------------------
    def _thread(self, asked: Asked) -> Answer:
        thread = self.moment.find(asked.id) if asked.id is not None else None
        if thread is None or thread.index == MISSING:
            return self._not_found("thread")
        if thread.index == OUTSIDE:
            return redirect("thread", f"{ELSEWHERE}threads/{thread.id}/")
        if thread.moved_to is not None:
            return redirect("thread", self.urls.absolute(self.parts.thread_path(self.moment.target())))
        moved = self._moved(asked, "thread", "threads", thread.title)
        if moved:
            return moved
        if asked.rest in ("latest", "unread", "preview"):
            return self._to_post(f"trap_{asked.rest}", thread, self.moment.posts(thread))
        found = _POST.match(asked.rest)
        if found:
            return self._goto_post("trap_post", int(found[1]))
        at = self._page(asked, "thread", lambda tail: self.parts.thread_path(thread, tail), self.moment.pages(thread))
        if isinstance(at, Answer):
            return at
        return html("thread", self.threads.page(thread, at)) if at else self._not_found("thread")

    def _to_post(self, kind: str, thread: ThreadInfo, number: int) -> Answer:
        page = self.moment.page_of(number)
        path = self.parts.thread_path(thread, f"page-{page}" if page > 1 else "")
        post_id = self.moment.writer.post_id(thread, number)
        return redirect(kind, f"{self.urls.absolute(path)}#post-{post_id}")

    def _goto_post(self, kind: str, post_id: int) -> Answer:
        found = self.moment.find_post(post_id)
        return self._to_post(kind, *found) if found else self._not_found(kind)

    def _post(self, asked: Asked) -> Answer:
        if not asked.rest:
            return self._goto_post("trap_posts", asked.id or 0)
        return html(f"trap_{asked.rest.strip('/')}", self.other.trap("post_reactions", asked.rest))

    def _goto(self, asked: Asked) -> Answer:
        if asked.slug == "post":
            number = parse_qs(asked.query).get("id", ["0"])[0]
            return self._goto_post("trap_goto_post", int(number) if number.isdigit() else 0)
        return html("trap_goto", self.other.trap("link_confirmation", "goto"))

    # Members ------------------------------------------------------------------------------------------------
    def _member(self, asked: Asked) -> Answer:
        if asked.id is None:
            return self._trap(asked)
        if not 1 <= asked.id <= self.world.members:
            return self._not_found("member")
        person = self.moment.writer.member(asked.id)
        moved = self._moved(asked, "member", "members", person.name)
        if moved:
            return moved
        if asked.rest:
            return html("trap_member_tab", self.other.trap("member_about", person.name))
        return html("member", self.members.page(person))
