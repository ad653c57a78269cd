"""The form in which texts are compared: one for every way of writing the same words."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from forumcrawl.text.arabic import letters, matching, words

arabic = st.text(st.characters(min_codepoint=0x0600, max_codepoint=0x06FF))
any_text = st.one_of(st.text(), arabic)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("أحمد إبراهيم آدم ٱلله", "احمد ابراهيم ادم الله"),
        ("مستشفى القاهرة", "مستشفي القاهره"),
        ("مسؤول شائعات", "مسوول شايعات"),
        ("الْعَرَبِيَّةُ", "العربيه"),
        ("مـــوســـكو", "موسكو"),
        ("قُلۡ هُوَ ٱللَّهُ أَحَدٌ ۝١", "قل هو الله احد 1"),
        ("٢٠٢٤ و۱۴۰۲ و2024", "2024 و1402 و2024"),
        ("٣٫٥ مليون", "3 5 مليون"),
        ("\u200fموسكو\u200e: \u202bتواصل\u202c", "موسكو تواصل"),
        ("می\u200cخواهم کتاب", "ميخواهم كتاب"),
        ("\ufefb \ufee3\ufeee\ufeb3\ufedc\ufeee", "لا موسكو"),
        ("\ufdfa", "صلي الله عليه وسلم"),
        ("«موسكو»، (أنقرة)؛ طهران؟", "موسكو انقره طهران"),
        ("Su-57 & F-35A", "su 57 f 35a"),
        ("STRASSE Straße", "strasse strasse"),
        ("e\u0301te\u0301 été", "ete ete"),
        ("a_b\u00a0c\td\n", "a b c d"),
        ("soft\u00adware", "software"),
        ("", ""),
        (" ؟! \u200f", ""),
    ],
)
def test_the_matching_form_of_a_text(written: str, expected: str) -> None:
    assert matching(written) == expected


def test_every_character_of_unicode_is_in_its_final_form_after_one_pass() -> None:
    once = [matching(chr(code)) for code in range(0x110000)]
    assert matching("|".join(once)).split() == " ".join(once).split()


@given(any_text)
@example("ᄀ\u200dᅡ")
@example("ﹰ")
def test_the_matching_form_is_its_own_matching_form(text: str) -> None:
    assert matching(matching(text)) == matching(text)


@given(any_text)
def test_the_matching_form_is_words_with_one_space_between(text: str) -> None:
    assert matching(text) == " ".join(words(text))
    assert all(word and all(map(str.isalnum, word)) for word in words(text))


@given(any_text, st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_the_normal_form_of_a_text_does_not_matter(text: str, form: str) -> None:
    written = unicodedata.normalize(form, text)  # type: ignore[arg-type]
    assert matching(written) == matching(text)


@given(arabic, st.sampled_from("\u064b\u064e\u0651\u0652\u0670\u0640\u200c\u200d\u200e\u200f\u061c\ufeff"))
def test_marks_anywhere_do_not_matter(text: str, mark: str) -> None:
    assert matching(mark + mark.join(text)) == matching(text)


@given(any_text)
@example("١٢ يَنايِر، ٢٠٢٣ - \u200f١٠:٣٥")
def test_letters_alone_have_the_same_words(text: str) -> None:
    assert matching(letters(text)) == matching(text)


def test_letters_leave_what_stands_between_them() -> None:
    assert letters("الخميس، ١٢/٠١/٢٠٢٣ - ١٠:٣٥ صـ") == "الخميس، 12/01/2023 - 10:35 ص"
