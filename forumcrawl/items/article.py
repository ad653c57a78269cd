"""Articles of source sites, the links of posts that lead to them, and how posts and articles relate."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from forumcrawl.items.base import SiteItem, counter, unhashed
from forumcrawl.text.addresses import article_address


@dataclass(slots=True, kw_only=True)
class Picture:
    """A picture of an article."""

    url: str
    """Address of the largest form that the page names."""
    caption: str = ""
    """Caption, else alternative text."""
    source_uuid: str | None = unhashed()
    """The UUID in its address, which is its identity at its source whatever its size."""
    sha256: str | None = unhashed()
    """Hash of the stored file, once stored."""


@dataclass(slots=True, kw_only=True)
class Article(SiteItem):
    """An article: as its own page told it, else as a feed did, else as a forum's copy has it."""

    collection: ClassVar[str] = "articles"
    partial: ClassVar[bool] = True

    headline: str | None = None
    """Headline as the page shows it."""
    subtitle: str | None = None
    """Line below or above the headline; the page's description where it has none."""
    authors: list[str] = field(default_factory=list)
    """Names of people, in page order; a site's or an agency's own name is none."""
    published_at: datetime | None = None
    """When it was published (UTC); midnight of the day where only that is known."""
    published_raw: str | None = None
    """The time of publication as it was written."""
    published_to: str | None = None
    """How exact `published_at` is: minute or day."""
    modified_at: datetime | None = None
    """When it was last changed (UTC)."""
    modified_raw: str | None = None
    """The time of the last change as it was written."""
    section: str | None = None
    """Section of the site."""
    tags: list[str] = field(default_factory=list)
    """Tags in page order, without "#"."""
    language: str | None = None
    """Language of the text, as two letters."""
    text: str = ""
    """Body in paragraphs, one a line, without headline, captions and links to other articles."""
    html: str = ""
    """The body's part of the page as the site sent it."""
    images: list[Picture] = field(default_factory=list)
    """Pictures, the main one first."""
    videos: list[str] = field(default_factory=list)
    """Addresses of videos."""
    page: str | None = unhashed()
    """The page class that read it and its version: AlArabiyaPage/1."""
    provenance: dict[str, str] | None = unhashed()
    """Where each field came from: json-ld, meta, selector, heuristic, url, feed or post."""
    origin: str = "source"
    """source, feed or repost: what it was read from."""
    outcome: str = "fetched"
    """How the article's own page answered last: fetched, blocked, gone, not_article, unparsed, failed or pending."""
    near_duplicate_of: str | None = unhashed()
    """`_id` of the earliest article with nearly the same text."""
    tail: str | None = unhashed()
    """Last characters of its address, by which a link that was cut in the middle finds it."""

    @property
    def key(self) -> str:
        return article_address(self.url or "")


@dataclass(slots=True, kw_only=True)
class SourceLink(SiteItem):
    """An address that posts name as their source, and what became of it."""

    collection: ClassVar[str] = "links"
    partial: ClassVar[bool] = True

    post_ids: list[str] = field(default_factory=list)
    """`_id`s of the posts that name it."""
    outcome: str | None = None
    """pending, unresolved, fetched, blocked, gone, not_article, unparsed or failed."""
    reason: str | None = None
    """What the page or the error said, in one line."""
    status: int | None = None
    """HTTP status of the last try, where there was a response."""
    tries: int | None = counter()
    """How often it was asked for."""
    next_try_at: datetime | None = None
    """When it is to be asked for again (UTC); None when that is settled."""
    article_id: str | None = None
    """`_id` of the article it leads to."""
    cut: str | None = None
    """The visible text of an address that survives only cut in the middle."""
    tail: str | None = unhashed()
    """Last characters of a cut address."""

    @property
    def key(self) -> str:
        return article_address(self.url) if self.url else f"{self.site}:{self.cut}"


@dataclass(slots=True, kw_only=True)
class Citation(SiteItem):
    """How a post relates to an article."""

    collection: ClassVar[str] = "citations"

    post_id: str
    """`_id` of the post."""
    article_id: str
    """`_id` of the article."""
    how: str
    """link, copy or image: the strongest of them."""
    containment: float = 0.0
    """Share of the post's text that stands in the article, 0 to 1."""
    article_containment: float = 0.0
    """Share of the article's text that stands in the post, 0 to 1."""
    shared_images: list[str] = field(default_factory=list)
    """Identities of pictures that both show."""
    headline_match: bool = False
    """The thread's title or the post's text holds the article's headline."""
    missing: list[str] = field(default_factory=list)
    """Passages of the article that the post left out."""
    added: list[str] = field(default_factory=list)
    """Passages of the post that the article does not have."""

    @property
    def key(self) -> str:
        return f"{self.post_id} {self.article_id}"
