"""What people make of an article's text before they post it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from tests.replica.news.newsroom import Newsroom
from tests.replica.news.prose import drawn, sentence
from tests.replica.news.stories import Story

_CHANGED = 14
_RESPELLED = str.maketrans("أإآةى", "اااهي")
_OWN = (3, 5)
_BORROWED = 8
"""Words of an article that a post in own words holds, as anyone may quote them."""


def whole(paragraphs: Sequence[str], chance: Random, language: str) -> list[str]:
    """Everything, as it is."""
    return list(paragraphs)


def edited(paragraphs: Sequence[str], chance: Random, language: str) -> list[str]:
    """One word in fourteen changed, a paragraph left out, a sentence added."""
    kept = list(paragraphs)
    del kept[chance.randrange(1, len(kept))]
    text = [_changed(each, chance, language) for each in kept]
    text.insert(chance.randrange(len(text)), sentence(chance, language, chance.randint(10, 16)) + ".")
    return text


def _changed(paragraph: str, chance: Random, language: str) -> str:
    words = paragraph.split(" ")
    for start in range(0, len(words), _CHANGED):
        words[min(start + chance.randrange(_CHANGED), len(words) - 1)] = chance.choice(drawn(language))
    return " ".join(words)


def head(paragraphs: Sequence[str], chance: Random, language: str) -> list[str]:
    """The first third."""
    return list(paragraphs[: -(-len(paragraphs) // 3)])


def middle(paragraphs: Sequence[str], chance: Random, language: str) -> list[str]:
    """A third from the middle."""
    start = len(paragraphs) // 3
    return list(paragraphs[start : start - (-len(paragraphs) // 3)])


def respelled(paragraphs: Sequence[str], chance: Random, language: str) -> list[str]:
    """Everything, spelled as people do who type fast."""
    return [each.translate(_RESPELLED) for each in paragraphs]


TEXTS: dict[str, Callable[[Sequence[str], Random, str], list[str]]] = {
    "whole": whole,
    "edited": edited,
    "head": head,
    "middle": middle,
    "respelled": respelled,
}


def talk(chance: Random, language: str) -> list[str]:
    """Some sentences of the poster's own."""
    return [sentence(chance, language, chance.randint(8, 20)) + "." for _ in range(chance.randint(*_OWN))]


def own_words(news: Newsroom, story: Story, chance: Random) -> list[str]:
    """The same event told anew: own sentences and a few words that the article has too."""
    language = story.site.language
    words = chance.choice(news.text[story.number]).split()
    start = chance.randrange(max(1, len(words) - _BORROWED))
    borrowed = " ".join(words[start : start + _BORROWED])
    return [*talk(chance, language), f'{sentence(chance, language, 12)} "{borrowed}" {sentence(chance, language, 12)}.']
