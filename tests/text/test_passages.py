"""What a post left out of an article and what it added, sentence by sentence."""

from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumcrawl.text.arabic import words
from forumcrawl.text.passages import LONGEST, MOST, Passages, Wording
from forumcrawl.text.passages import passages as passages_of

FIRST = "أعلنت وزارة النقل في العاصمة افتتاح الجسر الجديد صباح اليوم."
SECOND = "وحضر الحفل عدد من المهندسين الذين أشرفوا على البناء؛"
THIRD = "وتبلغ كلفة المشروع 3.5 مليون دينار وفق بيان د. سالم."
FOURTH = "هل يفتح الجسر أمام الشاحنات في الشهر المقبل؟"
ARTICLE = f"{FIRST} {SECOND}\n{THIRD} {FOURTH}"


def passages(post: str, article: str) -> Passages:
    """How two texts differ."""
    return passages_of(Wording.of(post), Wording.of(article))


def test_a_copy_lacks_and_adds_nothing() -> None:
    assert passages(ARTICLE, ARTICLE) == passages("", "") == passages("؟!", "...")
    assert passages(ARTICLE, ARTICLE).missing == []
    assert passages(ARTICLE, ARTICLE).added == []


def test_writing_and_layout_do_not_count() -> None:
    post = ARTICLE.replace("أ", "ا").replace("ة", "ه").replace("\n", " ").replace("؛", "،").replace("3", "٣")
    assert passages(post, ARTICLE) == passages(ARTICLE, post) == passages("", "")


def test_a_sentence_left_out_is_missing_as_it_was_written() -> None:
    assert passages(f"{FIRST}\n{THIRD}\n{FOURTH}", ARTICLE).missing == [SECOND]


def test_sentences_left_out_together_are_one_passage_within_a_paragraph() -> None:
    found = passages(f"{FIRST} {SECOND}", ARTICLE)
    assert found.missing == [f"{THIRD} {FOURTH}"]
    assert passages(FOURTH, ARTICLE).missing == [f"{FIRST} {SECOND}", THIRD]


def test_what_the_post_says_itself_is_added() -> None:
    found = passages(f"رأيي أن الجسر تأخر كثيرا.\n{ARTICLE}\nما رأيكم؟", ARTICLE)
    assert found.missing == []
    assert found.added == ["رأيي أن الجسر تأخر كثيرا.", "ما رأيكم؟"]


def test_a_sentence_with_one_word_changed_is_still_there() -> None:
    assert passages(ARTICLE.replace("صباح", "مساء"), ARTICLE) == passages("", "")


def test_a_short_sentence_is_there_only_with_its_words_in_order() -> None:
    assert passages("الجسر الجديد", ARTICLE).added == []
    assert passages("الجديد الجسر", ARTICLE).added == ["الجديد الجسر"]
    assert passages("مليون", ARTICLE).added == []
    assert passages("مليار", ARTICLE).added == ["مليار"]


@pytest.mark.parametrize(
    "text",
    [
        "بلغ النمو 3.5 بالمئة و٢٫٥ في العام الماضي",
        "قال د. سالم إن أ.ف.ب نشرت النص عن U.S. Army في الشمال",
        "انظر www.example.com/a.b/c.html في الموقع",
    ],
)
def test_a_point_in_a_number_an_initial_or_an_address_ends_no_sentence(text: str) -> None:
    start, _, end = text.partition(" ")
    assert passages(f"{start} وحده", f"{start} {end}").missing == [text]


@pytest.mark.parametrize("mark", [".", "!", "?", "؟", "…", "۔", ";", "؛", "...", "؟!", ".»", "\n", ". \n\n"])
def test_every_mark_ends_a_sentence(mark: str) -> None:
    one, other = "هذه الجملة الأولى من الخبر الطويل", "وتلك جملة ثانية لا صلة لها به"
    assert passages(one, f"{one}{mark} {other}").missing == [other]


def test_a_point_without_a_space_behind_a_vowelled_word_ends_a_sentence() -> None:
    one, other = "هذه الجملةُ الأولى من الخبرِ الطويلَة", "وتلك جملة ثانية لا صلة لها به"
    assert passages(one, f"{one}.{other}").missing == [other]


texts = st.one_of(st.text(), st.lists(st.sampled_from([FIRST, SECOND, THIRD, FOURTH, "\n", "؟", "x"])).map(" ".join))


@given(texts, texts)
def test_passages_are_parts_of_their_text_in_order(post: str, article: str) -> None:
    found = passages(post, article)
    for parts, text in ((found.missing, article), (found.added, post)):
        place = 0
        for part in parts:
            place = text.index(part, place) + len(part)
            assert words(part)


def test_passages_are_limited_in_number_and_length() -> None:
    found = passages("", "\n".join(f"سطر رقم {number}" for number in range(80)) + "\n")
    assert found.missing == [f"سطر رقم {number}" for number in range(MOST)]
    assert len(passages("", "كلمة " * 1000).missing[0]) == LONGEST


@pytest.mark.parametrize("unit", ["كلمة جديدة. ", "كلمة ", ".", "a.", "3.", "\n", "؟ ", "«", ")"])
def test_two_megabytes_take_seconds_not_minutes(unit: str) -> None:
    start = perf_counter()
    passages(unit * (1_000_000 // len(unit)), "نص آخر")
    assert perf_counter() - start < 10
