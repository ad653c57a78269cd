"""Pages as Al Arabiya has them: what other programs' selectors say of its markup, no copy of a page."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from html import escape as esc

from tests.replica.news.addresses import amp_path, encoded
from tests.replica.news.markup import canonical, document, facts, menu, metas, pictures
from tests.replica.news.newsroom import Newsroom
from tests.replica.news.stories import Story

_ZONE = timezone(timedelta(hours=4))


def article(news: Newsroom, story: Story, *, amp: bool = False) -> str:
    """An article's page."""
    return document("ar", _head(news, story, amp=amp), _body(news, story), amp=amp)


def _stamp(when: datetime) -> str:
    return f"{when.astimezone(_ZONE):%Y-%m-%dT%H:%M:%S}.000+0400"


def _head(news: Newsroom, story: Story, *, amp: bool) -> str:
    named = [("uuid", str(story.pictures[0])), ("description", story.subtitle)]
    said = facts(news, story, _stamp(story.published), _stamp(story.modified))
    other = "" if amp else f'<link rel="amphtml" href="{news.bases[story.site.name]}{encoded(amp_path(story))}">'
    return f"""\
<title>{esc(story.headline)}</title>
{canonical(news, story)}
{other}
{metas("name", named)}
{metas("property", said)}"""


def _body(news: Newsroom, story: Story) -> str:
    authors = "".join(f'<div class="avatar"><h4 class="avatar_name">{esc(name)}</h4></div>' for name in story.authors)
    tags = "".join(f'<a href="/tags/{esc(tag)}">#{esc(tag)}</a>' for tag in story.tags)
    return f"""\
{menu(news, story.site)}
<main>
<div class="headingInfo">
<h1 class="headingInfo_title">{esc(story.headline)}</h1>
<h2 class="headingInfo_subtitle">{esc(story.subtitle)}</h2>
</div>
{authors}
<div class="timeDate">
{_time("نشر في", story.published)}
{_time("آخر تحديث", story.modified)}
</div>
<div class="article-hero-img"><picture>
<source srcset="{pictures(news, story)[0]}?width=1138&amp;format=jpg">
<img src="{pictures(news, story, "_16x9_600x338")[0]}" alt="{esc(story.section[1])}"></picture></div>
<div id="body-text">
{_paragraphs(news, story)}
</div>
<div class="tags">{tags}</div>
</main>
<footer>جميع الحقوق محفوظة</footer>"""


def _time(label: str, when: datetime) -> str:
    shown = f'<time datetime="{_stamp(when)}">{when.astimezone(_ZONE):%d/%m/%Y}</time>'
    return f'<span class="timeDate_element">{label}: {shown}</span>'


def _paragraphs(news: Newsroom, story: Story) -> str:
    """The text; further pictures are cards, and a box of the latest articles stands in the middle."""
    parts = [f'<div class="paragraph"><p>{esc(each)}</p></div>' for each in news.text[story.number]]
    others = [each for each in news.on(story.site.name)[:4] if each is not story]
    rows = "".join(
        f'<div class="latest_element"><a href="{news.url(each)}">{esc(each.headline)}</a></div>' for each in others
    )
    parts.insert(len(parts) // 2, f'<div class="latest">{rows}</div>')
    for place, url in enumerate(pictures(news, story)[1:], start=1):
        parts.insert(place * 2, f'<div class="feed-card"><img src="{url}" alt="{story.pictures[place]}"></div>')
    return "\n".join(parts)
