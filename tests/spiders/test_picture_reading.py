"""From the pictures that posts and articles show to their bytes, or to what is remembered of an answer without."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DownloadCancelledError, DownloadTimeoutError, IgnoreRequest
from scrapy.http import Response
from scrapy.utils.test import get_crawler
from twisted.python.failure import Failure as TwistedFailure

from forumcrawl.download.claims import PICTURE, Claimed
from forumcrawl.download.private import PrivateAddress
from forumcrawl.download.redirect import LOOP
from forumcrawl.download.resting import Resting
from forumcrawl.items import Article, ImageFile
from forumcrawl.items.article import Picture
from forumcrawl.items.forum import Attachment, Image
from forumcrawl.items.media import FetchedPicture
from forumcrawl.media.inspect import inspect
from forumcrawl.media.verdict import Inspection, Refusal
from forumcrawl.signals import seal
from forumcrawl.spiders.picture_reading import PictureReading
from forumcrawl.spiders.picture_requests import picture_request
from forumcrawl.spiders.shown_pictures import shown_images
from forumcrawl.storage.errors import StorageUnavailable
from tests.items.samples import FORUM, card, full_post
from tests.media import drawn

URL, COPY = "https://h.example/a.jpg", "https://forum.example/proxy.php?image=a"
HOUR = timedelta(hours=1)
HTML = b"<!doctype html><title>Sign in</title>"
PNG = drawn.file(drawn.picture(1, 40, 30), "PNG")
PAST = datetime(2026, 1, 1, tzinfo=UTC)
ROBOTS = IgnoreRequest("Forbidden by robots.txt")
UUID = "d66f811f-09b5-49c0-ade1-45c88c963624"


class StubArchive:
    """What is stored; `free`: whether it may be claimed; with `away` nothing answers."""

    def __init__(self, *known: ImageFile, free: bool = True, away: bool = False) -> None:
        self.known, self.free, self.away = {each.key: each for each in known}, free, away
        self.claims: list[tuple[ImageFile, str]] = []
        self.released: list[tuple[str, str]] = []

    async def images(self, keys: Sequence[str]) -> dict[str, ImageFile]:
        return {key: self.known[key] for key in keys if key in self.known}

    async def claim_image(self, image: ImageFile, owner: str, now: datetime) -> bool:
        if self.away:
            raise StorageUnavailable("gone for good")
        self.claims.append((image, owner))
        return self.free

    async def release_image(self, key: str, owner: str) -> None:
        self.released.append((key, owner))


class Storage:
    def __init__(self, archive: StubArchive) -> None:
        self.archive = archive


class StubInspectors:
    """Looks into files in this process."""

    async def inspect(self, data: bytes) -> Inspection | Refusal:
        return inspect(data)


class Reader(PictureReading):
    name = "reader"


def reader(archive: StubArchive | None = None, **settings: Any) -> Reader:
    given = {"IMAGES_STORE": "somewhere", "IMAGES_MAX_BYTES": 1000, "IMAGES_MAX_RUN_BYTES": 0, **settings}
    crawler: Crawler = get_crawler(Reader, given)
    crawler.storage = Storage(archive or StubArchive())  # type: ignore[attr-defined]
    crawler.inspectors = StubInspectors()  # type: ignore[attr-defined]
    crawler.run_id = "the run"  # type: ignore[attr-defined]
    spider = crawler._create_spider()
    assert isinstance(spider, Reader)
    return spider


def image(**said: Any) -> ImageFile:
    said = {"outcome": "pending", "next_try_at": PAST, "page_url": f"https://{FORUM}/t/1", "forum": FORUM, **said}
    return ImageFile(site="h.example", url=URL, **said)


def asked(spider: Reader, **said: Any) -> Request:
    """The request for a picture that is due."""
    request = picture_request(image(**said), spider, 1000)
    assert request is not None
    return request


def read(spider: Reader, response: Response) -> list[Any]:
    """All that comes of a response."""

    async def main() -> list[Any]:
        assert response.request is not None
        return [each async for each in spider.parse_picture(response, **response.request.cb_kwargs)]

    return asyncio.run(main())


def answered(spider: Reader, request: Request, answer: int | Exception, body: bytes = b"") -> Any:
    """The one thing that comes of an answer."""
    if isinstance(answer, Exception):
        failure = TwistedFailure(answer)  # type: ignore[no-untyped-call]
        failure.request = request  # type: ignore[attr-defined]
        found = list(spider.failed_picture(failure))
    else:
        response = Response(request.url, status=answer, body=body, request=request)
        found = read(spider, response)
    assert len(found) <= 1
    return found[0] if found else None


def counted(spider: Reader, name: str) -> Any:
    assert spider.crawler.stats is not None
    return spider.crawler.stats.get_value(name)


def gap(found: ImageFile) -> timedelta | None:
    """Until the next try, in whole minutes."""
    if found.next_try_at is None:
        return None
    return timedelta(minutes=round((found.next_try_at - datetime.now(UTC)) / timedelta(minutes=1)))


# --- answers -------------------------------------------------------------------------------------------------------


def test_bytes_go_on_to_be_looked_into() -> None:
    spider = reader()
    found = answered(spider, asked(spider, tries=2), 200, PNG)
    assert isinstance(found, FetchedPicture)
    assert (found.body, found.image.key, found.image.tries, found.image.status) == (PNG, URL, 3, 200)
    assert (found.image.outcome, found.image.reason, found.image.next_try_at) == (None, None, None)
    assert (found.image.format, found.image.sha256) == ("png", sha256(PNG).hexdigest())
    assert counted(spider, "image_bytes") == len(PNG)


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (b"", "empty"),
        (b"<!doctype html><title>a</title>", "not_an_image"),
        (drawn.svg("<script/>"), "unsafe"),
        (drawn.png(20_000, 20_000), "too_large"),
        (PNG[: len(PNG) // 2], "truncated"),
        (drawn.png(10, 10, drawn.chunk(b"IDAT", b"nothing")), "broken"),
    ],
)
def test_a_file_that_is_no_picture_to_keep_says_why_and_is_settled(body: bytes, outcome: str) -> None:
    spider = reader()
    found = answered(spider, asked(spider), 200, body)
    assert (found.outcome, found.sha256, found.path, found.next_try_at) == (outcome, None, None, None)
    assert found.reason
    assert counted(spider, f"images/{outcome}") == 1


@pytest.mark.parametrize(
    ("answer", "outcome", "again", "reason"),
    [
        (404, "gone", None, "HTTP 404"),
        (410, "gone", None, "HTTP 410"),
        (403, "blocked", HOUR, "HTTP 403"),
        (429, "blocked", HOUR, "HTTP 429"),
        (500, "failed", HOUR, "HTTP 500"),
        (204, "failed", HOUR, "HTTP 204"),
        (DownloadTimeoutError("slow"), "failed", HOUR, "timeout: slow"),
        (ConnectionRefusedError("no"), "failed", HOUR, "connection: no"),
        (DownloadCancelledError("too much"), "too_large", None, "too_large: too much"),
        (ROBOTS, "refused", None, "robots: robots.txt does not allow it"),
    ],
)
def test_an_answer_without_a_picture_says_when_to_ask_again(
    answer: int | Exception, outcome: str, again: timedelta | None, reason: str
) -> None:
    spider = reader()
    found = answered(spider, asked(spider), answer)
    assert (found.outcome, gap(found), found.reason, found.tries) == (outcome, again, reason, 1)
    assert found.status == (answer if isinstance(answer, int) else None)
    assert counted(spider, f"images/{outcome}") == 1


def test_what_fails_again_and_again_is_asked_for_less_often_and_then_no_more() -> None:
    spider = reader()
    gaps = [gap(answered(spider, asked(spider, tries=tries), 500)) for tries in range(6)]
    assert gaps == [HOUR, 6 * HOUR, 24 * HOUR, 72 * HOUR, 168 * HOUR, None]


def test_redirects_without_end_are_a_failure() -> None:
    spider = reader()
    request = asked(spider)
    response = Response(URL, status=200, flags=[LOOP], request=request)
    (found,) = read(spider, response)
    assert isinstance(found, ImageFile)
    assert found.outcome == "failed"


@pytest.mark.parametrize("error", [Claimed("c"), Resting("r")])
def test_one_that_was_not_asked_for_stays_as_it_is(error: Exception) -> None:
    spider = reader()
    assert answered(spider, asked(spider, proxy_url=COPY), error) is None
    assert counted(spider, "images/left") == 1


# --- the forum's copy ----------------------------------------------------------------------------------------------


def both(first: int | Exception | bytes, second: int | bytes, **said: Any) -> Any:
    """What comes of the picture's own answer and of that for the forum's copy: an error, a status, or a file."""
    spider = reader()
    request = answered(spider, asked(spider, proxy_url=COPY, **said), *_answer(first))
    assert isinstance(request, Request)
    assert (request.url, request.meta[PICTURE]) == (COPY, URL)
    return answered(spider, request, *_answer(second))


def _answer(given: int | Exception | bytes) -> tuple[int | Exception, bytes]:
    return (200, given) if isinstance(given, bytes) else (given, b"")


@pytest.mark.parametrize("first", [404, 403, 500, DownloadTimeoutError("slow"), HTML, b"", PNG[: len(PNG) // 2]])
def test_the_copy_is_asked_for_where_the_original_is_not_to_be_had(first: int | Exception | bytes) -> None:
    found = both(first, PNG)
    assert (found.image.key, found.image.tries, found.image.status) == (URL, 1, 200)
    assert (found.image.outcome, found.image.reason) == (None, None)


@pytest.mark.parametrize(
    ("first", "second", "outcome", "reason", "again"),
    [
        (404, 410, "gone", "HTTP 410", None),
        (404, 500, "failed", "HTTP 500", HOUR),
        (500, 404, "failed", "HTTP 500", HOUR),
        (403, 404, "blocked", "HTTP 403", HOUR),
        (HTML, 404, "not_an_image", "an HTML page", None),
        (404, HTML, "not_an_image", "an HTML page", None),
        (500, HTML, "failed", "HTTP 500", HOUR),
    ],
)
def test_an_original_that_may_come_back_is_asked_for_again_though_the_copy_is_gone(
    first: int | bytes, second: int | bytes, outcome: str, reason: str, again: timedelta | None
) -> None:
    found = both(first, second)
    assert (found.outcome, found.reason, gap(found)) == (outcome, reason, again)


def test_both_together_are_one_try() -> None:
    found = both(500, 500, tries=1)
    assert (found.tries, gap(found)) == (2, 6 * HOUR)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (ROBOTS, "refused"),
        (PrivateAddress("x"), "refused"),
        (DownloadCancelledError("x"), "too_large"),
        (drawn.svg("<script/>"), "unsafe"),
    ],
)
def test_no_copy_is_asked_for_of_what_is_not_to_be_had(answer: Exception | bytes, outcome: str) -> None:
    spider = reader()
    found = answered(spider, asked(spider, proxy_url=COPY), *_answer(answer))
    assert isinstance(found, ImageFile)
    assert found.outcome == outcome


# --- claims --------------------------------------------------------------------------------------------------------


def claim(spider: Reader, request: Request) -> bool:
    return asyncio.run(spider.claim(request.meta[PICTURE], request.cb_kwargs["image"]))


@pytest.mark.parametrize("place", [0, 1])
def test_a_claim_says_what_is_known_and_for_which_run(place: int) -> None:
    archive = StubArchive()
    spider = reader(archive)
    request = picture_request(image(proxy_url=COPY, outcome="failed", reason="x"), spider, 1000, place)
    assert request is not None
    assert claim(spider, request)
    ((told, owner),) = archive.claims
    assert (told.key, told.forum, told.proxy_url, told.outcome, told.reason) == (URL, FORUM, COPY, "pending", None)
    assert owner == "the run"


def test_what_waits_when_the_run_has_enough_is_not_asked_for() -> None:
    archive = StubArchive()
    spider = reader(archive, IMAGES_MAX_RUN_BYTES=4)
    request = asked(spider)
    answered(spider, request, 200, b"123")
    assert claim(spider, request)
    answered(spider, request, 200, b"4")
    assert not claim(spider, request)
    assert len(archive.claims) == 1
    assert archive.released == [(URL, "the run")]


def test_one_that_is_stored_is_told_again_to_all_that_show_it() -> None:
    archive = StubArchive(image(outcome="stored", next_try_at=None, sha256="a", seen_in=["p", "q"]), free=False)
    spider = reader(archive)
    with pytest.raises(Claimed, match="is stored") as raised:
        claim(spider, asked(spider))
    found = answered(spider, asked(spider), raised.value)
    assert (found.key, found.seen_in, found.outcome, found.next_try_at) == (URL, ["p", "q"], "pending", None)


@pytest.mark.parametrize("known", [[], [image()], [image(outcome="gone", next_try_at=None)]])
def test_one_that_is_not_free_and_has_no_file_is_told_to_nobody(known: list[ImageFile]) -> None:
    spider = reader(StubArchive(*known, free=False))
    assert not claim(spider, asked(spider))


def test_a_database_that_stays_away_ends_the_crawl() -> None:
    spider = reader(StubArchive(away=True))
    sealed = []

    def hear() -> None:
        sealed.append(1)

    spider.crawler.signals.connect(hear, seal)
    with pytest.raises(CloseSpider) as raised:
        claim(spider, asked(spider))
    assert sealed == [1]
    with pytest.raises(CloseSpider):
        answered(spider, asked(spider), raised.value)


# --- what is shown -------------------------------------------------------------------------------------------------


def pictures(spider: Reader, *shown: Any) -> tuple[list[ImageFile], list[Request]]:
    outputs = asyncio.run(spider.pictures_of(shown))
    requests = [each for each in outputs if isinstance(each, Request)]
    return [each for each in outputs if isinstance(each, ImageFile)], requests


POST = full_post(1, images=[Image(url="https://H.example/a.jpg#x"), Image(url=URL, proxied=True, proxy_url=COPY)])
SECOND = full_post(
    2, images=[Image(url=URL), Image(url="data:image/png;base64,AA"), Image(url=f"https://x.example/{UUID}")]
)


def test_a_picture_is_one_whatever_form_its_address_has_and_whoever_shows_it() -> None:
    first, second = shown_images([POST, SECOND])
    assert (first.key, first.seen_in, first.proxy_url) == (URL, [POST.key, SECOND.key], COPY)
    assert (first.forum, first.page_url, first.outcome) == (FORUM, POST.url, "pending")
    assert (second.site, second.source_uuid, second.seen_in) == ("x.example", UUID, [SECOND.key])


def test_pictures_of_articles_have_no_forum() -> None:
    article = Article(site="s.example", url="https://s.example/1", images=[Picture(url=URL)])
    (found,) = shown_images([article])
    assert (found.forum, found.seen_in, found.page_url) == (None, [article.key], article.url)


@pytest.mark.parametrize(
    ("url", "name", "picture"),
    [
        ("https://forum.example/attachments/storm-jpg.12/", "", True),
        ("https://forum.example/attachments/12/", "storm.PNG", True),
        ("https://forum.example/attachments/plan-pdf.12/", "plan.pdf", False),
        ("https://forum.example/attachments/jpg-files-zip.12/", "jpg files.zip", False),
    ],
)
def test_attached_files_are_pictures_by_their_names(url: str, name: str, picture: bool) -> None:
    post = full_post(3, images=[], attachments=[Attachment(url=url, name=name)])
    assert [each.key for each in shown_images([post])] == [url] * picture


def test_the_picture_of_a_member_is_one() -> None:
    member = card(member_id=7, avatar_url="https://forum.example/data/avatars/m/0/7.jpg?1700000000")
    (found,) = shown_images([member, card(member_id=8, avatar_url=None)])
    assert (found.key, found.seen_in, found.forum) == (member.avatar_url, [member.key], member.forum)


def test_what_nobody_knew_is_told_before_it_is_asked_for() -> None:
    found, requests = pictures(reader(), POST)
    assert [each.key for each in found] == [URL]
    assert [each.url for each in requests] == [URL]
    assert requests[0].headers["Referer"] == b"https://forum.example/"
    assert requests[0].meta["download_maxsize"] == 1000


@pytest.mark.parametrize(
    ("known", "told", "requests"),
    [
        (image(seen_in=[POST.key]), 0, 1),
        (image(seen_in=["other"]), 1, 1),
        (image(outcome="failed", seen_in=[POST.key], next_try_at=datetime(2100, 1, 1, tzinfo=UTC)), 0, 0),
        (image(outcome="gone", seen_in=[POST.key], next_try_at=None), 0, 0),
        (image(outcome="stored", seen_in=[POST.key], next_try_at=None, sha256="a"), 1, 0),
    ],
)
def test_what_is_known_is_told_and_asked_for_only_where_that_says_more(
    known: ImageFile, told: int, requests: int
) -> None:
    images, asked_for = pictures(reader(StubArchive(known)), POST)
    assert (len(images), len(asked_for)) == (told, requests)


def test_one_that_was_known_without_a_copy_is_asked_for_with_the_one_that_is_shown_now() -> None:
    known = replace(image(), forum=None, page_url=None, tries=1)
    _, (request,) = pictures(reader(StubArchive(known)), POST)
    assert (request.cb_kwargs["image"]["proxy_url"], request.cb_kwargs["tries"]) == (COPY, 1)


def test_without_a_store_no_picture_is_asked_for() -> None:
    spider = reader(IMAGES_STORE="")
    assert pictures(spider, POST) == ([], [])
    assert not claim(spider, asked(spider))


def test_a_run_that_has_enough_still_tells_what_is_shown() -> None:
    spider = reader(IMAGES_MAX_RUN_BYTES=1)
    answered(spider, asked(spider), 200, b"1")
    found, requests = pictures(spider, POST)
    assert (len(found), requests) == (1, [])
