from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumcrawl.pages.articles import read_article
from forumcrawl.pages.articles.document import Document
from forumcrawl.pages.articles.stamps import OLDEST, published, read_stamp

_NOW = datetime(2025, 6, 1, tzinfo=UTC)
_BODY = "<p>" + "كلمة أخرى في نص المقال الطويل " * 10 + "</p>"


def page(head: str = "", body: str = "", url: str = "https://x.example/a-b-c-d", language: str = "ar") -> Document:
    sent = f'<html lang="{language}"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'
    return Document.of(sent.encode(), url, now=_NOW)


def shown(body: str, url: str = "https://x.example/a-b-c-d", language: str = "ar") -> str | None:
    sent = f'<html lang="{language}"><meta charset="utf-8"><title>عنوان المقال</title>{body}{_BODY}</html>'
    article = read_article(sent.encode(), url, now=_NOW).article
    assert article is not None
    return None if article.published_at is None else f"{article.published_at:%Y-%m-%dT%H:%M} {article.published_to}"


def test_json_ld_comes_before_the_head_and_the_head_before_what_is_shown() -> None:
    told = '<script type="application/ld+json">{"@type": "Article", "datePublished": "2020-01-02T03:04:00Z"}</script>'
    meta = '<meta property="article:published_time" content="2020-01-02T09:09:00Z">'
    assert published(page(told + meta)) == read_stamp("2020-01-02T03:04:00Z", "json-ld", page())
    assert published(page(meta)) == read_stamp("2020-01-02T09:09:00Z", "meta", page())


def test_a_day_waits_for_the_minute_of_that_day() -> None:
    meta = '<meta name="pubdate" content="2020-01-02T09:09:00Z"><meta name="date" content="2020-01-02">'
    data = '<script type="application/ld+json">{"@type": "Article", "datePublished": "2020-01-02"}</script>'
    found = published(page(data + meta))
    assert found is not None
    assert (found.exact, found.source) == ("minute", "meta")


def test_an_offset_elsewhere_on_the_page_holds_for_a_time_without_one() -> None:
    meta = (
        '<meta property="article:published_time" content="2020-01-02 03:00:01">'
        '<meta property="article:modified_time" content="2020-01-02T05:00:00+03:00">'
    )
    found = published(page(meta))
    assert found is not None
    assert found.at == datetime(2020, 1, 2, 0, 0, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "raw",
    [
        "1588588200",
        "1588588200000",
        "2020-05-04T10:30:00.000Z",
        "2020-05-04T13:30:00+0300",
        "2020-05-04T13:30+03:00",
        "2020-05-04 10:30:00",
        "2020-05-04T10:30:00.0000000Z",
        "Mon, 04 May 2020 10:30:00 GMT",
    ],
)
def test_machine_forms_of_one_minute(raw: str) -> None:
    found = read_stamp(raw, "meta", page())
    assert found is not None
    assert (found.at, found.exact) == (datetime(2020, 5, 4, 10, 30, tzinfo=UTC), "minute")


def test_an_exact_midnight_is_the_day_alone() -> None:
    found = read_stamp("2019-02-08T00:00:00+01:00", "meta", page())
    assert found is not None
    assert (found.at, found.exact) == (datetime(2019, 2, 8, tzinfo=UTC), "day")


@pytest.mark.parametrize("raw", ["2019", "1398-08-15", "1441-03-08T10:00:00Z", "2031-01-01T10:00:00Z", "", "x" * 500])
def test_years_and_dates_that_no_article_can_have_are_not_read(raw: str) -> None:
    assert read_stamp(raw, "meta", page()) is None


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://x.example/news/2021/03/04/slug", "2021-03-04T00:00 day"),
        ("https://x.example/2021-3-4/slug", "2021-03-04T00:00 day"),
        ("https://x.example/world/202103041044893040-slug", "2021-03-04T00:00 day"),
        ("https://x.example/2021/slug", None),
        ("https://x.example/2021/99/04/slug", None),
        ("https://x.example/fa/1398/08/15/slug", None),
    ],
)
def test_the_address_gives_a_day_where_nothing_else_does(url: str, day: str | None) -> None:
    assert shown("<h1>عنوان المقال</h1>", url) == day


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("<h1>عنوان المقال</h1><span>الجمعة 8 فيفري 2019</span>", "2019-02-08T00:00 day"),
        ("<h1>عنوان المقال</h1><time datetime='2019-02-08T10:20:00+01:00'>أمس</time>", "2019-02-08T09:20 minute"),
        (
            "<h1>عنوان المقال</h1><div>آخر تحديث: 9 مارس 2019</div><div>نشر في: 8 مارس 2019</div>",
            "2019-03-08T00:00 day",
        ),
        ("<nav>7 مارس 2021</nav><h1>عنوان المقال</h1><p>الكاتب | 8 مارس 2019</p>", "2019-03-08T00:00 day"),
        ("<h1>عنوان المقال</h1><div class='related'><span>8 مارس 2018</span></div>", None),
        ("<h1>عنوان المقال</h1><span>02:30</span>", None),
        ("<h1>عنوان المقال</h1><span>10:20 ص الأحد 01 مايو 2022</span>", "2022-05-01T00:00 day"),
        ("<h1>عنوان المقال</h1><span>1-5-2022 | 10:20</span>", "2022-05-01T00:00 day"),
        ("<h1>عنوان المقال</h1><span>الأحد 1 ماي 2022 - 23:40</span>", "2022-05-01T00:00 day"),
        ("<h1>عنوان المقال</h1><span>01/05/2022 10:20 GMT</span>", "2022-05-01T10:20 minute"),
    ],
)
def test_dates_shown_near_the_headline(body: str, found: str | None) -> None:
    assert shown(body) == found


def test_a_persian_date_is_read_by_its_own_calendar() -> None:
    url = "https://x.example/fa/1398/08/15/slug"
    assert shown("<h1>عنوان المقال</h1><span>۱۵ آبان ۱۳۹۸</span>", url, "fa") == "2019-11-06T00:00 day"
    assert shown("<h1>عنوان المقال</h1>", url, "fa") == "2019-11-06T00:00 day"


@given(st.text(max_size=60))
def test_what_is_read_is_a_day_that_a_site_can_have(raw: str) -> None:
    found = read_stamp(raw, "meta", page())
    assert found is None or found.at >= OLDEST
