"""What a source site must yield, as data beside its page class, and what of that an article or a run lacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from forumcrawl.items.article import Article

ENOUGH = 10
"""Articles of a site from which their shares say something."""
WORDS = "least_words"
"""Names, among the fields, the expectation about the length of the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What the articles of a site have, when its page class reads it right."""

    coverage: Mapping[str, float] = field(default_factory=dict)
    """Least share of articles that have a value, 0 to 1, by field."""
    least_words: int = 40
    """Words of a text; one with fewer is short."""
    long_enough: float = 0.9
    """Least share of articles that are not short, videos aside."""

    def lacking(self, article: Article) -> list[str]:
        """The expected fields that have no value (None and empty are none), and `WORDS` for a short text."""
        missing = [name for name in self.coverage if not getattr(article, name)]
        short = len(article.text.split()) < self.least_words and not article.videos
        return [*missing, WORDS] if short else missing

    def below(self, read: int, lacked: Mapping[str, int]) -> dict[str, float]:
        """Of `read` articles, `lacked` of which lack each name: the shares that are too low; none of too few articles.

        The share is that of the articles that have it.
        """
        floors = {**self.coverage, WORDS: self.long_enough}
        shares = {name: 1 - lacked.get(name, 0) / read for name in floors} if read >= ENOUGH else {}
        return {name: round(share, 3) for name, share in shares.items() if share < floors[name]}
