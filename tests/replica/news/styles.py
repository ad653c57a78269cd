"""Pages of ordinary sites, which tell what an article is in four different ways."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from html import escape as esc
from typing import Any

from tests.replica.news import alarabiya
from tests.replica.news.markup import around, canonical, document, facts, metas, pictures, with_figures
from tests.replica.news.newsroom import Newsroom
from tests.replica.news.stories import Story

META_CHARSET = "windows-1256"
"""The site of the style "meta" is not in UTF-8."""
_MONTHS = (
    ("يناير", "كانون الثاني"), ("فبراير", "شباط"), ("مارس", "آذار"), ("أبريل", "نيسان"), ("مايو", "أيار"),
    ("يونيو", "حزيران"), ("يوليو", "تموز"), ("أغسطس", "آب"), ("سبتمبر", "أيلول"), ("أكتوبر", "تشرين الأول"),
    ("نوفمبر", "تشرين الثاني"), ("ديسمبر", "كانون الأول"),
)  # fmt: skip


def article(news: Newsroom, story: Story, *, amp: bool = False) -> bytes:
    """An article's page as its site makes it."""
    if story.site.style == "alarabiya":
        return alarabiya.article(news, story, amp=amp).encode()
    charset = META_CHARSET if story.site.style == "meta" else "utf-8"
    head, byline = _STYLES[story.site.style](news, story)
    inner = f"""\
<article>
<h1>{esc(story.headline)}</h1>
{byline}
{with_figures(news, story)}
</article>"""
    title = f"<title>{esc(story.headline)} | {esc(story.site.title)}</title>\n{canonical(news, story)}"
    page = document(story.site.language, f"{title}\n{head}", around(news, story, inner), amp=amp, charset=charset)
    return page.encode(charset)


def written_date(when: datetime, number: int) -> str:
    """A day as Arabic sites write it, the months by their names in Egypt or in the Levant."""
    return f"{when.day} {_MONTHS[when.month - 1][number % 2]} {when.year}"


def _linked_data(news: Newsroom, story: Story) -> dict[str, Any]:
    return {
        "@type": "NewsArticle",
        "headline": story.headline,
        "description": story.subtitle,
        "datePublished": f"{story.published:%Y-%m-%dT%H:%M:%SZ}",
        "dateModified": f"{story.modified:%Y-%m-%dT%H:%M:%SZ}",
        "author": [{"@type": "Person", "name": name} for name in story.authors],
        "publisher": {"@type": "Organization", "name": story.site.title},
        "articleSection": story.section[1],
        "keywords": list(story.tags),
        "image": pictures(news, story),
        "mainEntityOfPage": news.url(story),
    }


def _script(data: object) -> str:
    text = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/ld+json">{text}</script>'


def _jsonld(news: Newsroom, story: Story) -> tuple[str, str]:
    """Everything in JSON-LD, in a graph beside the site."""
    site = {"@type": "WebSite", "name": story.site.title, "url": news.bases[story.site.name]}
    return _script({"@context": "https://schema.org", "@graph": [site, _linked_data(news, story)]}), ""


def _meta(news: Newsroom, story: Story) -> tuple[str, str]:
    """Everything in meta elements; the page shows no date."""
    stamps = (f"{when:%Y-%m-%dT%H:%M:%S+00:00}" for when in (story.published, story.modified))
    said = [
        *facts(news, story, *stamps),
        *(("article:author", name) for name in story.authors),
        *(("article:tag", tag) for tag in story.tags),
    ]
    return metas("property", said), ""


def _dated(news: Newsroom, story: Story) -> tuple[str, str]:
    """Nothing but what a reader sees: a day below the headline."""
    return "", f'<div class="date">نشر في: {written_date(story.published, story.number)}</div>'


def _english(news: Newsroom, story: Story) -> tuple[str, str]:
    """JSON-LD without a graph, names and keywords as plain strings, and a byline."""
    data = {"@context": "https://schema.org", **_linked_data(news, story)}
    data |= {"author": list(story.authors), "keywords": ", ".join(story.tags)}
    byline = f'<p class="byline">By {esc(" and ".join(story.authors))}</p>' if story.authors else ""
    time = f'<time datetime="{story.published:%Y-%m-%dT%H:%M:%SZ}">{story.published:%B %d, %Y}</time>'
    return (
        f"{_script(data)}\n{metas('property', [('og:title', story.headline), ('og:type', 'article')])}",
        byline + time,
    )


_STYLES: dict[str, Callable[[Newsroom, Story], tuple[str, str]]] = {
    "jsonld": _jsonld,
    "meta": _meta,
    "dated": _dated,
    "english": _english,
}
"""Style to what its head holds beside the title, and what stands below the headline."""
