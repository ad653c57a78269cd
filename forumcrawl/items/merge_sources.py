"""What is stored of an article, or of a link to one, and what is now known."""

from __future__ import annotations

from dataclasses import replace

from forumcrawl.items.article import Article, SourceLink

_RANK = {"repost": 0, "feed": 1, "source": 2}
_OPEN = {None: 0, "unresolved": 1, "pending": 2}
"""Outcomes of a link that has no answer yet, by how much is known of it."""


def better_article(old: Article, new: Article) -> Article:
    """The one that was read from the better origin; of two of the same origin the new one.

    A feed's or a forum's copy never takes the place of what the source itself said; but what is known of how the
    source answers is kept with a copy.
    """
    if _RANK[new.origin] >= _RANK[old.origin]:
        return replace(new, outcome=old.outcome) if new.outcome == "pending" else new
    if old.origin == "source" or new.outcome == "pending":
        return old
    return replace(old, outcome=new.outcome, run_id=new.run_id, fetched_at=new.fetched_at)


def further_link(old: SourceLink, new: SourceLink) -> SourceLink:
    """All posts that name it, and the latest answer: when to ask again is that answer's to say.

    A link that was answered does not become pending again, and one that waits is not put off by being named again.
    """
    posts = list(dict.fromkeys([*old.post_ids, *new.post_ids]))
    if new.outcome in _OPEN and _OPEN[new.outcome] <= _OPEN.get(old.outcome, len(_OPEN)):
        return replace(old, post_ids=posts, article_id=_known(old.article_id, new.article_id))
    latest = replace(new, post_ids=posts, article_id=_known(new.article_id, old.article_id))
    latest.cut, latest.tail, latest.url = _known(new.cut, old.cut), _known(new.tail, old.tail), _known(old.url, new.url)
    latest.tries = max((each for each in (old.tries, new.tries) if each is not None), default=None)
    return latest


def _known(one: str | None, other: str | None) -> str | None:
    return one or other or None
