"""The first step: when and by which run an item was made, and whether it is what its class says."""

from __future__ import annotations

import logging
import uuid
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from scrapy.crawler import Crawler

from forumcrawl.items import Item, Rejected
from forumcrawl.items.rejection import rejection
from forumcrawl.items.validate import fault

logger = logging.getLogger(__name__)


class ValidatePipeline:
    """Fills `fetched_at` and `run_id`, and turns an item that is not valid into a `Rejected` item, which goes on."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ValidatePipeline:
        return cls(crawler)

    @cached_property
    def _run_id(self) -> str:
        """The crawl's own, which is set after this component is built; one made here where there is none."""
        return str(getattr(self._crawler, "run_id", None) or uuid.uuid4().hex)

    def process_item(self, item: Any) -> Any:
        """The item, or the `Rejected` item in its place. What is no item of ours passes as it is."""
        if not isinstance(item, Item):
            return item
        if item.fetched_at is None:
            now = datetime.now(UTC)
            item.fetched_at = now.replace(microsecond=now.microsecond // 1000 * 1000)  # as MongoDB keeps it
        item.run_id = item.run_id or self._run_id
        found = fault(item)
        return item if found is None else self._reject(item, *found)

    def _reject(self, item: Item, field: str | None, reason: str) -> Rejected:
        rejected = rejection(item, field, reason)
        logger.warning("Rejected %s: %s %s", rejected.key, rejected.field or "it", rejected.reason)
        return rejected
