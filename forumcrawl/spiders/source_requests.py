"""The requests for articles of source sites."""

from __future__ import annotations

from typing import Any

from scrapy import Request

from forumcrawl.download.fingerprint import IDENTITY
from forumcrawl.download.retry import SOURCE
from forumcrawl.frontier.bands import BAND, Band
from forumcrawl.items import SourceLink

_TRIES = 1  # beyond the first, in one run
_PRIORITY = 5


def source_request(link: SourceLink, callbacks: Any) -> Request:
    """The request for a link's article. One article is asked for once a job, whatever forms its links have."""
    return Request(
        link.url or "",
        callbacks.parse_source,
        errback=callbacks.failed_source,
        priority=_PRIORITY,
        cb_kwargs={"link": link.url, "tries": link.tries or 0, "named": bool(link.post_ids)},
        meta={
            IDENTITY: f"source/{link.key}",
            BAND: Band.SOURCE.label,
            SOURCE: True,
            "max_retry_times": _TRIES,
        },
    )
