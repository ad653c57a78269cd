"""Which page of a source site answers which address, before its manner spoils anything."""

from __future__ import annotations

from urllib.parse import unquote

from tests.replica.answers import PNG, TEXT, XML, Answer, html, redirect
from tests.replica.news import feeds, refusals, styles
from tests.replica.news.newsroom import Newsroom
from tests.replica.news.png import picture
from tests.replica.news.sites import MOBILE, SHORT, SourceSite
from tests.replica.news.stories import Story

ROBOTS = b"User-agent: *\nAllow: /\n"
_AMP = "outputType=amp"
_ADDED = ("utm_", "fbclid=", _AMP)


class SourceRoutes:
    """Answers requests to one site."""

    def __init__(self, news: Newsroom, site: SourceSite) -> None:
        self.news = news
        self.site = site

    def answer(self, path: str, query: str) -> Answer:
        """The answer to a path (percent-encoded) and a query; the kinds "article" and "amp" are articles."""
        path = unquote(path)
        if path == "/robots.txt":
            return Answer("robots", ROBOTS, type=TEXT)
        if self.site.style == "forward":
            return self._forward(path)
        if path.startswith("/images/"):
            return Answer("image", picture(path.rpartition("/")[2][:36]), type=PNG)
        if path.endswith(".xml"):
            return self._feed(path)
        story, amp = self._story(path, query)
        if story is not None:
            charset = styles.META_CHARSET if self.site.style == "meta" else "utf-8"
            page = styles.article(self.news, story, amp=amp)
            return Answer("amp" if amp else "article", page, type=f"text/html; charset={charset}")
        return self._list(path.strip("/"))

    def _story(self, path: str, query: str) -> tuple[Story | None, bool]:
        """The article at an address, and whether its AMP form was asked for."""
        amp = path.startswith("/amp/") or _AMP in query
        kept = "&".join(each for each in query.split("&") if each and not each.startswith(_ADDED))
        return self.news.at(self.site.name, path.removeprefix("/amp") + (f"?{kept}" if kept else "")), amp

    def _forward(self, path: str) -> Answer:
        """A short link or a mobile form leads on to the article."""
        story = self._short(path) if self.site is SHORT else self.news.at("alarabiya", path)
        if story is None:
            return self._missing()
        return redirect("short" if self.site is SHORT else MOBILE.name, self.news.url(story))

    def _short(self, path: str) -> Story | None:
        code = path.removeprefix("/s")
        number = int(code, 16) if code.isascii() and code.isalnum() and not set(code) - set("0123456789abcdef") else -1
        return self.news.stories[number] if 0 <= number < self.news.count else None

    def _feed(self, path: str) -> Answer:
        section = path.removesuffix(".xml")
        section = section.removeprefix(feeds.FEED).strip("/") if section.startswith(feeds.FEED) else ""
        stories = feeds.latest(self.news, self.site, section)
        if not stories:
            return self._missing()
        return Answer("feed", feeds.feed(self.news, self.site, stories).encode(), type=XML)

    def _list(self, section: str) -> Answer:
        names = dict(story.section for story in self.news.on(self.site.name))
        if section and section not in names:
            return self._missing()
        page = feeds.page(self.news, self.site, feeds.latest(self.news, self.site, section), names.get(section, ""))
        return html("section" if section else "home", page)

    def _missing(self) -> Answer:
        return html("not_found", refusals.missing(self.site), 404)
