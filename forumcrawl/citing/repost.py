"""The forum's own copy of an article that its source does not give."""

from __future__ import annotations

from forumcrawl.citing.compare import ReadyPost
from forumcrawl.items.article import Article, Picture
from forumcrawl.items.forum import Post
from forumcrawl.text.addresses import image_uuid, site_of

LEAST = 25
"""Words that make a copy."""


def repost_of(post: Post, title: str | None, url: str, outcome: str) -> Article | None:
    """The article at `url` as `post`, in a thread of that title, has it; None where the post is no copy.

    `outcome` is how the article's own page answered. The title is the headline of the thread's first post alone.
    The copy is marked by its origin, and gives way to a feed's text or to the page itself when one of them is read
    later.
    """
    text = ReadyPost.of(post).wording.text
    if len(text.split()) < LEAST:
        return None
    headline = title if post.number == 1 else None
    pictures = [
        Picture(url=each.url, caption=each.alt, source_uuid=image_uuid(each.url) or image_uuid(each.alt))
        for each in post.images
        if not each.in_quote
    ]
    said = {name: "post" for name, value in (("headline", headline), ("text", text), ("images", pictures)) if value}
    return Article(
        site=site_of(url),
        url=url,
        headline=headline,
        text=text,
        html=post.html,
        images=pictures,
        origin="repost",
        outcome=outcome,
        provenance=said,
    )
