"""Dates and times as Arabic news sites, and some others, write them: read rightly or not at all."""

from __future__ import annotations

import os
import re
import timeit
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forumcrawl.text.moments import Moment, parse_moment
from forumcrawl.text.months import MONTH
from tests.text.moments import minute, noise, whole

NOW = datetime(2023, 1, 12, 18, 20, 30, tzinfo=UTC)
RIYADH = ZoneInfo("Asia/Riyadh")
_EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


ARABIC = [
    # Gulf: Al Arabiya, Sky News Arabia, SPA, WAM, Asharq Al-Awsat, Okaz
    ("نشر في: 12 يناير ,2023: 12:55 ص GST", minute(11, 20, 55)),
    ("آخر تحديث: 12 يناير ,2023: 04:10 م GST", minute(12, 12, 10)),
    ("نشر في: 12 يناير ,2023: 12:55 ص GST آخر تحديث: 12 يناير ,2023: 04:10 م GST", minute(11, 20, 55)),
    ("12 يناير 2023 - 10:35 بتوقيت أبوظبي", minute(12, 6, 35)),
    ("الرياض 19 جمادى الآخرة 1444 هـ الموافق 12 يناير 2023 م واس", whole(12)),
    ("الخميس 12 / 1 / 2023", whole(12)),
    ("نُشر: 10:35-12 يناير 2023 م ـ 20 جمادى الآخرة 1444 هـ", minute(12, 10, 35)),
    ("الخميس ١٢ يناير ٢٠٢٣ | ١٠:٣٥ مساءً بتوقيت السعودية", minute(12, 19, 35)),
    ("الخميس 19 جمادى الآخرة 1444 هـ", whole(12)),
    ("١٤٤٤/٦/١٩ هـ", whole(12)),
    ("19/06/1444هـ", whole(12)),
    ("الخميس - 19 جمادى الآخرة 1444 هـ - 12 يناير 2023 مـ رقم العدد [16116]", whole(12)),
    # Qatar: Al Jazeera, Al Araby; Kuwait
    ("آخر تحديث: 12/1/2023 الساعة 10:35 (مكة المكرمة)", minute(12, 7, 35)),
    ("12/1/2023", whole(12)),
    ("12/1/2023|آخر تحديث: 12/1/202310:35 PM (بتوقيت مكة المكرمة)", whole(12)),
    ("آخر تحديث: 12/1/202310:35 PM (بتوقيت مكة المكرمة)", minute(12, 19, 35)),
    ("12 يناير 2023", whole(12)),
    ("آخر تحديث: الخميس 12 يناير 2023 10:35 ص بتوقيت الدوحة", minute(12, 7, 35)),
    ("الخميس 2023/1/12 - المصدر: الأنباء", whole(12)),
    # Egypt: Youm7, Al Ahram, Al Masry Al Youm, El Watan
    ("الخميس، 12 يناير 2023 10:35 م", minute(12, 22, 35)),
    ("الخميس 19 من جمادى الآخرة 1444 هــ 12 يناير 2023 السنة 147 العدد 49710", whole(12)),
    ("10:35 ص | الخميس 12 يناير 2023", minute(12, 10, 35)),
    ("الخميس 12-01-2023 22:35 | كتب: محمد علي", minute(12, 22, 35)),
    ("تاريخ النشر: ١٢/٠١/٢٠٢٣ ١٠:٣٥ صباحًا", minute(12, 10, 35)),
    ("الخميس 12 يناير 2023 الساعة 12:30 ظهرا", minute(12, 12, 30)),
    ("12 يوليه 2023", whole(12, 7)),
    # Levant and Iraq: An-Nahar, Al Quds, Al Akhbar, Al Ghad, Shafaq
    ("12 كانون الثاني 2023 | 10:35", minute(12, 10, 35)),
    ("الخميس 12 كانون الثاني 2023", whole(12)),
    ("12 - يناير - 2023", whole(12)),
    ("12 شباط/فبراير 2023 الساعة 14:05 بتوقيت بيروت", minute(12, 12, 5, month=2)),
    ("الأربعاء 31 آب 2022", whole(31, 8, 2022)),
    ("السبت 1 تشرين الأول 2022", whole(1, 10, 2022)),
    ("تم نشره الخميس 12 كانون ثاني / يناير 2023 10:35 صباحاً", minute(12, 10, 35)),
    ("2023-01-12T10:35", minute(12, 10, 35)),
    # Maghreb: Assabah, Echorouk, Elkhabar, Ennahar, Hespress, Le360
    ("12 جانفي 2023 | 10:35", minute(12, 10, 35)),
    ("12 جانفي 2023 (10:35) بتوقيت تونس", minute(12, 9, 35)),
    ("نُشر في 1 جويلية 2019", whole(1, 7, 2019)),
    ("الاثنين 5 أوت 2019 - 18:00", minute(5, 18, 0, 8, 2019)),
    ("14 جوان، 2021 الساعة 9:05 مساء", minute(14, 21, 5, 6, 2021)),
    ("الخميس 12 غشت 2021 - 10:35", minute(12, 10, 35, 8, 2021)),
    ("السبت 31 دجنبر 2022 - 23:59", minute(31, 23, 59, 12, 2022)),
    ("3 شتنبر 2020 على الساعة 10h35", minute(3, 10, 35, 9, 2020)),
    ("2023/01/12 - 10:35", minute(12, 10, 35)),
    ("يناير 12, 2023", whole(12)),
    # From abroad: BBC, RT, Sputnik, France 24, DW, Al Hurra, CNN
    ("12 يناير/ كانون الثاني 2023", whole(12)),
    ("آخر تحديث: الخميس 12 مارس/ آذار 2020, 10:35 GMT", minute(12, 10, 35, 3, 2020)),
    ("تاريخ النشر: 12.01.2023 | 10:35 GMT", minute(12, 10, 35)),
    ("10:35 GMT 12.01.2023 (تم التحديث: 11:20 GMT 12.01.2023)", minute(12, 10, 35)),
    ("نشرت في: 12/01/2023 - 10:35 آخر تحديث: 12/01/2023 - 11:20", minute(12, 10, 35)),
    ("12 آذار (مارس) 2020", whole(12, 3, 2020)),
    ("12 مارس - آذار 2020 الساعة 10:35 بتوقيت غرينتش+3", minute(12, 7, 35, 3, 2020)),
    ("محدث الخميس، 12 يناير / كانون الثاني 2023؛ 10:35 صباحا (GMT+0400)", minute(12, 6, 35)),
    ("الخميس 12 أبريل، 2012 م", whole(12, 4, 2012)),
    ("\u200fالخميس\u200f، \u200f12 \u200fكانون الثاني\u200f، \u200f2023\u200f", whole(12)),
    ("الخميس12 يناير 2023", whole(12)),
]

_CORPUS = os.environ.get("FORUMCRAWL_CORPUS")

UNREAD = [
    "2023", "يناير 2023", "مارس/ آذار 2020", "العدد 12345", "العدد 5 يناير 2023", "السنة 147 العدد 12 مارس 2020",
    "1444 هـ", "جمادى الآخرة 1444 هـ", "عام 1444", "الخميس", "10:35", "الساعة 10:35 صباحا", "12 يناير", "12/1",
    "+966 11 2023 456", "00201-12-2023-4567", "هاتف: 01/12/2023/77", "192.168.1.2020", "31 فبراير 2023",
    "31/02/2023", "2023-02-29", "12 يناير/شباط 2023", "10 - 12 يناير 2023", "10 و12 يناير 2023",
    "من 1 يناير 2020 إلى 31 ديسمبر 2021", "12/1/2023-13/1/2023", "22 دی 1401", "1401/10/22", "1401/10/22 ه.ش",
    "31/12/1444 هـ", "30 صفر 1900 هـ", "منذ 3 ساعات", "أمس 14:30", "اليوم السابع 10:35", "0001-01-01T00:00:00",
    "1970-01-01T00:00:00Z", "12 يناير 23", "12²/1/2023", "٩٩ يناير ٢٠٢٣", "© 2010-2023", "جميع الحقوق محفوظة 2023",
    "ولد الكاتب في مدينة صغيرة على الساحل الشمالي لعائلة فقيرة في 12 يناير 1950 ودرس هناك", "", "؟", "()",
]  # fmt: skip


def test_the_table_is_large_enough_to_say_something() -> None:
    assert len(ARABIC) >= 40


@pytest.mark.parametrize(("text", "expected"), ARABIC)
def test_a_date_of_an_arabic_site_is_read_exactly(text: str, expected: Moment) -> None:
    assert parse_moment(text, language="ar") == expected
    assert parse_moment(text) == expected or not any("\u0600" < each < "\u0700" for each in text)


@pytest.mark.parametrize("text", UNREAD)
@pytest.mark.parametrize("language", ["", "ar", "en", "fa"])
def test_what_is_no_certain_moment_stays_unread(text: str, language: str) -> None:
    assert parse_moment(text, language=language) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023-01-12T00:55:00.000+0400", minute(11, 20, 55)),
        ("2023-01-12T00:55:00Z", minute(12, 0, 55)),
        ("2023-01-12T00:55:00.1234567+03:00", Moment(datetime(2023, 1, 11, 21, 55, 0, 123456, tzinfo=UTC), "minute")),
        ("2023-01-12T00:55", minute(11, 21, 55)),
        ("2023-01-12 00:55:20", minute(11, 21, 55, second=20)),
        ("2023-01-12 00:55:00 +0400", minute(11, 20, 55)),
        ("2023-01-12 00:55 UTC", minute(12, 0, 55)),
        ("20230112T005500Z", minute(12, 0, 55)),
        ("2023-01-12", whole(12)),
        ("Thu, 12 Jan 2023 00:55:00 +0400", minute(11, 20, 55)),
        ("Thu, 12 Jan 2023 00:55:00 GMT", minute(12, 0, 55)),
        ("12 Jan 2023 00:55:07 EST", minute(12, 5, 55, second=7)),
        ("Thu Jan 12 00:55:00 +0000 2023", minute(12, 0, 55)),
        ("Published: 2023-01-12T00:55:00-05:00", minute(12, 5, 55)),
    ],
)
def test_stamps_are_read_and_are_in_the_zone_of_the_site_where_they_name_none(text: str, expected: Moment) -> None:
    assert parse_moment(text, zone=RIYADH) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("January 12, 2023 at 10:35 PM", "en", minute(12, 22, 35)),
        ("Last updated: 12 January 2023 10:35 a.m. GMT", "en", minute(12, 10, 35)),
        ("03/04/2020", "en-US", whole(4, 3, 2020)),
        ("03/04/2020", "ar", whole(3, 4, 2020)),
        ("03/04/2020", "", None),
        ("03/04/2020", "en", None),
        ("3/4/2020 10:35:22 AM", "ar", None),
        ("3/24/2020 10:35:22 AM", "ar", minute(24, 10, 35, 3, 2020, second=22)),
        ("٠٣/٠٤/٢٠٢٠", "", whole(3, 4, 2020)),
        ("Jan 12, 2023, 10:35 IST", "en", whole(12)),
        ("Publié le 1er janvier 2023 à 10h35", "fr", minute(1, 10, 35)),
        ("mis à jour le 12 févr. 2023", "fr", whole(12, 2)),
        ("12. März 2020, 10:35 Uhr", "de", minute(12, 10, 35, 3, 2020)),
        ("jueves, 12 de enero de 2023", "es", whole(12)),
        ("12 Aralık 2022 Pazartesi 10:35", "tr", minute(12, 10, 35, 12, 2022)),
        ("12 АВГУСТА 2022 г., 10:35", "ru", minute(12, 10, 35, 8, 2022)),
        ("۱۲ ژانویه ۲۰۲۳", "fa", whole(12)),
        ("12. ledna 2023", "cs", whole(12)),
        ("12 stycznia 2023", "pl", whole(12)),
        ("ledna 2023", "cs", None),
    ],
)
def test_dates_of_other_languages(text: str, language: str, expected: Moment | None) -> None:
    assert parse_moment(text, language=language) == expected


def in_digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(each)) if each.isdecimal() else each for each in text)


@settings(max_examples=400)
@given(noise, st.sampled_from(["", "ar", "en", "en-US", "fa", "de-DE", "xx", "?"]))
@example("²⁰²³-01-12", "en")
@example("9999-12-31T23:59:59-14:00", "")
def test_any_text_is_a_moment_whose_year_stands_in_it_or_none(text: str, language: str) -> None:
    found = parse_moment(text, language=language)
    if found is not None and "14" not in in_digits(text):  # a Hijri year
        years = {(found.at + timedelta(hours=hours)).year for hours in (-14, 0, 14)}
        assert found.at.tzinfo is UTC
        assert any(str(year) in in_digits(text) for year in years)
        assert found.exact == "minute" or found.at.time().isoformat() == "00:00:00"


@pytest.mark.parametrize("year", range(1990, 2036))
def test_every_day_reads_back_from_every_month_table(year: int) -> None:
    tables = [
        "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر".split(),
        "كانون_الثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين_الأول تشرين_الثاني كانون_الأول".split(),
        "جانفي فيفري مارس أفريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر".split(),
        "يناير فبراير مارس أبريل ماي يونيو يوليوز غشت شتنبر أكتوبر نونبر دجنبر".split(),
    ]
    for number in range(366):
        day = date(year, 1, 1) + timedelta(days=number)
        names = [table[day.month - 1].replace("_", " ") for table in tables]
        form = number % 4
        written = f"{day.day} {names[form]} {day.year}"
        doubled = f"{day.day} {names[0]}/ {names[1]} {day.year}"
        for text in (written.translate(_EASTERN if number % 2 else _PERSIAN), doubled if form else f"{day:%d/%m/%Y}"):
            assert parse_moment(text, language="ar") == whole(day.day, day.month, day.year)


@given(st.sampled_from(sorted(MONTH)), st.integers(1990, 2035), st.integers(1, 28))
def test_every_name_of_a_month_is_read(name: str, year: int, day: int) -> None:
    expected = whole(day, MONTH[name], year)
    assert parse_moment(f"{day} {name} {year}") == parse_moment(f"{name.upper()} {day}, {year}") == expected


@given(st.datetimes(datetime(1990, 1, 2), datetime(2035, 1, 1)), st.integers(-12 * 4, 14 * 4))
def test_a_stamp_is_the_time_it_was_made_from(at: datetime, quarters: int) -> None:
    stamp = at.replace(tzinfo=timezone(timedelta(minutes=15 * quarters)))
    expected = Moment(stamp.astimezone(UTC), "minute")
    assert parse_moment(stamp.isoformat()) == expected
    assert parse_moment(stamp.strftime("%a, %d %b %Y %H:%M:%S %z")) == Moment(
        expected.at.replace(microsecond=0), "minute"
    )


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "12/",
        "12 ",
        "1:",
        "يناير ",
        "12 يناير ",
        "a",
        "12:30 ",
        " ",
        "\n",
        "هـ ",
        "آخر تحديث ",
        "GMT ",
        "-",
        "2023 ",
    ],
)
def test_a_thousand_characters_of_anything_cost_little(unit: str) -> None:
    parse_moment("12. ledna 2023", language="cs")  # loads the library
    text = (unit * 1000)[:1000]
    for language in ("ar", "cs"):
        assert min(timeit.repeat(partial(parse_moment, text, language=language, now=NOW), number=1, repeat=3)) < 0.05


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    assert parse_moment("12 يناير 2023 " + " . " * 500) == whole(12)
    assert parse_moment(" " * 190 + "12/01/2023 10:35", language="ar") is None


@pytest.mark.skipif(not _CORPUS, reason="FORUMCRAWL_CORPUS names no folder of saved pages")
def test_the_days_that_a_saved_page_shows_are_those_of_its_markup() -> None:
    shown = 0
    for page in (Path(str(_CORPUS)) / "articles").glob("*.html"):
        for stamp, text in re.findall(r'<time datetime="([\d-]{10})"[^>]*>([^<]*\d{4})<', page.read_text("utf-8")):
            assert parse_moment(text, language="ar") == parse_moment(stamp), text
            shown += 1
    assert shown >= 8
