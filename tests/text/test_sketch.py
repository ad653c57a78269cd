"""Copies, edited copies and excerpts of articles find one another by their keys; other articles do not."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import accumulate, combinations, pairwise, product
from math import inf
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumcrawl.text.arabic import words as words_of
from forumcrawl.text.sketch import KEYS, SKETCH, WIDTH, containment, estimated, sample_of, shingles, sketch_of

Words: TypeAlias = list[str]
_PATTERNS = ("{}{}{}", "ال{}{}ي{}", "{}ا{}{}ة", "م{}{}و{}", "و{}{}{}ت")
_WORDS = [form.format(*root) for root in product("بتجحخدرسشصع", "تجدرسعفق", "بدرسعفلمن") for form in _PATTERNS]
random.Random(1).shuffle(_WORDS)
_ZIPF = list(accumulate(1 / rank for rank in range(1, len(_WORDS) + 1)))

lists_of_words = st.lists(st.sampled_from(_WORDS[:40]), max_size=60)


def drawn(chance: random.Random, count: int) -> Words:
    return chance.choices(_WORDS, cum_weights=_ZIPF, k=count)


PHRASES = [drawn(random.Random(number), 4 + number % 9) for number in range(40)]


def corpus(count: int, length: int, *, phrases: bool = False) -> list[Words]:
    """Invented articles; with `phrases`, one run of twelve words in six is followed by one that many share."""
    chance = random.Random(length)
    articles = []
    for _ in range(count):
        article: Words = []
        while len(article) < length:
            article += drawn(chance, 12)
            if phrases and chance.random() < 1 / 6:
                article += PHRASES[int(len(PHRASES) * chance.random() ** 2)]
        articles.append(article[:length])
    return articles


def edited(words: Words, share: float) -> Words:
    """`words` with a share of them left out, replaced or followed by another one."""
    chance, result = random.Random(len(words)), []
    for word in words:
        other = drawn(chance, 1)
        result += chance.choice([[], other, [word, *other]]) if chance.random() < share else [word]
    return result


def keys(words: Words) -> set[int]:
    return set(sketch_of(" ".join(words)).keys)


def recall(change: Callable[[Words], Words], length: int) -> float:
    """Share of the articles that share a key with what `change` makes of them."""
    articles = corpus(250, length)
    return sum(not keys(article).isdisjoint(keys(change(article))) for article in articles) / len(articles)


def shared(articles: list[Words]) -> float:
    """Share of the pairs of articles with a key in common."""
    pairs = list(combinations(map(keys, articles), 2))
    return sum(not one.isdisjoint(other) for one, other in pairs) / len(pairs)


@pytest.mark.parametrize("length", [40, 300, 900])
@pytest.mark.parametrize(
    ("change", "floor"),
    [
        pytest.param(lambda words: words, 1.0, id="verbatim"),
        pytest.param(lambda words: drawn(random.Random(2), 12) + words, 0.99, id="under a title"),
        pytest.param(lambda words: edited(words, 0.05), 0.99, id="5 % edited"),
        pytest.param(lambda words: edited(words, 0.1), 0.96, id="10 % edited"),
        pytest.param(lambda words: words[: len(words) // 3], 0.97, id="first third"),
        pytest.param(lambda words: words[len(words) // 3 : 2 * len(words) // 3], 0.95, id="middle third"),
        pytest.param(lambda words: words[-len(words) // 3 :], 0.95, id="last third"),
        pytest.param(lambda words: edited(words[: len(words) // 3], 0.05), 0.9, id="first third, edited"),
    ],
)
def test_what_was_made_of_an_article_shares_a_key_with_it(
    change: Callable[[Words], Words], floor: float, length: int
) -> None:
    assert recall(change, length) >= floor


@pytest.mark.parametrize("length", [40, 300, 900])
def test_other_articles_share_no_key(length: int) -> None:
    assert shared(corpus(400, length)) <= 0.001


def test_phrases_that_many_articles_hold_are_rarely_their_keys() -> None:
    assert shared(corpus(400, 300, phrases=True)) <= 0.05


@given(lists_of_words)
def test_a_sketch_fits_the_database(words: Words) -> None:
    found = sketch_of(" ".join(words))
    assert len(found.keys) <= KEYS
    assert len(found.sketch) <= SKETCH * WIDTH
    assert all(0 <= each < 2**63 for each in found.keys)
    assert found.keys == tuple(sorted(set(found.keys)))
    sample = {each >> 31 for each in shingles(words_of(" ".join(words)))}
    assert list(sample_of(found.sketch)) == sorted(sample)[:SKETCH]
    assert bool(found.keys) == (len(words) >= 8)


def test_hashes_are_the_same_in_every_run() -> None:
    assert shingles(["اكدت", "موسكو"], 2) == {3164443417253575280}


@given(lists_of_words, st.integers(1, 6))
def test_shingles_are_as_many_as_the_distinct_runs_of_words(words: Words, size: int) -> None:
    runs = {tuple(words[start : start + size]) for start in range(max(1, len(words) - size + 1))}
    assert len(shingles(words, size)) == (len(runs) if words else 0)


def test_the_order_of_words_makes_another_shingle() -> None:
    assert shingles(["a", "b", "c"]) != shingles(["c", "b", "a"])


def test_a_text_shorter_than_a_shingle_is_one_shingle() -> None:
    assert len(shingles(["a", "b"])) == 1
    assert shingles([]) == set()


@given(lists_of_words, lists_of_words)
def test_containment_is_a_share(one: Words, other: Words) -> None:
    whole, part = shingles(one + other), shingles(one) if len(one) > 2 else set[int]()
    assert containment(part, whole) == (1.0 if part else 0.0)
    assert containment(set(), whole) == 0.0
    assert 0.0 <= containment(whole, shingles(other)) <= 1.0


def test_writing_and_layout_do_not_change_a_sketch() -> None:
    text = "أكدت موسكو، الأربعاء، أنّ الوزراء الثلاثة على تواصلٍ وثيق منذ ٧ أيام."
    assert sketch_of(text) == sketch_of("اكدت موسكو الاربعاء\n\nان الوزراء الثلاثه علي تواصل وثيق منذ 7 ايام")


@pytest.mark.parametrize("length", [300, 900, 3000])
def test_the_estimate_is_near_the_containment(length: int) -> None:
    for article, other in pairwise(corpus(20, length)):
        half = article[: length // 2] + other[: length // 2]
        exact = containment(shingles(half), shingles(article))
        share, doubt = estimated(sketch_of(" ".join(half)).sketch, sketch_of(" ".join(article)).sketch)
        assert 0 < doubt < 0.1
        assert share == pytest.approx(exact, abs=3 * doubt)


def test_of_texts_whose_sketches_hold_all_the_estimate_is_the_containment() -> None:
    for article, other in pairwise(corpus(20, 120)):
        half = article[:50] + other[:50]
        one, whole = sketch_of(" ".join(half)).sketch, sketch_of(" ".join(article)).sketch
        assert estimated(one, whole) == (containment(shingles(half), shingles(article)), 0.0)


def test_an_excerpt_of_a_long_text_is_not_taken_for_less_because_its_sketch_is_full() -> None:
    (article,) = corpus(1, 4000)
    whole, part = sketch_of(" ".join(article)).sketch, sketch_of(" ".join(article[:1300])).sketch
    assert len(whole) == SKETCH * WIDTH
    assert estimated(part, whole).share == 1.0
    assert estimated(part, b"").share == 0.0
    assert estimated(b"", whole) == (0.0, inf)


def test_bytes_that_are_no_sketch_hold_nothing() -> None:
    assert sample_of(b"short") == sample_of(b"") == ()
