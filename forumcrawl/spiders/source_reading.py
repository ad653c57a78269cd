"""What spiders that follow links to source sites share: from a link to its article, or to the outcome of asking."""

from __future__ import annotations

import asyncio
import logging
import zlib
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from math import ceil
from typing import Any

from scrapy.http import Response
from twisted.python.failure import Failure as TwistedFailure

from forumcrawl.citing.repost import repost_of
from forumcrawl.citing.schedule import next_try
from forumcrawl.citing.source_link import sources_of
from forumcrawl.download.failure import outcome_of as download_outcome
from forumcrawl.download.headers import headers_of
from forumcrawl.download.redirect import LOOP
from forumcrawl.download.refusal import refused
from forumcrawl.download.resting import Resting
from forumcrawl.download.retry import is_cut, retry_after
from forumcrawl.items import Post, SourceLink, UnparsedPage
from forumcrawl.pages.articles import NotArticle, Reading, outcome_of, read_article
from forumcrawl.spiders.picture_reading import Output, PictureReading
from forumcrawl.spiders.shown_pictures import this_second
from forumcrawl.spiders.source_checks import SourceChecks
from forumcrawl.spiders.source_requests import source_request
from forumcrawl.stats.names import SOURCE_WARNINGS, SOURCES
from forumcrawl.text.addresses import article_address, cut_tail, site_of

logger = logging.getLogger(__name__)
_ARRIVING = (0.0, 0.25, 1.0, 4.0)
"""Seconds before each look for the post that named a link: it is stored while the link is asked for."""


class SourceReading(PictureReading):
    """Callbacks for articles of source sites; the requests are those of `source_request`."""

    @cached_property
    def source_checks(self) -> SourceChecks:
        """What this run's articles lack."""
        return SourceChecks(self.crawler)

    async def sources_of(self, posts: Sequence[Post], *, follow: bool) -> list[Output]:
        """The sources that posts name, each as a link, and with `follow` the requests for those that are due."""
        links = named_links(posts)
        known, now = {}, this_second()
        if follow and links:
            known = await self.ask(self.archive.links([link.key for link in links if link.url]))
        due = [known.get(link.key, link) for link in links if link.url and is_due(known.get(link.key), now)]
        asked = [link for link in due if follow and not self.rests(link.url)]
        if follow and len(asked) < len(due):
            self._count(SOURCES.format(outcome="pending"), len(due) - len(asked))
        return [*links, *(source_request(link, self) for link in asked)]

    async def parse_source(self, response: Response, link: str, tries: int, named: bool) -> AsyncIterator[Output]:
        """The page that a link led to; `named`: by a post."""
        now = this_second()
        reading = read_response(response, now, self.crawler.settings.getdict("SOURCE_CLASSES"))
        for warning in reading.warnings:
            logger.warning("%s: %s", response.url, warning)
            self._count(SOURCE_WARNINGS.format(site=site_of(response.url)))
        if isinstance(reading.found, NotArticle):
            if reading.outcome == "unparsed":
                reason, html = reading.found.reason, zlib.compress(response.body)
                yield UnparsedPage(site=site_of(response.url), url=response.url, reason=reason, html=html)
            not_before = now + timedelta(seconds=ceil(retry_after(response) or 0))
            async for item in self._refused(link, tries, named, reading.found, response.status, not_before):
                yield item
            return
        article = reading.found
        self.source_checks.note(article, reading.expected)
        yield article
        for output in await self.pictures_of([article]):
            yield output
        self._count(SOURCES.format(outcome="fetched"))
        yield self._answered(link, tries, "fetched", status=response.status, article_id=article.key)

    async def failed_source(self, error: TwistedFailure) -> AsyncIterator[Output]:
        """A link that got no response, after all its tries. One whose site rests was not asked for: it stays due."""
        if isinstance(error.value, Resting):
            self._count(SOURCES.format(outcome="pending"))
            return
        known: dict[str, Any] = error.request.cb_kwargs  # type: ignore[attr-defined]  # Scrapy adds it
        outcome, reason = download_outcome(error)
        refused = NotArticle("blocked" if outcome in ("robots", "private") else "failed", f"{outcome}: {reason}"[:300])
        async for item in self._refused(**known, refused=refused):
            yield item

    async def _refused(
        self,
        link: str,
        tries: int,
        named: bool,
        refused: NotArticle,
        status: int | None = None,
        not_before: datetime | None = None,
    ) -> AsyncIterator[Output]:
        """The outcome, and where the source cannot be read now the forum's own copy in its place."""
        self._count(SOURCES.format(outcome=refused.outcome))
        logger.info("%s: %s: %s", refused.outcome, link, refused.reason)
        answered = self._answered(link, tries, refused.outcome, status=status)
        answered.reason = refused.reason
        if answered.next_try_at is not None and not_before is not None:
            answered.next_try_at = max(answered.next_try_at, not_before)
        if refused.outcome in ("blocked", "gone") or (refused.outcome == "failed" and answered.next_try_at is None):
            post, title = await self._first_post(link) if named else (None, None)
            if post is not None and (copy := repost_of(post, title, link, refused.outcome)) is not None:
                answered.article_id = copy.key
                yield copy
                for output in await self.pictures_of([copy]):
                    yield output
        yield answered

    async def _first_post(self, link: str) -> tuple[Post | None, str | None]:
        """The first post that names a link, and its thread's title."""
        for pause in _ARRIVING:
            await asyncio.sleep(pause)
            post, title = await self.ask(self.archive.first_post_naming(article_address(link)))
            if post is not None:
                return post, title
        return None, None

    def _answered(self, link: str, tries: int, outcome: str, **known: Any) -> SourceLink:
        due = next_try(outcome, tries + 1, this_second())
        return SourceLink(site=site_of(link), url=link, outcome=outcome, tries=tries + 1, next_try_at=due, **known)


def named_links(posts: Sequence[Post]) -> list[SourceLink]:
    """The sources that posts name, as links that wait to be asked for, or for an article that fits what is left."""
    now = this_second()
    links: dict[str, SourceLink] = {}
    for post in posts:
        for named in sources_of(post):
            if named.url:
                link = SourceLink(site=site_of(named.url), url=named.url, outcome="pending", next_try_at=now)
            else:
                cut = named.cut or ""
                link = SourceLink(site=site_of(cut), cut=cut, tail=cut_tail(cut), outcome="unresolved")
            if link.site:
                links.setdefault(link.key, link).post_ids.append(post.key)
    return list(links.values())


def is_due(known: SourceLink | None, now: datetime) -> bool:
    """Whether a link is to be asked for: nobody did, or what came of it may pass and its time has come."""
    return known is None or (known.next_try_at is not None and known.next_try_at <= now)


def read_response(response: Response, now: datetime, classes: dict[str, str]) -> Reading:
    """What a response of a source site is; `classes` name sites whose page class reads another site's pages."""
    if LOOP in response.flags:
        return Reading(NotArticle("failed", "redirects without end"))
    if (gate := refused(response)) is not None:
        blocked = gate.outcome in ("challenge", "blocked", "consent")
        return Reading(NotArticle("blocked" if blocked else "failed", f"{gate.outcome}: {gate.reason}"))
    refusal = outcome_of(response.status, response.body, response.url)
    if refusal is not None:
        return Reading(refusal)
    if is_cut(response):
        return Reading(NotArticle("failed", "the page stops before its end"))
    like = classes.get(site_of(response.url))
    return read_article(response.body, response.url, headers=headers_of(response), now=now, like=like)
