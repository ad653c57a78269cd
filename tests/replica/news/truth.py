"""What a crawl of the forum and its source sites should know of articles, told from the model and never from a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from forumcrawl.items.article import Article, Picture
from forumcrawl.text.addresses import article_address, site_of
from tests.replica.news.addresses import picture_path
from tests.replica.news.newsroom import Newsroom
from tests.replica.news.quoting import Quotation
from tests.replica.news.sites import MANNERS
from tests.replica.news.stories import Story
from tests.replica.posts import POSTS_AT_MOST
from tests.replica.world import World


@dataclass(frozen=True, slots=True)
class QuotingPost:
    """What should become of one post that has to do with an article."""

    post_id: str
    """`_id` of the post."""
    kind: str
    """What sort of post it is; see `quoting`."""
    article_id: str | None
    """`_id` of the article it cites; None where it cites none."""
    how: str | None
    """link where it names the article's address, whole or cut, else copy; None where it cites none."""
    url: str | None
    """The source's address as it is linked or written out."""
    cut: str | None
    """The source's address where only its ends are left."""
    social: str | None
    """A message on a social network that it names instead, which is not to be followed."""
    outcomes: frozenset[str]
    """How the article's page may answer; one outcome alone is certain."""

    @property
    def resolves(self) -> bool:
        """Whether the article itself can be had for certain, so that the citation is due."""
        return self.article_id is not None and self.outcomes == MANNERS["open"]


class NewsTruth:
    """The truth about the source sites of a world."""

    def __init__(self, world: World) -> None:
        if world.quoting is None:
            raise ValueError("a world without articles has no truth about them")
        self.world = world
        self.news = world.newsroom
        self.quoting = world.quoting

    @property
    def sites(self) -> dict[str, str]:
        """Source site to the address its pages begin with."""
        return self.news.bases

    def articles(self) -> Iterator[Article]:
        """The articles that can be had for certain, as their pages tell them."""
        return (article_of(self.news, story) for story in self.news.stories if story.site.manner == "open")

    def outcomes(self) -> dict[str, frozenset[str]]:
        """`_id` of every article to how its page may answer."""
        return {article_id(self.news, story): MANNERS[story.site.manner] for story in self.news.stories}

    def posts(self) -> Iterator[QuotingPost]:
        """The posts that have to do with articles."""
        for index, number in self.quoting.places:
            found = self.quoting.at(index, number)
            assert found is not None
            yield self._post((index + 1) * POSTS_AT_MOST + number, found)

    def _post(self, number: int, found: Quotation) -> QuotingPost:
        named = found.named.url or found.named.cut
        return QuotingPost(
            post_id=f"{self.world.forum}/post/{number}",
            kind=found.kind,
            article_id=article_id(self.news, found.story) if found.copies else None,
            how=("link" if named else "copy") if found.copies else None,
            url=found.named.url,
            cut=found.named.cut,
            social=found.named.social,
            outcomes=MANNERS[found.story.site.manner],
        )


def article_id(news: Newsroom, story: Story) -> str:
    """`_id` of an article."""
    return article_address(news.url(story))


def article_of(news: Newsroom, story: Story) -> Article:
    """An article, as far as a page of its site's style tells it."""
    dated, bare = story.published, story.site.style == "dated"
    if bare:
        dated = datetime(dated.year, dated.month, dated.day, tzinfo=UTC)
    base = news.bases[story.site.name]
    return Article(
        site=site_of(news.url(story)),
        url=article_id(news, story),
        headline=story.headline,
        authors=[] if bare else list(story.authors),
        published_at=dated,
        published_to="day" if bare else "minute",
        modified_at=None if bare else story.modified,
        section=None if bare else story.section[1],
        tags=[] if bare else list(story.tags),
        language=story.site.language,
        text="\n".join(news.text[story.number]),
        images=[
            Picture(url=base + picture_path(story, place), source_uuid=str(uuid))
            for place, uuid in enumerate(story.pictures)
        ],
    )
