"""Trying again: what Retry-After says, what is cut, how long is waited."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request, Spider
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import HtmlResponse, Response, TextResponse
from scrapy.utils.test import get_crawler

from forumcrawl.download.redirect import LOOP
from forumcrawl.download.retry import AS_WRITTEN, BackoffRetryMiddleware, is_cut, retry_after

URL = "https://forum.example/threads/a.7/"
NOW = datetime(2026, 3, 3, 12, 30, 15, tzinfo=UTC)


# --- Retry-After ---------------------------------------------------------------------------------------------------


def seconds(header: str | bytes | None) -> float | None:
    headers = {} if header is None else {"Retry-After": header}
    return retry_after(Response(URL, status=429, headers=headers), NOW)


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", 120.0),
        (" 5 ", 5.0),
        ("0", 0.0),
        ("007", 7.0),
        ("Tue, 03 Mar 2026 12:31:15 GMT", 60.0),
        ("Tuesday, 03-Mar-26 12:31:15 GMT", 60.0),
        ("Tue Mar  3 12:31:15 2026", 60.0),
        ("Tue, 03 Mar 2026 13:31:15 +0100", 60.0),
        ("Tue, 03 Mar 2026 12:00:00 GMT", 0.0),
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("Tue, 99 Mar 2026 12:31:15 GMT", None),
        (b"\xff\xfe", None),
    ],
)
def test_seconds_or_a_date(header: str | bytes | None, wait: float | None) -> None:
    assert seconds(header) == wait


@pytest.mark.parametrize("header", ["Mon, 01 Jan 99999999999999999999 00:00:00 GMT", "1 Jan 2030 0:0:0 +9999999999999"])
def test_a_date_of_numbers_beyond_measure_is_none(header: str) -> None:
    assert seconds(header) is None


def test_a_number_beyond_measure_is_a_long_time() -> None:
    assert (seconds("9" * 400) or 0) > 1e8


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_any_date_is_never_in_the_past(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    assert seconds(format_datetime(moment, usegmt=True)) == max(0.0, (moment - NOW).total_seconds())


# --- what is cut ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "cut"),
    [
        (b"<html><body>all</body></html>", False),
        (b"<html><body>all</body></html>\n<!-- 0.1 s -->", False),
        (b"<html><body>half", True),
        (b'<!DOCTYPE html><html id="XF"><body>half</bod', True),
        (b"<p>a piece of a page</p>", False),
        (b"", False),
        (b"<html><body></html>" + b" " * 5000, False),
    ],
)
def test_a_page_that_stops_before_its_end_is_cut(body: bytes, cut: bool) -> None:
    assert is_cut(HtmlResponse(URL, body=body)) is cut
    assert not is_cut(TextResponse(URL, body=body))


# --- waiting -------------------------------------------------------------------------------------------------------


def middleware(**settings: Any) -> BackoffRetryMiddleware:
    given_settings = {"RETRY_TIMES": 6, "RETRY_BACKOFF": 0.001, "RETRY_BACKOFF_MAX": 60.0, "RETRY_AFTER_MAX": 3600.0}
    crawler = get_crawler(Spider, {**given_settings, **settings})
    crawler.spider = crawler._create_spider("forum")
    return BackoffRetryMiddleware.from_crawler(crawler)


def tries(retry: BackoffRetryMiddleware, response: Response) -> tuple[list[Request], list[float]]:
    """The requests made for a page that always answers the same, until it is given up, and the wait before each."""
    made: list[Request] = []
    waits: list[float] = []
    request, began = Request(URL), time.monotonic()
    while isinstance(again := asyncio.run(retry.process_response(request, response)), Request):
        made.append(request := again)
        waits.append(time.monotonic() - began)
        began = time.monotonic()
        assert len(made) < 50
    assert again is response
    return made, waits


def test_each_further_try_waits_twice_as_long() -> None:
    made, waits = tries(middleware(RETRY_BACKOFF=0.01), Response(URL, status=500))
    assert [request.meta["retry_times"] for request in made] == [1, 2, 3, 4, 5, 6]
    assert all(request.dont_filter for request in made)
    assert all(wait >= 0.01 * 2**turn for turn, wait in enumerate(waits))
    assert sum(waits) < 10 * 0.01 * 2**6


def test_no_wait_is_longer_than_the_longest() -> None:
    made, waits = tries(
        middleware(RETRY_TIMES=12, RETRY_BACKOFF=0.02, RETRY_BACKOFF_MAX=0.04), Response(URL, status=502)
    )
    assert len(made) == 12
    assert all(wait >= 0.04 for wait in waits[1:])
    assert sum(waits) < 10  # unbounded it would be 82 s


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (Response(URL, status=503), "503"),
        (Response(URL, status=302, flags=[LOOP]), LOOP),
    ],
)
def test_each_try_is_counted_by_its_reason(response: Response, reason: str) -> None:
    retry = middleware(RETRY_TIMES=2)
    assert len(tries(retry, response)[0]) == 2
    assert retry.crawler.stats is not None
    assert retry.crawler.stats.get_value(f"retries/{reason}") == 2


def test_a_page_that_lacks_its_end_twice_is_written_so() -> None:
    retry, response = middleware(RETRY_TIMES=5), HtmlResponse(URL, body=b"<html><body>half")
    assert len(tries(retry, response)[0]) == 1
    assert not is_cut(response)


def test_a_cut_page_is_tried_again_until_it_comes_the_same_twice() -> None:
    retry, request = middleware(), Request(URL)
    for length in (20, 30):
        cut = HtmlResponse(URL, body=b"<html>" + b"x" * length)
        again = asyncio.run(retry.process_response(request, cut))
        assert isinstance(again, Request)
        request = again
    assert asyncio.run(retry.process_response(request, cut)) is cut
    assert cut.flags == [AS_WRITTEN]
    assert not is_cut(cut)
    assert retry.crawler.stats is not None
    assert retry.crawler.stats.get_value("retries/truncated") == 2


def test_a_loop_is_tried_again_from_its_beginning() -> None:
    looping = Request(f"{URL}3", meta={"redirect_urls": [URL, f"{URL}2"], "redirect_times": 2, "redirect_ttl": 0})
    response = Response(looping.url, status=302, flags=[LOOP])
    again = asyncio.run(middleware().process_response(looping, response))
    assert isinstance(again, Request)
    assert (again.url, again.meta["retry_times"]) == (URL, 1)
    assert "redirect_times" not in again.meta


@pytest.mark.parametrize("status", [200, 301, 403, 404, 410])
def test_what_is_final_is_not_tried_again(status: int) -> None:
    assert tries(middleware(), Response(URL, status=status))[0] == []


def test_errors_of_the_network_are_tried_again_and_ours_are_not() -> None:
    retry = middleware()
    again = asyncio.run(retry.process_exception(Request(URL), DownloadTimeoutError()))
    assert isinstance(again, Request)
    assert asyncio.run(retry.process_exception(Request(URL), ValueError())) is None
    assert asyncio.run(retry.process_exception(Request(URL, meta={"retry_times": 6}), DownloadTimeoutError())) is None


def test_a_request_may_ask_not_to_be_tried_again() -> None:
    request = Request(URL, meta={"dont_retry": True})
    response = Response(URL, status=500)
    assert asyncio.run(middleware().process_response(request, response)) is response
    assert asyncio.run(middleware().process_exception(request, DownloadTimeoutError())) is None
