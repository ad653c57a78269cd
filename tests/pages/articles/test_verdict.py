from __future__ import annotations

import pytest

from forumcrawl.pages.articles import outcome_of, read_article
from forumcrawl.pages.articles.document import Document
from forumcrawl.pages.articles.verdict import refusal

_URL = "https://x.example/news/a-story-of-the-lake"
_TEXT = "".join(f"<p>{'The lake rose again this year and the old men counted the stones. ' * 5}</p>" for _ in range(6))


def outcome(page: str, url: str = _URL) -> str | None:
    refused = refusal(Document.of(page.encode(), url))
    return None if refused is None else refused.outcome


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, b"", None),
        (404, b"", "gone"),
        (410, b"", "gone"),
        (401, b"", "blocked"),
        (402, b"", "blocked"),
        (403, b"", "blocked"),
        (429, b"", "blocked"),
        (451, b"", "blocked"),
        (503, b"<script>window._cf_chl_opt={}</script>", "blocked"),
        (503, b"maintenance", "failed"),
        (500, b"", "failed"),
        (418, b"", "failed"),
    ],
)
def test_outcome_of_a_status(status: int, body: bytes, outcome: str | None) -> None:
    found = outcome_of(status, body, _URL)
    assert (found and found.outcome) == outcome


@pytest.mark.parametrize(
    "page",
    [
        "<title>Just a moment...</title><p>Checking",
        "<title>Attention Required! | Cloudflare</title><h1>Sorry</h1>",
        "<title>news.example</title><div class=cf-turnstile></div>",
        "<html><script src='https://geo.captcha-delivery.com/c.js'></script></html>",
        "<title></title><iframe src='/_Incapsula_Resource?x=1'></iframe>",
        "<script>window.awsWafCookieDomainList=[]</script>",
        "<script>document.cookie='a=1';location.reload()</script>",
        "<title>Human?</title><div class='g-recaptcha'></div>",
        "<title>لحظة من فضلك</title><p>يجري التحقق",
    ],
)
def test_challenges_are_blocked(page: str) -> None:
    assert outcome(page) == "blocked"


@pytest.mark.parametrize(
    "page",
    [
        "<title>Log in</title><form><input type=password></form>",
        "<title>Story</title><h1>Story</h1><p>Subscribe to continue</p>",
        "<title>x</title><h1>قبل المتابعة إلى الموقع</h1><form><button>موافق</button></form>",
    ],
)
def test_walls_are_blocked(page: str) -> None:
    assert outcome(page) == "blocked"


@pytest.mark.parametrize(
    "title",
    ["404", "Error 404", "Page not found - X", "Not found", "الصفحة المطلوبة غير موجودة", "صفحه مورد نظر یافت نشد"],
)
def test_error_pages_are_gone(title: str) -> None:
    assert outcome(f"<title>{title}</title><p>Try the search.</p>") == "gone"


@pytest.mark.parametrize("path", ["", "/", "/ar", "/index.html", "/en/home"])
def test_home_pages_are_no_articles(path: str) -> None:
    assert outcome(f"<title>X</title><h1>X</h1>{_TEXT}", f"https://x.example{path}") == "not_article"


def test_a_number_in_the_query_is_no_home_page() -> None:
    assert outcome(f"<title>X</title><h1>X</h1>{_TEXT}", "https://x.example/?p=123") is None


def test_a_section_is_no_article_though_its_address_has_a_slug() -> None:
    links = "<h3><a href=/a>Four words or more</a></h3>" * 30
    assert outcome(f"<title>Culture</title>{links}", "https://x.example/culture-and-arts-in-the-city") == "not_article"
    assert outcome(f"<title>Culture</title>{links}{_TEXT}") is None


@pytest.mark.parametrize(
    "title",
    [
        "Just a moment: how a captcha became art",
        "Page not found: the lost atlas of the lake",
        "404 days without rain",
        "Before you continue: consent in medicine",
        "للمشتركين فقط: حكاية نادٍ قديم",
    ],
)
def test_a_full_article_may_mention_all_of_that(title: str) -> None:
    forms = (
        "<form><input type=password><button>Log in to read</button></form><div class='g-recaptcha cf-turnstile'></div>"
    )
    page = f"<html><title>{title}</title><body><h1>{title}</h1>{_TEXT}{forms}</body></html>"
    assert outcome(page) is None
    assert read_article(page.encode(), _URL).outcome == "fetched"


def test_a_short_article_that_says_what_it_is_may_have_a_login_form_and_an_offer() -> None:
    text = "The ferry did not sail today. " * 8
    head = "<title>No ferry</title><meta property=og:type content=article>"
    page = f"{head}<h1>No ferry</h1><p>{text}</p><form><input type=password></form><p>Subscribe now</p>"
    assert outcome(page) is None


def test_nothing_at_all_is_unparsed() -> None:
    assert read_article(b"", _URL).outcome == "unparsed"
