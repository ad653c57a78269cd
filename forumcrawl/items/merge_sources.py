"""What is stored of an article, or of a link to one, and what is now known."""

from __future__ import annotations

from dataclasses import replace

from forumcrawl.items.article import Article, SourceLink

_RANK = {"repost": 0, "feed": 1, "source": 2}
_OPEN = frozenset({None, "pending", "unresolved"})
"""Outcomes of a link that nobody has asked for yet."""


def better_article(old: Article, new: Article) -> Article:
    """The one that was read from the better origin; of two of the same origin the new one.

    A feed's or a forum's copy never takes the place of what the source itself said; but what is now known of how the
    source answers is kept with a copy.
    """
    if _RANK[new.origin] >= _RANK[old.origin]:
        return new
    if old.origin == "source" or new.outcome == "pending":
        return old
    return replace(old, outcome=new.outcome, run_id=new.run_id, fetched_at=new.fetched_at)


def further_link(old: SourceLink, new: SourceLink) -> SourceLink:
    """All posts that name it; the latest answer; and a link that was answered does not become pending again."""
    posts = list(dict.fromkeys([*old.post_ids, *new.post_ids]))
    answered = new.outcome not in _OPEN
    if not answered and (old.outcome not in _OPEN or new.outcome is None):
        return replace(old, post_ids=posts, article_id=old.article_id or new.article_id)
    latest = replace(new, post_ids=posts, article_id=new.article_id or old.article_id, cut=new.cut or old.cut)
    latest.tries = max(new.tries or 0, old.tries or 0)
    latest.tail, latest.url = new.tail or old.tail, old.url or new.url
    return latest
