"""The source sites over HTTP: their pages, feeds, faults and logs."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from lxml import etree
from lxml import html as lxml_html

from tests.replica.news.addresses import amp_path, encoded, mobile_url, short_url
from tests.replica.news.sites import MANNERS, SITES
from tests.replica.process import ReplicaProcess

STALL = 0.5
_BROKEN: dict[str, type[Exception]] = {"down": URLError, "truncated": http.client.IncompleteRead}


@pytest.fixture(scope="module")
def replica() -> Iterator[ReplicaProcess]:
    with ReplicaProcess(threads=60, news=40, language="ar", stall=STALL) as process:
        yield process


def parsed(body: bytes) -> Any:
    return lxml_html.document_fromstring(body)


def get(url: str) -> tuple[int, str, bytes]:
    """Status, final address and body."""
    try:
        with urlopen(url, timeout=5) as response:
            return response.status, response.url, response.read()
    except HTTPError as error:
        return error.code, error.url or "", error.read()


def test_sites_serve_their_articles_as_the_truth_has_them(replica: ReplicaProcess) -> None:
    news = replica.world.newsroom
    assert replica.sites == news.bases
    for story in news.stories:
        if story.site.manner != "open":
            continue
        for url in (news.url(story), news.bases[story.site.name] + encoded(amp_path(story))):
            status, _, body = get(url)
            page = parsed(body)
            assert status == 200
            assert page.xpath("string(//h1)") == story.headline
            assert page.xpath("string(//link[@rel='canonical']/@href)") == news.url(story)
            text = [p.text_content() for p in page.xpath("//article/p[not(@class)] | //div[@class='paragraph']")]
            assert text == list(news.text[story.number])
        assert get(short_url(news.bases, story))[1] == news.url(story)
        if story.site.name == "alarabiya":
            assert get(mobile_url(news.bases, story))[1] == news.url(story)


def test_al_arabiya_has_the_markup_known_of_it(replica: ReplicaProcess) -> None:
    news = replica.world.newsroom
    story = next(s for s in news.on("alarabiya") if s.authors and s.tags and len(s.pictures) > 1)
    page = parsed(get(news.url(story))[2])
    assert page.xpath("string(//meta[@name='uuid']/@content)") == str(story.pictures[0])
    assert page.xpath("//h4[@class='avatar_name']/text()") == list(story.authors)
    assert page.xpath("//div[@class='tags']/a/text()") == [f"#{tag}" for tag in story.tags]
    first = page.xpath("//*[@class='timeDate_element']/time/@datetime")[0]
    assert first == f"{story.published + timedelta(hours=4):%Y-%m-%dT%H:%M:%S}.000+0400"
    published = page.xpath("string(//meta[@property='article:published_time']/@content)")
    assert published == first
    source = page.xpath("string(//div[@class='article-hero-img']//source/@srcset)")
    assert f"/{story.pictures[0]}/{story.pictures[0]}_16x9_1200x676.jpg" in source
    assert page.xpath("//div[@id='body-text']//div[@class='latest_element']")
    assert len(page.xpath("//div[@id='body-text']//div[@class='feed-card']/img")) == len(story.pictures) - 1
    assert page.xpath("string(//link[@rel='amphtml']/@href)").startswith(f"{news.bases['alarabiya']}/amp/")


def test_feeds_and_section_pages_lead_to_articles(replica: ReplicaProcess) -> None:
    news = replica.world.newsroom
    base, latest = news.bases["alarabiya"], [news.url(story) for story in news.on("alarabiya")]
    feed = etree.fromstring(get(f"{base}/feed/rss2/ar.xml")[2])
    assert feed.xpath("//item/link/text()") == latest[:20]
    word = news.on("alarabiya")[0].section[0]
    section = [news.url(story) for story in news.on("alarabiya") if story.section[0] == word]
    assert etree.fromstring(get(f"{base}/feed/rss2/ar/{word}.xml")[2]).xpath("//item/link/text()") == section
    page = parsed(get(f"{base}/{word}")[2])
    assert page.xpath("//main//li/a/@href") == section
    assert get(f"{base}/feed/rss2/ar/none.xml")[0] == 404
    assert get(f"{base}/none")[0] == 404
    assert get(f"{base}/robots.txt")[2] == b"User-agent: *\nAllow: /\n"


@pytest.mark.parametrize("manner", [manner for manner in MANNERS if manner != "open"])
def test_sites_fail_in_their_own_manner(replica: ReplicaProcess, manner: str) -> None:
    news = replica.world.newsroom
    story = news.on(manner)[0]
    started = time.monotonic()
    if manner in _BROKEN:
        with pytest.raises(_BROKEN[manner]):
            get(news.url(story))
        return
    status, _, body = get(news.url(story))
    expected = {"forbidden": 403, "challenge": 403, "missing": 404, "removed": 410, "loop": 302}
    assert status == expected.get(manner, 200)
    marks = {"challenge": b"challenge-platform", "consent": b"consent-form", "soft_missing": b"error-page"}
    assert marks.get(manner, b"") in body
    slow = manner in ("stall", "drip")
    assert (story.headline.encode() in body) == slow
    assert time.monotonic() - started >= (STALL * 0.9 if slow else 0)


def test_each_site_has_its_log_and_its_manner_can_change(replica: ReplicaProcess) -> None:
    news = replica.world.newsroom
    story = news.on("english")[0]
    path = urlsplit(news.url(story)).path
    replica.reset_log("english")
    replica.manner("english", "forbidden")
    assert get(news.url(story))[0] == 403
    replica.manner("english", "open")
    assert get(news.url(story))[0] == 200
    assert [(line["status"], line["kind"], line["fault"]) for line in replica.log("english")] == [
        (403, "article", "forbidden"),
        (200, "article", None),
    ]
    assert replica.hits("english") == {path: 2}
    assert replica.counters("english")["statuses"] == {"403": 1, "200": 1}
    with pytest.raises(HTTPError):
        replica.manner("english", "down")


def test_a_command_is_told_the_sites() -> None:
    code = "import os; print(os.environ['SOURCE_SITES'])"
    command = [sys.executable, "-m", "tests.replica", "--news", "40", "--", sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, timeout=60, check=True)
    sites = json.loads(done.stdout)
    assert sites.keys() == SITES.keys()
    assert {urlsplit(url).hostname for url in sites.values()} == {site.host for site in SITES.values()}
