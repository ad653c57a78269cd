from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from forumcrawl.text import remembered
from forumcrawl.text.arabic import words
from forumcrawl.text.remembered import LONGEST, Remembered


def test_a_string_is_made_once_unless_it_is_long() -> None:
    made: list[str] = []

    def length(key: str) -> int:
        made.append(key)
        return len(key)

    lengths = Remembered(length)
    long = "x" * (LONGEST + 1)
    assert [lengths["ab"], lengths["ab"], lengths[long], lengths[long]] == [2, 2, LONGEST + 1, LONGEST + 1]
    assert made == ["ab", long, long]


def test_no_more_is_remembered_than_there_is_room_for() -> None:
    lengths = Remembered(len)
    for number in range(remembered.MOST + 10):
        assert lengths[str(number)] == len(str(number))
        assert len(lengths) <= remembered.MOST
    assert len(lengths) == 10


@given(st.text(), st.text(), st.sampled_from("\n \t\u2028\xa0\x85"))
def test_the_words_of_two_lines_are_those_of_each(one: str, other: str, between: str) -> None:
    assert words(f"{one}{between}{other}") == words(one) + words(other)
