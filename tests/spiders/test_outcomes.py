"""What a response or a failed download is recorded as, where it holds no content."""

from __future__ import annotations

import logging
import zlib
from datetime import UTC, datetime
from typing import Any

import pytest
from scrapy import Request, Spider
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import HtmlResponse
from scrapy.utils.test import get_crawler
from twisted.python.failure import Failure as TwistedFailure

from forumcrawl.download.redirect import LOOP, RedirectedOut
from forumcrawl.items import Failure, ThreadRead, UnparsedPage
from forumcrawl.pages.xenforo import IndexPage, ThreadPage, XenForoPage
from forumcrawl.spiders.outcomes import NoContent, Outcomes, failed_download, failure, read_response, refusals

KEY, URL = "forum.example", "https://forum.example/threads/a.7/"
FOREIGN = "<html><body>Bad gateway</body></html>"
THREAD = 'data-content-key="thread-7"'


def page(template: str, body: str = "", attributes: str = "") -> str:
    return f'<html id="XF" data-template="{template}" {attributes}><head></head><body>{body}</body></html>'


def message(text: str) -> str:
    return f'<div class="blockMessage">{text}</div>'


def answer(body: str, status: int = 200, *, url: str = URL, request: Request | None = None) -> HtmlResponse:
    return HtmlResponse(url, status=status, body=body.encode(), request=request or Request(URL))


def read(response: HtmlResponse, expected: type[XenForoPage] = ThreadPage) -> XenForoPage | NoContent:
    return read_response(response, KEY, expected)


def only_failure(response: HtmlResponse, expected: type[XenForoPage] = ThreadPage) -> Failure:
    """The one failure that a response gives."""
    nothing = read(response, expected)
    assert isinstance(nothing, NoContent)
    (found,) = [item for item in nothing.items if isinstance(item, Failure)]
    return found


def test_the_expected_page_is_given_as_it_is() -> None:
    got = read(answer(page("thread_view", attributes=THREAD)))
    assert isinstance(got, ThreadPage)
    assert (got.thread_id, got.forum, got.fetched_from) == (7, KEY, URL)


def test_any_kind_is_given_where_any_is_expected() -> None:
    assert isinstance(read(answer(page("forum_list")), XenForoPage), IndexPage)


@pytest.mark.parametrize(
    ("body", "status", "outcome", "reason"),
    [
        (page("login", message("You must log in.")), 403, "login_required", "You must log in."),
        (page("login"), 200, "login_required", "HTTP 200"),
        (page("error", message("Keine Rechte, hier zu lesen.")), 403, "forbidden", "Keine Rechte, hier zu lesen."),
        (page("error", message("لا شيء هنا.")), 404, "not_found", "لا شيء هنا."),
        (page("error"), 410, "not_found", "HTTP 410"),
        (page("error", message("You do not have permission.")), 200, "forbidden", "You do not have permission."),
        (page("error", message("The requested thread could not be found.")), 200, "not_found", None),
        (page("error", message("Something went wrong.")), 500, "error", "Something went wrong."),
        (page("thread_view", attributes=THREAD), 500, "http_error", "HTTP 500"),
        (page("thread_view", attributes=THREAD), 404, "not_found", "HTTP 404"),
        (FOREIGN, 401, "forbidden", "HTTP 401"),
        (FOREIGN, 404, "not_found", "HTTP 404"),
        (FOREIGN, 502, "http_error", "HTTP 502"),
        ("", 500, "http_error", "HTTP 500"),
        (page("portal_custom_view"), 200, "unrecognised", "no page object for template 'portal_custom_view'"),
        (page("forum_list"), 200, "moved", f"led to {URL}, a page of another kind (board_index)"),
    ],
)
def test_page_and_status_give_the_outcome(body: str, status: int, outcome: str, reason: str | None) -> None:
    found = only_failure(answer(body, status))
    assert (found.outcome, found.status) == (outcome, status)
    assert found.reason
    assert reason is None or found.reason == reason


@pytest.mark.parametrize("body", [FOREIGN, "", "plain text", page("portal_custom_view")])
def test_a_page_of_no_known_kind_is_kept_whole(body: str) -> None:
    nothing = read(answer(body))
    assert isinstance(nothing, NoContent)
    kept, failed = nothing.items
    assert isinstance(kept, UnparsedPage)
    assert isinstance(failed, Failure)
    assert zlib.decompress(kept.html).decode() == body
    assert (kept.url, kept.reason, kept.forum) == (failed.url, failed.reason, failed.forum) == (URL, kept.reason, KEY)


def test_an_error_of_the_server_is_not_kept_as_a_page() -> None:
    nothing = read(answer(FOREIGN, 502))
    assert isinstance(nothing, NoContent)
    assert [type(item) for item in nothing.items] == [Failure]


def test_an_endless_redirect_is_told_as_one() -> None:
    response = answer("", 302)
    response.flags.append(LOOP)
    found = only_failure(response)
    assert (found.outcome, found.reason, found.status) == ("redirect_loop", "HTTP 302 without end", 302)


def test_the_first_page_tells_its_forum() -> None:
    settings = '<script>XF.config = { url: { fullBase: "https://www.forum.example/board/" } };</script>'
    response = answer(page("forum_list", settings), url="https://www.forum.example/board/")
    first = read_response(response, "www.forum.example", XenForoPage, first=True)
    assert isinstance(first, XenForoPage)
    assert (first.forum, first.base_path) == ("forum.example/board", "/board/")


def test_a_failure_tells_what_was_asked_for_how_often_and_from_where() -> None:
    meta = {"redirect_urls": ["HTTPS://Forum.example:443/a#post-1", URL], "retry_times": 2}
    request = Request(URL, headers={"Referer": "https://forum.example/ü"}, meta=meta)
    found = failure(KEY, request, "moved", "why", 200)
    assert (found.url, found.tries, found.status) == ("https://forum.example/a", 3, 200)
    assert found.referer is not None
    assert found.referer.startswith("https://forum.example/")
    assert failure(KEY, Request(URL), "moved", "why").tries == 1


def test_a_failed_download_is_a_failure_of_its_request() -> None:
    error = TwistedFailure(DownloadTimeoutError("took\nlonger"))  # type: ignore[no-untyped-call]
    error.request = Request(URL, meta={"retry_times": 6})  # type: ignore[attr-defined]
    (found,) = failed_download(KEY, error).items
    assert isinstance(found, Failure)
    assert (found.url, found.outcome, found.reason, found.tries) == (URL, "timeout", "took longer", 7)
    assert found.status is None


# --- refusals: what is remembered of a thread that cannot be read --------------------------------------------------

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)


def refused(outcome: str, *, settled: bool = True, **known: Any) -> list[ThreadRead]:
    request = Request(URL, cb_kwargs={"thread_id": 7, "number": 1, "entry": 1, **known})
    return list(refusals(KEY, NoContent([failure(KEY, request, outcome, "why")], settled), request))


@pytest.mark.parametrize(
    ("body", "status", "settled"),
    [
        (page("error", message("gone")), 404, True),
        (page("error", message("closed")), 403, False),
        (page("login"), 403, False),
        (FOREIGN, 404, False),
        (FOREIGN, 403, False),
        (page("forum_list"), 200, False),
    ],
)
def test_only_the_forums_own_word_settles_that_a_thread_is_gone(body: str, status: int, settled: bool) -> None:
    nothing = read(answer(body, status))
    assert isinstance(nothing, NoContent)
    assert nothing.settled is settled


@pytest.mark.parametrize("for_good", [True, False])
def test_only_a_permanent_redirect_out_settles_it(for_good: bool) -> None:
    error = TwistedFailure(RedirectedOut("http://other.example/", for_good=for_good))  # type: ignore[no-untyped-call]
    error.request = Request(URL)  # type: ignore[attr-defined]
    assert failed_download(KEY, error).settled is for_good


@pytest.mark.parametrize("outcome", ["moved", "not_found", "redirected_out"])
def test_a_final_outcome_is_remembered_with_what_the_row_said(outcome: str) -> None:
    (account,) = refused(outcome, replies=4, last_post=int(NOON.timestamp()))
    assert (account.key, account.upto, account.ahead) == ("forum.example/thread/7", 0, {})
    assert account.refusal is not None
    assert (account.refusal.outcome, account.refusal.replies) == (outcome, 4)
    assert account.refusal.last_post_at == NOON


@pytest.mark.parametrize(
    "outcome", ["http_error", "timeout", "connection", "truncated", "redirect_loop", "parse_error", "robots", "error"]
)
def test_passing_trouble_is_not_remembered(outcome: str) -> None:
    assert refused(outcome, settled=False, replies=4) == []


def test_a_row_that_says_little_is_remembered_too() -> None:
    (account,) = refused("not_found")
    assert account.refusal is not None
    assert (account.refusal.replies, account.refusal.last_post_at) == (None, None)


def test_a_later_page_and_a_board_are_no_thread_refused() -> None:
    assert refused("not_found", entry=0) == []
    request = Request(URL, cb_kwargs={"board_id": 3, "number": 1, "discover": 0})
    assert list(refusals(KEY, NoContent([failure(KEY, request, "not_found", "why")], True), request)) == []


# --- counting ------------------------------------------------------------------------------------------------------


def test_recording_counts_each_failure_and_warns_once(caplog: pytest.LogCaptureFixture) -> None:
    crawler = get_crawler(Spider)
    crawler.run_id = "the run"  # type: ignore[attr-defined]
    unknown = read(answer(page("portal_custom_view")))
    assert isinstance(unknown, NoContent)
    items = [*unknown.items, failure(KEY, Request(URL), "timeout", "too slow")]
    with caplog.at_level(logging.WARNING, "forumcrawl"):
        recorded = list(Outcomes(crawler).record(items))
    assert recorded == items
    assert crawler.stats is not None
    counted = {name: crawler.stats.get_value(f"outcomes/{name}") for name in ("timeout", "unrecognised")}
    assert counted == {"timeout": 1, "unrecognised": 1}
    assert len(caplog.messages) == 2
    assert caplog.messages[1] == f"timeout: {URL}: too slow"
    assert [item.failed_in for item in recorded if isinstance(item, Failure)] == ["the run", "the run"]
