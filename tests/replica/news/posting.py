"""The body of a post: a picture, paragraphs, and below them the line that names the source."""

from __future__ import annotations

from collections.abc import Sequence

from tests.replica.body import Break, Node, Picture, Text
from tests.replica.news.addresses import picture_path
from tests.replica.news.newsroom import Newsroom
from tests.replica.news.stories import Story
from tests.replica.seed_thread import alt_of


def body_of(
    news: Newsroom, story: Story, lines: Sequence[str], source: Sequence[Node], version: str, *, with_picture: bool
) -> list[Node]:
    """A body's nodes. `with_picture`: it opens with the article's main picture, in its large or its small form."""
    nodes: list[Node] = []
    if with_picture:
        size = "_16x9_600x338" if story.number % 2 else "_16x9_1200x676"
        url = news.bases[story.site.name] + picture_path(story, 0, size)
        nodes += [Picture(url, "proxied" if story.number % 3 else "plain", alt_of(url, version)), Break(), Break()]
    for line in lines:
        nodes += [Text(line), Break()]
    return [*nodes, Break(), *source] if source else nodes[:-1]
