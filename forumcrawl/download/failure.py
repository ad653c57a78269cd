"""What a failed download means, as an outcome and a line."""

from __future__ import annotations

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from twisted.internet.error import TimeoutError as TwistedTimeout
from twisted.python.failure import Failure as TwistedFailure

from forumcrawl.download.private import PrivateAddress
from forumcrawl.download.redirect import RedirectedOut

_OUTCOMES: tuple[tuple[type[BaseException], str], ...] = (
    (RedirectedOut, "redirected_out"),
    (PrivateAddress, "private"),
    (DownloadTimeoutError, "timeout"),
    (TwistedTimeout, "timeout"),
    (DownloadCancelledError, "too_large"),
    (ResponseDataLossError, "truncated"),
    (CannotResolveHostError, "connection"),
    (UnsupportedURLSchemeError, "error"),
    (OSError, "connection"),
)


def outcome_of(failure: TwistedFailure) -> tuple[str, str]:
    """(outcome, reason) of a download that yielded no response. The reason is one line."""
    error = failure.value
    reason = " ".join(str(error).split()) or type(error).__name__
    for kind, outcome in _OUTCOMES:
        if isinstance(error, kind):
            return outcome, reason
    if isinstance(error, IgnoreRequest):
        return ("robots", "robots.txt does not allow it") if "robots.txt" in reason else ("error", reason)
    return "connection", f"{type(error).__name__}: {reason}"[:500]


def outcome_of_status(status: int) -> str:
    """The outcome of a response whose page does not say more than its HTTP status."""
    if status in (401, 403):
        return "forbidden"
    return "not_found" if status in (404, 410) else "http_error"
