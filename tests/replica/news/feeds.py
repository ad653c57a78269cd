"""Start pages, pages of sections, and feeds."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import format_datetime
from html import escape as esc

from tests.replica.news.markup import LISTED, document, listing, menu, pictures
from tests.replica.news.newsroom import Newsroom
from tests.replica.news.sites import SourceSite
from tests.replica.news.stories import Story

FEED = "/feed/rss2/ar"
"""Where Al Arabiya's feeds are: this with .xml, or with a section between; other sites have one at /feed.xml."""


def latest(news: Newsroom, site: SourceSite, section: str = "") -> list[Story]:
    """The latest articles of a site or of one of its sections."""
    return [story for story in news.on(site.name) if section in ("", story.section[0])][:LISTED]


def page(news: Newsroom, site: SourceSite, stories: Sequence[Story], name: str = "") -> str:
    """The start page, or the page of the section `name`."""
    feed = f"{FEED}.xml" if site.style == "alarabiya" else "/feed.xml"
    head = (
        f'<title>{esc(name or site.title)}</title>\n<link rel="alternate" type="application/rss+xml" href="{feed}">\n'
    )
    head += f'<meta property="og:type" content="website">\n<meta property="og:site_name" content="{esc(site.title)}">'
    title = f"<h1>{esc(name or site.title)}</h1>"
    return document(site.language, head, f"{menu(news, site)}\n<main>{title}\n{listing(news, stories)}</main>")


def feed(news: Newsroom, site: SourceSite, stories: Sequence[Story]) -> str:
    """RSS 2.0 with each article's main picture."""
    items = "".join(
        f"<item><title>{esc(story.headline)}</title><link>{esc(news.url(story))}</link>"
        f'<guid isPermaLink="false">{story.pictures[0]}</guid><description>{esc(story.subtitle)}</description>'
        f"<pubDate>{format_datetime(story.published)}</pubDate><category>{esc(story.section[1])}</category>"
        f'<media:content url="{pictures(news, story)[0]}" medium="image"/></item>\n'
        for story in stories
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel>'
        f"<title>{esc(site.title)}</title><link>{news.bases[site.name]}/</link>\n{items}</channel></rss>\n"
    )
