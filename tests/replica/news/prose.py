"""Text as a language has it: few words often, most words seldom, drawn anew for every sentence."""

from __future__ import annotations

from functools import cache
from random import Random

from tests.replica.news.vocabulary import AGENCY, SMALL, WORDS

_ROOM = 1 << 15
PARAGRAPH = (20, 60)
"""Fewest and most words of a paragraph."""
_COMMA = {"ar": "،", "en": ","}


@cache
def drawn(language: str) -> list[str]:
    """The words, each as often as it is to come up: the rank's share by Zipf's law, at least once."""
    words = WORDS[language]
    shares = [1 / (rank + 2.5) for rank in range(len(words))]
    unit = (_ROOM - len(words)) / sum(shares)
    return [word for word, share in zip(words, shares, strict=True) for _ in range(1 + int(share * unit))]


def sentence(chance: Random, language: str, words: int) -> str:
    """So many words, with a comma in a long sentence, without a mark at the end."""
    found = chance.choices(drawn(language), k=words)
    if words > 12:
        found[words // 2] += _COMMA[language]
    return " ".join(found)


def paragraph(chance: Random, language: str, words: int) -> str:
    """So many words in one to three sentences; every third paragraph begins as agencies do."""
    opening = chance.choice(AGENCY[language]) + " " if chance.random() < 0.3 else ""
    left = max(8, words - opening.count(" "))
    many = 1 + (left > 24) + (left > 45)
    return opening + ". ".join(sentence(chance, language, left // many) for _ in range(many)) + "."


def headline(chance: Random, language: str, words: int) -> str:
    """A headline, of rarer words than text."""
    found = chance.sample(WORDS[language][SMALL[language] :], words)
    return " ".join(found).capitalize() if language == "en" else f"{found[0]}: {' '.join(found[1:])}"
