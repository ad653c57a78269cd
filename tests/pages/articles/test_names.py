from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumcrawl.pages.articles.names import is_person, named_in_line, persons


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("كتبت سعاد الفهري", ["سعاد الفهري"]),
        ("بقلم: سعاد الفهري", ["سعاد الفهري"]),
        ("سعاد الفهري - القاهرة", ["سعاد الفهري"]),
        ("واشنطن - سعاد الفهري", ["سعاد الفهري"]),
        ("سعاد الفهري ورامي حداد", ["سعاد الفهري", "رامي حداد"]),
        ("سامي كرم وليد حسن", ["سامي كرم وليد حسن"]),
        ("سعاد الفهري، رامي حداد", ["سعاد الفهري", "رامي حداد"]),
        ("By Ann Lee and Bo Day", ["Ann Lee", "Bo Day"]),
        ("Author, Ann Lee", ["Ann Lee"]),
        ("كتب- رامي حداد:", ["رامي حداد"]),
        ("كتب ـ رامي حداد", ["رامي حداد"]),
        ("الكاتب/ الكاتبة: سعاد الفهري", ["سعاد الفهري"]),
        ("Jean-Luc O’Hara", ["Jean-Luc O’Hara"]),
    ],
)
def test_people_of_a_byline(byline: str, names: list[str]) -> None:
    assert persons([byline]) == names


@pytest.mark.parametrize(
    "byline",
    [
        "وكالات",
        "رويترز",
        "لندن - رويترز",
        "فرانس برس",
        "سكاي نيوز عربية - أبوظبي",
        "دبي - العربية.نت",
        "قسم الأخبار",
        "فريق التحرير",
        "أبو ظبي",
        "https://www.facebook.com/daily",
        "Reuters",
        "Associated Press",
        "News Desk",
        "admin",
        "5 hours ago",
        "خبرگزاری مهر",
    ],
)
def test_agencies_desks_and_cities_are_no_people(byline: str) -> None:
    assert persons([byline]) == []


def test_the_site_itself_is_no_person() -> None:
    assert persons(["اليوم السابع", "سعاد الفهري"], ["موقع اليوم السابع"]) == ["سعاد الفهري"]


def test_a_line_of_its_own_may_be_a_byline() -> None:
    assert named_in_line("حوار: سعاد الفهري") == "سعاد الفهري"
    assert named_in_line("كتبت سعاد الفهري") == "سعاد الفهري"
    assert named_in_line("حوار مع سعاد الفهري عن البحيرة") is None


@given(st.lists(st.text(max_size=80), max_size=4))
def test_what_is_found_has_the_form_of_a_name(texts: list[str]) -> None:
    assert all(is_person(name) for name in persons(texts))
