"""Where an article stands on its site, and the other forms in which people link it."""

from __future__ import annotations

import re
from urllib.parse import quote

from tests.replica import seed_thread
from tests.replica.news.sites import MOBILE, SHORT
from tests.replica.news.stories import SEED_STORY, Story

_NO_WORD = re.compile(r"[^\w]+")
_BARE = str.maketrans("أإآ", "ااا")
_FIRST_ID = 1000
_SCHEME_AND_HOST = re.compile(r"^https?://[^/]+")


def path_of(story: Story) -> str:
    """Path and query, not percent-encoded. At "alarabiya" some end in "-", which belongs to them."""
    if story.number == SEED_STORY:
        return _SCHEME_AND_HOST.sub("", seed_thread.SOURCE)
    slug = _NO_WORD.sub("-", story.headline.lower().translate(_BARE)).strip("-")
    day, number = f"{story.published:%Y/%m/%d}", _FIRST_ID + story.number
    match story.site.style:
        case "alarabiya":
            return f"/{story.section[0]}/{day}/{slug}{'' if story.number % 3 else '-'}"
        case "meta":
            return f"/article.php?id={number}"
        case "dated":
            return f"/story/{number}"
        case "english":
            return f"/{story.section[0]}/{day}/{slug}"
        case _:
            return f"/news/{number}/{slug}"


def encoded(path: str) -> str:
    """A path as browsers send it."""
    return quote(path, safe="/?&=-")


def amp_path(story: Story) -> str:
    """The article's AMP form: below /amp/ at "alarabiya", a parameter elsewhere."""
    path = path_of(story)
    if story.site.style == "alarabiya":
        return f"/amp{path}"
    return f"{path}{'&' if '?' in path else '?'}outputType=amp"


def tracked(url: str) -> str:
    """A link as it is copied from a social network."""
    return f"{url}{'&' if '?' in url else '?'}utm_source=forum&utm_medium=social&fbclid=IwAR0{len(url)}xyz"


def short_url(bases: dict[str, str], story: Story) -> str:
    """A link through the host of short links."""
    return f"{bases[SHORT.name]}/s{story.number:x}"


def mobile_url(bases: dict[str, str], story: Story) -> str:
    """A link through the mobile host of "alarabiya"."""
    return f"{bases[MOBILE.name]}{encoded(path_of(story))}"


def picture_path(story: Story, place: int, size: str = "_16x9_1200x676") -> str:
    """A picture's address on its site: its UUID is its identity, whatever the size."""
    uuid = story.pictures[place]
    return f"/images/{story.published:%Y/%m/%d}/{uuid}/{uuid}{size}.jpg"


def cut(url: str) -> str:
    """An address as XenForo shows it when it is long: 35 characters, three dots, 45; a short one whole."""
    return url if len(url) <= 83 else f"{url[:35]}...{url[-45:]}"
