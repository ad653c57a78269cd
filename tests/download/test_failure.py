"""A failed download has an outcome and a reason of one line."""

from __future__ import annotations

import pytest
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from twisted.internet.error import TimeoutError as TwistedTimeout
from twisted.python.failure import Failure

from forumcrawl.download.failure import outcome_of, outcome_of_status
from forumcrawl.download.redirect import RedirectedOut


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (RedirectedOut("http://other.invalid/"), "redirected_out"),
        (DownloadTimeoutError("30 s"), "timeout"),
        (TwistedTimeout("30 s"), "timeout"),  # type: ignore[no-untyped-call]
        (DownloadCancelledError("34000000 bytes"), "too_large"),
        (ResponseDataLossError("half"), "truncated"),
        (CannotResolveHostError("no such host"), "connection"),
        (UnsupportedURLSchemeError("gopher"), "error"),
        (ConnectionRefusedError("refused"), "connection"),
        (OSError("no route"), "connection"),
        (IgnoreRequest("Forbidden by robots.txt"), "robots"),
        (IgnoreRequest("offsite"), "error"),
        (ValueError("strange"), "connection"),
    ],
)
def test_every_error_has_its_outcome(error: Exception, outcome: str) -> None:
    found, reason = outcome_of(Failure(error))  # type: ignore[no-untyped-call]
    assert found == outcome
    assert reason


def test_the_reason_is_one_line_and_never_empty() -> None:
    assert outcome_of(Failure(OSError("a\n  b\tc")))[1] == "a b c"  # type: ignore[no-untyped-call]
    assert outcome_of(Failure(DownloadTimeoutError()))[1] == "DownloadTimeoutError"  # type: ignore[no-untyped-call]
    assert outcome_of(Failure(ValueError("x" * 900)))[1] == f"ValueError: {'x' * 488}"  # type: ignore[no-untyped-call]


def test_what_is_redirected_out_says_where_to() -> None:
    error = RedirectedOut("http://other.invalid/threads/1/")
    assert outcome_of(Failure(error)) == ("redirected_out", "http://other.invalid/threads/1/")  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (401, "forbidden"),
        (403, "forbidden"),
        (404, "not_found"),
        (410, "not_found"),
        (400, "http_error"),
        (429, "http_error"),
        (500, "http_error"),
        (503, "http_error"),
    ],
)
def test_every_status_has_its_outcome(status: int, outcome: str) -> None:
    assert outcome_of_status(status) == outcome
