"""Pieces of HTML that the pages of several sites share."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape as esc

from tests.replica.news.addresses import picture_path
from tests.replica.news.newsroom import Newsroom
from tests.replica.news.sites import SourceSite
from tests.replica.news.stories import Story

LISTED = 20
"""Articles on a start page, a section's page and in a feed."""


def document(language: str, head: str, body: str, *, amp: bool = False, charset: str = "utf-8") -> str:
    """A page."""
    attributes = f'lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' + (" amp" if amp else "")
    return f"""\
<!DOCTYPE html>
<html {attributes}>
<head>
<meta charset="{charset}">
<meta name="viewport" content="width=device-width">
{head}
</head>
<body>
{body}
</body>
</html>
"""


def metas(attribute: str, pairs: Iterable[tuple[str, str]]) -> str:
    """`meta` elements: `attribute` is name or property."""
    return "\n".join(f'<meta {attribute}="{name}" content="{esc(content)}">' for name, content in pairs)


def facts(news: Newsroom, story: Story, published: str, modified: str) -> list[tuple[str, str]]:
    """What `meta` elements say of an article, its times as the site writes them."""
    return [
        ("og:type", "article"),
        ("og:title", story.headline),
        ("og:description", story.subtitle),
        ("og:image", pictures(news, story)[0]),
        ("og:url", news.url(story)),
        ("og:site_name", story.site.title),
        ("article:published_time", published),
        ("article:modified_time", modified),
        ("article:section", story.section[1]),
    ]


def pictures(news: Newsroom, story: Story, size: str = "_16x9_1200x676") -> list[str]:
    """Addresses of an article's pictures, the main one first."""
    base = news.bases[story.site.name]
    return [base + picture_path(story, place, size) for place in range(len(story.pictures))]


def canonical(news: Newsroom, story: Story) -> str:
    """The element that names the article's address."""
    return f'<link rel="canonical" href="{esc(news.url(story))}">'


def figure(url: str, caption: str) -> str:
    """A picture with its caption."""
    return f'<figure><img src="{esc(url)}" alt="{esc(caption)}"><figcaption>{esc(caption)}</figcaption></figure>'


def paragraphs(news: Newsroom, story: Story) -> list[str]:
    """The text as `p` elements."""
    return [f"<p>{esc(each)}</p>" for each in news.text[story.number]]


def with_figures(news: Newsroom, story: Story) -> str:
    """The text, the main picture before it and the others within."""
    parts = paragraphs(news, story)
    for place, url in reversed(list(enumerate(pictures(news, story)))):
        parts.insert(place * 2, figure(url, story.tags[0] if story.tags else story.site.title))
    return "\n".join(parts)


def listing(news: Newsroom, stories: Iterable[Story]) -> str:
    """Headlines that lead to their articles."""
    rows = "\n".join(f'<li><a href="{esc(news.url(each))}">{esc(each.headline)}</a></li>' for each in stories)
    return f"<ul>\n{rows}\n</ul>"


def around(news: Newsroom, story: Story, inner: str) -> str:
    """What stands around an article: the site's menu above, other headlines and the imprint below."""
    others = [each for each in news.on(story.site.name)[:6] if each is not story]
    return f"""\
{menu(news, story.site)}
<main>
{inner}
</main>
<aside class="related"><h3>{"أخبار ذات صلة" if story.site.language == "ar" else "Related"}</h3>
{listing(news, others[:5])}
</aside>
<footer>© {esc(story.site.title)}</footer>"""


def menu(news: Newsroom, site: SourceSite) -> str:
    """Links to the site's sections."""
    sections = dict(story.section for story in news.on(site.name))
    links = "".join(f'<li><a href="/{word}">{esc(name)}</a></li>' for word, name in sections.items())
    return f'<header><a href="/">{esc(site.title)}</a><nav><ul>{links}</ul></nav></header>'
