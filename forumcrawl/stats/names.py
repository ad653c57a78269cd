"""Every stat that forumcrawl adds to Scrapy's own: the names are an API, declared here and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

PAGES = "pages/{kind}"
"""Pages read, by kind: board_index, board, thread, member, unrecognised ..."""
ITEMS = "items/{type}/{verdict}"
"""Items by collection and verdict: new, changed, unchanged, rejected; duplicate: its text is nearly an older one."""
HOST_ITEMS = "host_items/{type}/{verdict}/{host}"
"""The same by forum or site, at most 200 of them and "others"; and requests by host: new, or duplicate where they had
been queued before."""
UNREAD = "unread/{type}/{field}"
"""Fields that stood on a page and could not be read, by item type and field."""
OUTCOMES = "outcomes/{outcome}"
"""Requests that yielded no content, by outcome."""
THREADS = "threads/{decision}"
"""List rows by what was decided: read, skipped (nothing new), resumed (read from a later page)."""
SOURCES = "sources/{outcome}"
"""Links to source sites by outcome: fetched, blocked, gone, not_article, unparsed, failed; pending where it rests."""
IMAGES = "images/{outcome}"
"""Pictures asked for, by outcome: stored, gone, blocked, failed, too_large, not_an_image ...; left to another job."""
IMAGE_BYTES = "image_bytes"
"""Bytes of pictures that were downloaded."""
SOURCE_WARNINGS = "source_warnings/{site}"
"""Articles that a site's own page class could not read and another could: the site was redesigned."""
SOURCE_READ = "source_read/{site}"
"""Articles read from their own pages, by site."""
SOURCE_LACKING = "source_lacking/{site}/{field}"
"""Of these, articles without a field that their site's page class expects; least_words: with too short a text."""
SOURCE_BELOW = "source_below/{site}/{field}"
"""Share of a site's articles that have a field, 0 to 1, where that is below what its page class expects."""
RETRIES = "retries/{reason}"
"""Downloads tried again, by reason."""
GATE_VERDICTS = "gate_verdicts/{verdict}/{host}"
"""Pages by what they were, by host: open, js_gate, challenge, blocked, consent, login."""
GATE = "gate/{what}/{host}"
"""By host: browser_pages, browser_seconds, opened (gates), reused (pages got with a clearance), troubles (crashes)."""
FRONTIER = "frontier/{what}"
"""The shared frontier: fresh (requests queued that were new), redelivered, dead, retries (Redis was away)."""
JOB = "job"
"""The id of the crawl job that this worker took part in."""
STORAGE_RETRIES = "storage/retries"
"""Database operations tried again after a transient error."""
STORAGE_BATCHES = "storage/batches"
"""Bulk writes."""
STORAGE_WAIT = "storage/seconds"
"""Seconds spent in database operations."""


def counted(template: str, stats: Mapping[str, Any]) -> dict[tuple[str, ...], Any]:
    """The values of the stats that `template` names, by what stands in its braces."""
    matches = ((_pattern(template).fullmatch(name), value) for name, value in stats.items())
    return {match.groups(): value for match, value in matches if match}


def by_name(template: str, stats: Mapping[str, Any]) -> dict[str, int]:
    """Counts by what stands in the first braces of `template`, summed over the others; the largest first."""
    sums: dict[str, int] = {}
    for (name, *_), value in counted(template, stats).items():
        sums[name] = sums.get(name, 0) + value
    return dict(sorted(sums.items(), key=lambda entry: (-entry[1], entry[0])))


@cache
def _pattern(template: str) -> re.Pattern[str]:
    """The last brace takes slashes too: a field may be a path."""
    *first, last = re.split(r"\{\w+\}", template)
    return re.compile("([^/]+)".join(map(re.escape, first)) + "(.+)" + re.escape(last))
