"""What a post left out of an article, and what it added."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from forumcrawl.text.arabic import words
from forumcrawl.text.sketch import SHINGLE, containment, runs_of, shingles

PRESENT = 0.6
"""A sentence with this share of its shingles in a text stands there: one word in eight may be another."""
MOST = 50
LONGEST = 2_000
_MARKS = "\u0610-\u061a\u064b-\u065f\u0670"
_END = re.compile(
    r"(?:[!?؟…۔;؛]"
    rf"|\.(?<![^\w{_MARKS}][^\W\d_]\.)(?<!^[^\W\d_]\.)(?!(?<=[A-Za-z\d]\.)[A-Za-z\d]))+[\"'”’»)\]}}]*"
)
"""The end of a sentence. No point after a single letter (an initial) or inside a number or an address ends one."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A text made ready to be compared with any number of others."""

    text: str
    lines: list[tuple[str, int]]
    """Each with the number of its words."""
    words: list[str]
    """In matching form."""
    runs: list[int]
    """The shingles in their order."""
    shingles: set[int]
    _shorter: dict[int, set[int]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, text: str) -> Wording:
        lines = [(line, words(line)) for line in text.splitlines()]
        own = [word for _, each in lines for word in each]
        runs = runs_of(own)
        return cls(text, [(line, len(each)) for line, each in lines], own, runs, set(runs))

    def shingles_at(self, first: int, count: int) -> set[int]:
        """Those of `count` words from the one at `first` on; of all of them together where they are too few for one."""
        if count < SHINGLE:
            return shingles(self.words[first : first + count], count)
        return set(self.runs[first : first + count - SHINGLE + 1])

    def shingles_of(self, size: int) -> set[int]:
        """Those of `size` words, at most `SHINGLE`: for what is shorter than a shingle."""
        if size == SHINGLE:
            return self.shingles
        if size not in self._shorter:
            self._shorter[size] = shingles(self.words, size)
        return self._shorter[size]


@dataclass(frozen=True, slots=True)
class Passages:
    """How a post and an article differ: passages as they were written, in order."""

    missing: list[str]
    """Passages of the article that the post left out."""
    added: list[str]
    """Passages of the post that the article does not have."""


def passages(post: Wording, article: Wording) -> Passages:
    """The runs of sentences within a line that one text has and the other lacks, compared in matching form.

    At most `MOST` of each, cut at `LONGEST` characters.
    """
    return Passages(missing=_absent(article, post), added=_absent(post, article))


def _absent(own: Wording, other: Wording) -> list[str]:
    if own.shingles <= other.shingles:  # as of most copies: nothing is absent
        return []
    found: list[str] = []
    first = 0
    for line, count in own.lines:
        for start, end in _runs(own, line, first, count, other):
            found.append(line[start:end].strip()[:LONGEST])
            if len(found) == MOST:
                return found
        first += count
    return found


def _runs(own: Wording, line: str, first: int, count: int, other: Wording) -> Iterator[tuple[int, int]]:
    """Where in `line`, whose `count` words begin at `first`, runs of sentences stand that the other text lacks."""
    if count >= SHINGLE and own.shingles_at(first, count) <= other.shingles:
        return
    run: tuple[int, int] | None = None
    for start, end in _sentences(line):
        count = len(words(line[start:end]))
        if not count:  # marks alone neither begin nor end a run
            continue
        if containment(own.shingles_at(first, count), other.shingles_of(min(count, SHINGLE))) < PRESENT:
            run = (run[0] if run else start, end)
        elif run:
            yield run
            run = None
        first += count
    if run:
        yield run


def _sentences(line: str) -> Iterator[tuple[int, int]]:
    start = 0
    for end in _END.finditer(line):
        yield start, end.end()
        start = end.end()
    yield start, len(line)
