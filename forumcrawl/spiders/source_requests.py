"""The requests for articles of source sites."""

from __future__ import annotations

from typing import Any

from scrapy import Request

from forumcrawl.download.fingerprint import IDENTITY
from forumcrawl.download.private import SHOWN_BY
from forumcrawl.download.retry import SOURCE
from forumcrawl.frontier.bands import BAND, Band
from forumcrawl.items import SourceLink

_TRIES = 1  # beyond the first, in one run
_PRIORITY = 5


def source_request(link: SourceLink, callbacks: Any, listed_by: str | None = None) -> Request:
    """The request for a link's article. One article is asked for once a job, whatever forms its links have.

    `listed_by`: the page that names it, where that is no post.
    """
    forum = link.post_ids[0].partition("/post/")[0] if link.post_ids else ""
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
            SHOWN_BY: listed_by or f"https://{forum}",
            "max_retry_times": _TRIES,
        },
    )
