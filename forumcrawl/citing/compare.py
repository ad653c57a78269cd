"""How a post relates to an article, by their whole texts, pictures and headings."""

from __future__ import annotations

from dataclasses import dataclass

from forumcrawl.citing.labels import announces_source
from forumcrawl.citing.written import without_addresses
from forumcrawl.items.article import Article, Citation
from forumcrawl.items.forum import Post
from forumcrawl.text.addresses import image_uuid
from forumcrawl.text.arabic import matching, words
from forumcrawl.text.passages import Wording, passages
from forumcrawl.text.sketch import shingles

COPY = 0.6
"""Containment from which a text is a copy: reposts have .88 and more, articles on one event that share quotes .3."""
RELATED = 0.3
"""Containment from which it means something what one text has and the other lacks."""
_LEAST_OF_POST = 12
_LEAST_OF_ARTICLE = 24
"""Shared shingles below which a post, or an article within a longer post, is no copy: a quotation alone has as many."""
_AS_GOOD = 0.1
_LABEL_WORDS = 12
_LEAST_HEADLINE = 3
_LEAST_CUT_TITLE = 5
_PREFIX_WORDS = 2


@dataclass(frozen=True, slots=True)
class ReadyPost:
    """A post made ready to be compared with any number of articles."""

    key: str
    wording: Wording
    """Its text without the lines that name the source."""
    title: str
    """Title of its thread in matching form."""
    pictures: set[str]

    @classmethod
    def of(cls, post: Post, title: str | None = None) -> ReadyPost:
        return cls(post.key, Wording.of(_without_source(post.text)), matching(title or ""), _pictures_of_post(post))


@dataclass(frozen=True, slots=True)
class ReadyArticle:
    """An article made ready to be compared with any number of posts."""

    key: str
    site: str
    wording: Wording
    headline: str
    """In matching form."""
    headings: frozenset[str]
    """Headline and subtitle in matching form."""
    known: set[int]
    """Of its text and headings, which a copy may have too."""
    pictures: set[str]

    @classmethod
    def of(cls, article: Article) -> ReadyArticle:
        own = Wording.of(article.text)
        headings = [words(each) for each in (article.headline or "", article.subtitle or "")]
        return cls(
            key=article.key,
            site=article.site,
            wording=own,
            headline=" ".join(headings[0]),
            headings=frozenset(map(" ".join, headings)),
            known=own.shingles.union(*map(shingles, headings)),
            pictures={uuid for each in article.images if (uuid := each.source_uuid or image_uuid(each.url))},
        )


def compare(post: ReadyPost, article: ReadyArticle, *, linked: bool) -> Citation | None:
    """How a post relates to an article; None where it does not.

    link: the post names it as its source (`linked`); else copy: the texts share at least `COPY` of either; else image:
    both show a picture with the same UUID.
    """
    said, told = post.wording, article.wording
    in_article, in_post = len(said.shingles & article.known), len(told.shingles & said.shingles)
    of_post, of_article = _share(in_article, said.shingles), _share(in_post, told.shingles)
    shared = sorted(post.pictures & article.pictures)
    if linked:
        how = "link"
    elif (of_post >= COPY and in_article >= _LEAST_OF_POST) or (of_article >= COPY and in_post >= _LEAST_OF_ARTICLE):
        how = "copy"
    elif shared:
        how = "image"
    else:
        return None
    citation = Citation(site=article.site, post_id=post.key, article_id=article.key, how=how, shared_images=shared)
    citation.containment, citation.article_containment = of_post, of_article
    citation.headline_match = _has_headline(post, article.headline)
    if said.text and told.text and (linked or max(of_post, of_article) >= RELATED):
        differing = passages(said, told)
        citation.missing = differing.missing
        citation.added = [each for each in differing.added if matching(each) not in article.headings]
    return citation


def strongest(citations: list[Citation]) -> list[Citation]:
    """The citations of one post without those copies that another article explains clearly better.

    An excerpt that is mostly quotations is contained in every article that has them, but most in its own.
    """
    best = max((each.containment for each in citations), default=0.0)
    return [each for each in citations if each.how != "copy" or _explains(each, best)]


def _explains(citation: Citation, best: float) -> bool:
    return citation.containment >= best - _AS_GOOD or citation.article_containment >= COPY


def _share(common: int, whole: set[int]) -> float:
    return round(common / len(whole), 3) if whole else 0.0


def _pictures_of_post(post: Post) -> set[str]:
    shown = [each for each in post.images if not each.in_quote]
    names = [name for each in shown for name in (each.url, each.proxy_url or "", each.alt)]
    names += [name for each in post.attachments for name in (each.url, each.name)]
    given = {each.source_uuid for each in shown if each.source_uuid}
    return given | {uuid for name in names if (uuid := image_uuid(name))}


def _without_source(text: str) -> str:
    """A post's text without addresses, and without the lines that only name a source."""
    lines = ((line, without_addresses(line)) for line in text.split("\n"))
    return "\n".join(rest for line, rest in lines if not _names_source(line, rest)).strip()


def _names_source(line: str, rest: str) -> bool:
    count = len(rest.split())
    return (not count and bool(line)) or (count <= _LABEL_WORDS and announces_source(rest))


def _has_headline(post: ReadyPost, headline: str) -> bool:
    """Whether the thread's title or the post has the headline; a title may have a prefix or be cut at its end."""
    if headline.count(" ") + 1 < _LEAST_HEADLINE:
        return False
    if f" {headline} " in f" {post.title} " or f" {headline} " in f" {' '.join(post.wording.words)} ":
        return True
    title = post.title.split(" ")
    ways = (title[start:] for start in range(_PREFIX_WORDS + 1))
    return any(len(way) >= _LEAST_CUT_TITLE and headline.startswith(" ".join(way)) for way in ways)
