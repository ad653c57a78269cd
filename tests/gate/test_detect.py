from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumcrawl.gate.detect import Verdict, detect, examine
from forumcrawl.items import Member, Thread
from tests.gate.gate_pages import GATES, GatePage, page, script
from tests.replica.news import refusals
from tests.replica.news.newsroom import Newsroom
from tests.replica.news.routes import SourceRoutes
from tests.replica.news.sites import SITES
from tests.replica.routes import Routes
from tests.replica.world import World

_TESTS = Path(__file__).resolve().parents[1]
_CORPUS = os.environ.get("FORUMCRAWL_CORPUS")
_HTML = {"Content-Type": "text/html; charset=utf-8"}
_NO_PAGES = {"challenge": "challenge", "consent": "consent", "LoginPage": "login", "login_required": "login"}
"""Saved pages that are what stands before a page, by a part of their path."""
_NAV = "".join(f'<li><a href="/s/{n}">القسم رقم {n}</a></li>' for n in range(24))
_STORY = "<p>" + "ارتفع منسوب البحيرة هذا العام وأحصى الشيوخ الحجارة واحدا واحدا. " * 18 + "</p>"
_TALK = (
    "How do I pass 'Just a moment...'? I get 'Access denied', error 1020, then 'verify you are human' and a CAPTCHA. "
)


def saved_pages() -> list[Path]:
    folders = [_TESTS / "pages", *([Path(_CORPUS)] if _CORPUS else [])]
    return sorted(path for folder in folders for path in folder.rglob("*.html"))


@pytest.mark.parametrize("name", GATES)
def test_what_stands_before_a_page_is_known(name: str) -> None:
    gate: GatePage = GATES[name]
    found = examine(gate.status, {**_HTML, **gate.headers}, gate.html.encode())
    assert (found.verdict, bool(found.reason)) == (gate.verdict, True)


@pytest.mark.parametrize("path", saved_pages(), ids=lambda path: "/".join(path.parts[-3:]))
def test_a_saved_page_is_open(path: Path) -> None:
    expected = next((verdict for part, verdict in _NO_PAGES.items() if part in str(path)), "open")
    body = path.read_bytes()
    assert {detect(status, _HTML, body) for status in (0, 200)} == {expected}


@pytest.mark.parametrize("version", ["2.0", "2.3"])
def test_every_page_of_the_replica_forum_is_open(version: str) -> None:
    world = World(threads=12, version=version, language="ar")
    routes, urls = Routes(world.at(0)), world.urls
    paths = [
        urlsplit(str(each.url)).path for each in world.truth(members_pages=True) if isinstance(each, Thread | Member)
    ]
    paths += [urls.of("forums", node.title, node.id) for node in world.nodes.values()]
    paths += [urls.index, urls.of("threads", "missing", 10**9)]
    for path in paths:
        answer = routes.answer(path, "")
        login = b'data-template="login"' in answer.body
        assert detect(answer.status, {"Content-Type": answer.type}, answer.body) == ("login" if login else "open"), path


def test_every_article_of_the_replica_sites_is_open() -> None:
    news: Newsroom = World(threads=12, news=40).newsroom
    for story in news.stories:
        path = news.url(story).split("/", 3)[3]
        answer = SourceRoutes(news, story.site).answer(f"/{path}", "")
        assert detect(answer.status, {"Content-Type": answer.type}, answer.body) == Verdict.OPEN, path


def test_what_the_replica_sites_refuse_with_is_known() -> None:
    site = SITES["consent"]
    assert detect(403, _HTML, refusals.challenge().encode()) == Verdict.CHALLENGE
    assert detect(403, _HTML, refusals.forbidden().encode()) == Verdict.BLOCKED
    assert detect(200, _HTML, refusals.consent(site).encode()) == Verdict.CONSENT
    assert detect(404, _HTML, refusals.missing(site).encode()) == Verdict.OPEN
    assert detect(200, _HTML, refusals.missing(site).encode()) == Verdict.OPEN


@pytest.mark.parametrize(
    "embedded",
    [
        "<div class='g-recaptcha'></div><script src='https://www.google.com/recaptcha/api.js'></script>",
        "<div class='cf-turnstile'></div><script src='https://challenges.cloudflare.com/turnstile/v0/api.js'></script>",
        script("document.cookie='theme=dark'; if (location.hash == '#x') location.href = '/y';"),
        script("window.__CF$cv$params={r:'1'};var s='/cdn-cgi/challenge-platform/scripts/jsd/main.js';"),
        "<noscript>Please enable JavaScript in your browser: the site works better with it.</noscript>",
        "<form><input name=login><input type=password></form>",
        "<div id=cookie-banner><h2>We value your privacy</h2><button>Accept</button></div>",
        "<noscript><meta http-equiv=refresh content='0;url=?nojs=1'></noscript>",
        "<div id='root'></div><div id='app'></div>",
        f"<p>{_TALK}</p>",
        "<h2>تم حظر الوصول</h2><p>يرجى تفعيل جافا سكريبت، تحقق من أنك إنسان</p>",
    ],
)
@pytest.mark.parametrize("status", [0, 200, 403, 503])
def test_a_full_page_that_mentions_or_embeds_them_is_open(embedded: str, status: int) -> None:
    for content in (f"<ul>{_NAV}</ul><h1>خبر قصير</h1><p>سطر واحد.</p>", f"<h1>البحيرة</h1>{_STORY}"):
        assert detect(status, _HTML, page(content + embedded, title="خبر").encode()) == Verdict.OPEN


@pytest.mark.parametrize(
    "body",
    [
        page("<h1>خبر عاجل</h1><p>افتتح الميناء صباح اليوم بحضور أهالي المدينة، وقال المدير إن العمل يبدأ غدا.</p>"),
        page("<h1>Short news</h1><p>The harbour opened this morning.</p>" + script("ga('send')")),
        page("<h1>Contact us</h1><form><input name=n><input type=email name=e><textarea></textarea>"
             "<div class='g-recaptcha'></div></form>", title="Contact"),
        page("<img src='/picture.jpg' alt=''>" + script("count()")),
        page("<form><input name=q></form>" + script("q()"), title="Search"),
        page(script("x()") + '<div id="root"></div>', head='<script type="application/ld+json">{"@type":"NewsArticle",'
             '"articleBody":"' + "كلمة " * 80 + '"}</script>'),
        "<html></html>",
        "",
    ],
)  # fmt: skip
def test_a_small_page_is_open(body: str) -> None:
    assert detect(200, _HTML, body.encode()) == Verdict.OPEN


@pytest.mark.parametrize("status", [404, 410, 500, 502, 503])
def test_an_error_page_is_no_gate(status: int) -> None:
    body = page("<h1>Out of order</h1><p>Please come back later.</p>" + script("track()"), title="Error")
    assert detect(status, _HTML, body.encode()) == Verdict.OPEN


def test_what_is_no_page_is_open() -> None:
    assert detect(200, {"Content-Type": "application/rss+xml"}, b"<rss>Access denied</rss>") == Verdict.OPEN
    assert detect(200, {"content-type": "text/plain"}, b"User-agent: *\nDisallow:") == Verdict.OPEN
    assert detect(200, {"Content-Type": "image/png"}, b"\x89PNG") == Verdict.OPEN


@given(
    st.integers(0, 599), st.binary(max_size=400) | st.text(alphabet="<>/ascriptmeta='\" ", max_size=300).map(str.encode)
)
def test_nothing_makes_it_fail(status: int, body: bytes) -> None:
    assert examine(status, _HTML, body).verdict in Verdict
