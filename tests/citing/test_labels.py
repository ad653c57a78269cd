"""Words that announce a source."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumcrawl.citing.labels import announces_source, is_label


@pytest.mark.parametrize("before", [
    "المصدر:", "المصدر : ", "**المصدر** :", "المصدر / ", "[المصدر]", "(المصدر:", "#المصدر", "المَصْدَر：", "المصـــدر",
    "مصدر الخبر: ", "المصدر الأصلي", "نقلا عن", "نقلاً عن:", "عن:", "رابط الخبر", "للمزيد", "الخبر كاملا:", "منقول من: ",
    "المصدر: العربية نت ", "المصدر: وكالة الأنباء السعودية -", "المصدر | روسيا اليوم |", "لقراءة الخبر كاملا اضغط",
    "للمزيد من التفاصيل اضغط هنا:", "انتهى النص الطويل الذي قاله الوزير أمس في مؤتمره الصحفي. المصدر:",
    "رابط المصدر الأصلي للخبر:",
    "Source:", "SOURCE -", "Source: Reuters ", "via", "Via:", "Read more", "Read more:", "Original article →", "h/t",
    "Quelle:", "Weiterlesen:", "Source : Le Monde", "Lire la suite", "Fuente:", "Leer más:", "Источник:", "Подробнее:",
    "Kaynak:", "Haberin devamı:", "منبع:",
])  # fmt: skip
def test_labels_announce_a_source(before: str) -> None:
    assert announces_source(before)


@pytest.mark.parametrize("before", [
    "", ":", "قال الوزير:", "تحدث أمس عن", "وقال المصدر الذي رفض الكشف عن اسمه", "ذكرت المصادر أن",
    "شاهد الفيديو:", "انظر",
    "See also:", "the source of the river", "I heard it from", "flying to Paris via", "Outsource:",
    "أكد مصدر", "ما رأيكم في", "download:",
])  # fmt: skip
def test_other_words_announce_none(before: str) -> None:
    assert not announces_source(before)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("المصدر", True),
        ("رابط الخبر", True),
        ("Source: Reuters", True),
        ("Read more", True),
        ("هنا", False),
        ("عن", False),
        ("https://unknown.example/source:a", False),
    ],
)
def test_a_link_can_be_called_a_label(text: str, label: bool) -> None:
    assert is_label(text) is label


@given(st.text())
def test_no_text_raises(text: str) -> None:
    announces_source(text)
    is_label(text)
