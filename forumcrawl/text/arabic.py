"""The form in which texts are compared and searched: what Arabic writers, keyboards and sites vary is gone from it."""

from __future__ import annotations

import unicodedata
from itertools import chain

from forumcrawl.text.remembered import Remembered

_ALIKE = str.maketrans("ٱٲٳىیکےةہھەۃı", "اااييكيهههههi")
"""Letters written for one another that do not decompose: alef, final ya and ta, Persian and Urdu letters, Turkish ı."""
_TATWEEL = "\u0640"


class _Table(dict[int, str]):
    """What each character becomes, found when a text first holds it."""

    def __init__(self, *, words_only: bool) -> None:
        self.words_only = words_only

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", chr(code)).casefold())
        self[code] = found = "".join(_kept(each, self.words_only) for each in plain.translate(_ALIKE))
        return found


def _kept(character: str, words_only: bool) -> str:
    category = unicodedata.category(character)
    if category[0] == "M" or category == "Cf" or character == _TATWEEL:  # marks; bidi and zero-width characters
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    return character if character.isalnum() or not words_only else " "


_WORDS = _Table(words_only=True)
_LETTERS = _Table(words_only=False)
_FORMS = Remembered(lambda written: tuple(written.translate(_WORDS).split()))
"""The words of what stands between two spaces: none of a sign, two of "a-b"."""


def matching(text: str) -> str:
    """`text` as words with one space between them, in the form in which texts are compared and searched.

    Compatibility forms, letter case, tashkeel and all other marks, tatweel, bidi and zero-width characters are gone;
    أ إ آ ٱ are ا, ى ی are ي, ة is ه, ؤ is و, ئ is ي, ک is ك; every decimal digit is ASCII; what is neither letter nor
    digit parts words. Accents of other scripts go too (é is e), so that composed and decomposed text is one.
    """
    return " ".join(words(text))


def words(text: str) -> list[str]:
    """The words of `matching(text)`, in order. No word goes on behind a space, so that those of two lines are the
    words of each."""
    return list(chain.from_iterable(map(_FORMS.__getitem__, text.split())))


def letters(text: str) -> str:
    """`text` with its letters and digits in matching form, and spaces, marks and signs between them as they are."""
    return text.translate(_LETTERS)
