"""Checks, for each source site, that a run yields what its page class promises."""

from __future__ import annotations

import logging
from collections import Counter

from scrapy import signals
from scrapy.crawler import Crawler

from forumcrawl.items import Article
from forumcrawl.pages.articles.expected import Expected
from forumcrawl.stats.names import SOURCE_BELOW, SOURCE_LACKING, SOURCE_READ

logger = logging.getLogger(__name__)


class SourceChecks:
    """Counts what articles lack; when the spider closes, what a site yields too rarely is warned about and counted."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._expected: dict[str, Expected] = {}
        self._read = Counter[str]()
        self._lacking: dict[str, Counter[str]] = {}
        crawler.signals.connect(self._close, signal=signals.spider_closed)

    def note(self, article: Article, expected: Expected) -> None:
        """An article that was read from its own page."""
        site, lacking = article.site, expected.lacking(article)
        self._expected[site] = expected
        self._read[site] += 1
        self._lacking.setdefault(site, Counter()).update(lacking)
        if (stats := self._crawler.stats) is not None:
            stats.inc_value(SOURCE_READ.format(site=site))
            for name in lacking:
                stats.inc_value(SOURCE_LACKING.format(site=site, field=name))

    def _close(self) -> None:
        for site, expected in self._expected.items():
            for name, share in expected.below(self._read[site], self._lacking[site]).items():
                logger.warning("%s: only %.0f %% of its articles have %s: was it redesigned?", site, 100 * share, name)
                if self._crawler.stats is not None:
                    self._crawler.stats.set_value(SOURCE_BELOW.format(site=site, field=name), share)
