"""What spiders that store pictures share: from posts and articles to the files they show, each a request of its own."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from scrapy import Request, Spider
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure as TwistedFailure

from forumcrawl.citing.schedule import next_try
from forumcrawl.download.claims import Claimed
from forumcrawl.download.failure import outcome_of
from forumcrawl.download.resting import Resting, RestingSitesMiddleware
from forumcrawl.items import ImageFile, Item
from forumcrawl.items.media import FetchedPicture
from forumcrawl.items.merge import merged
from forumcrawl.media.verdict import Inspection
from forumcrawl.media.worker import Inspectors
from forumcrawl.signals import seal
from forumcrawl.spiders.picture_answers import fetched, has_file, outcome_of_status, without
from forumcrawl.spiders.picture_requests import picture_request
from forumcrawl.spiders.shown_pictures import Shows, shown_images, this_second
from forumcrawl.stats.names import IMAGE_BYTES, IMAGES
from forumcrawl.storage.archive import Archive
from forumcrawl.storage.errors import StorageUnavailable

logger = logging.getLogger(__name__)
_FINAL = ("too_large", "refused", "unsafe")
"""Outcomes of which the forum's copy would be no other."""
Output = Item | Request | FetchedPicture


class PictureReading(Spider):
    """Callbacks for pictures; the requests are those of `picture_request`."""

    async def pictures_of(self, shown: Sequence[Shows]) -> list[Output]:
        """The pictures of posts, articles or members that are not known to be shown by them, and requests for those
        due."""
        images = shown_images(shown) if self.crawler.settings["IMAGES_STORE"] else []
        if not images:
            return []
        known = await self.ask(self.archive.images([image.key for image in images]))
        fresh = [image for image in images if not _says_nothing(image, known.get(image.key))]
        due = [merged(known.get(image.key), image) for image in images]
        return [*fresh, *(request for image in due if (request := self._request_if_due(image)) is not None)]

    async def pictures_due(self, forum: str | None) -> AsyncIterator[Request]:
        """Requests for pictures that an earlier run left to be asked for: a forum's, or those of articles (None)."""
        if not self.crawler.settings["IMAGES_STORE"]:
            return
        with self.needing_storage():
            async for image in self.archive.images_due(forum, this_second()):
                if (request := self._request_if_due(image)) is not None:
                    yield request

    async def parse_picture(
        self, response: Response, image: dict[str, Any], tries: int, place: int
    ) -> AsyncIterator[Output]:
        """The answer for a picture: a file that may be kept, or what comes of an answer without."""
        told = ImageFile(**image, tries=tries + 1, status=response.status)
        outcome, reason = outcome_of_status(response.status), f"HTTP {response.status}"
        if has_file(response):
            self._count(IMAGE_BYTES, len(response.body))
            found = await self._inspectors.inspect(response.body)
            if isinstance(found, Inspection):
                yield fetched(told, response.body, found)
                return
            outcome, reason = found.outcome, found.reason
        for output in self._without(told, outcome, reason, place):
            yield output

    def failed_picture(self, error: TwistedFailure) -> Iterator[Output]:
        """A picture that got no response. One that another job asks for, or whose site rests, stays as it is."""
        request: Request = error.request  # type: ignore[attr-defined]  # Scrapy adds it
        if isinstance(error.value, CloseSpider):  # the database stayed away when the picture was to be claimed
            raise error.value
        if isinstance(error.value, Claimed | Resting):
            self._count(IMAGES.format(outcome="left"))
            if isinstance(error.value, Claimed) and error.value.stored:
                yield error.value.stored  # a crawl that died may not have told the posts
            return
        outcome, reason = outcome_of(error)
        named = {"robots": "refused", "private": "refused", "too_large": "too_large"}.get(outcome, "failed")
        known = request.cb_kwargs
        told = ImageFile(**known["image"], tries=known["tries"] + 1)
        yield from self._without(told, named, f"{outcome}: {reason}"[:300], known["place"])

    async def claim(self, key: str, image: Mapping[str, Any]) -> bool:
        """Whether this job may ask for the picture now; see `Archive.claim_image`. Not where the run has enough or
        keeps none.

        Raises Claimed where its file is stored.
        """
        if not self.crawler.settings["IMAGES_STORE"]:
            return False
        if self._has_enough():  # it may have been claimed for the original, and this be the request for the copy
            await self.ask(self.archive.release_image(key, self._job_id))
            return False
        told = ImageFile(**{**image, "outcome": "pending", "reason": None, "next_try_at": this_second()})
        granted: bool = await self.ask(self.archive.claim_image(told, self._job_id, this_second()))
        if not granted and (shown := await self._shown_again(key)) is not None:
            raise Claimed(f"{key} is stored", shown)
        return granted

    async def _shown_again(self, key: str) -> ImageFile | None:
        """All that show the picture with this `_id`, where its file is stored, so that they are told again."""
        known: ImageFile | None = (await self.ask(self.archive.images([key]))).get(key)
        if known is None or known.outcome != "stored":
            return None
        return ImageFile(site=known.site, url=known.url, outcome="pending", seen_in=known.seen_in)

    def _without(self, image: ImageFile, outcome: str, reason: str, place: int) -> Iterator[Output]:
        """The forum's copy where there is one, else what came of it. Both together are one try."""
        image = without(image, outcome, reason)
        if outcome not in _FINAL:
            untried = replace(image, tries=(image.tries or 1) - 1)
            if (request := picture_request(untried, self, self._most_bytes, place + 1)) is not None:
                yield request
                return
        self._count(IMAGES.format(outcome=image.outcome))
        image.next_try_at = next_try(image.outcome or "", image.tries or 1, this_second())
        yield image

    def _request_if_due(self, image: ImageFile) -> Request | None:
        due = image.next_try_at is not None and image.next_try_at <= this_second()
        if not due or self._has_enough() or self.rests(image.url):
            return None
        return picture_request(image, self, self._most_bytes)

    def rests(self, url: str | None) -> bool:
        """Whether the site of an address is left alone for the rest of this run."""
        resting: RestingSitesMiddleware | None = getattr(self.crawler, "resting", None)
        return resting is not None and resting.rests(url or "")

    def _has_enough(self) -> bool:
        most = self.crawler.settings.getint("IMAGES_MAX_RUN_BYTES")
        read = self.crawler.stats.get_value(IMAGE_BYTES, 0) if self.crawler.stats else 0
        return bool(most and read >= most)

    @property
    def _most_bytes(self) -> int:
        return self.crawler.settings.getint("IMAGES_MAX_BYTES")

    @property
    def _job_id(self) -> str:
        """One a job, where workers share one; else one a run."""
        job = getattr(self, "job", None) or (self.crawler.stats.get_value("job") if self.crawler.stats else None)
        return str(job or getattr(self.crawler, "run_id", "") or id(self))

    async def ask(self, question: Any) -> Any:
        """The answer of the archive; see `needing_storage`."""
        with self.needing_storage():
            return await question

    @contextmanager
    def needing_storage(self) -> Iterator[None]:
        """The crawl ends (CloseSpider) when the database stays away in the block."""
        try:
            yield
        except StorageUnavailable as error:
            self.crawler.signals.send_catch_log(seal)
            raise CloseSpider("storage_unavailable") from error

    @property
    def archive(self) -> Archive:
        """What is durable; the pipelines must be open."""
        archive: Archive = self.crawler.storage.archive  # type: ignore[attr-defined]
        return archive

    @property
    def _inspectors(self) -> Inspectors:
        """Where files are looked into; the pipelines must be open."""
        inspectors: Inspectors = self.crawler.inspectors  # type: ignore[attr-defined]
        return inspectors

    def _count(self, name: str, count: int = 1) -> None:
        if (stats := self.crawler.stats) is not None:
            stats.inc_value(name, count)


def _says_nothing(image: ImageFile, known: ImageFile | None) -> bool:
    """Whether all of it is stored. Where the file is, the post must be told its hash, so that is said again."""
    return known is not None and known.outcome != "stored" and merged(known, image).seen_in == known.seen_in
