"""Pairs of a post and an article that may belong together."""

from __future__ import annotations

from collections.abc import Container, Iterator


class Pairs:
    """Each pair once, with whether a link ties it."""

    def __init__(self) -> None:
        self._linked: dict[tuple[str, str], bool] = {}

    def __contains__(self, pair: tuple[str, str]) -> bool:
        """Whether there is such a pair of `_id`s, of a post and an article."""
        return pair in self._linked

    def add(self, post_id: str, article_id: str, *, linked: bool = False) -> None:
        """A pair of `_id`s; one that was linked once stays so."""
        pair = (post_id, article_id)
        self._linked[pair] = linked or self._linked.get(pair, False)

    def by_post(self, articles: Container[str]) -> Iterator[tuple[str, list[tuple[str, bool]]]]:
        """Each post with those of its articles that are in `articles`, and whether a link ties each of them."""
        groups: dict[str, list[tuple[str, bool]]] = {}
        for (post, article), linked in self._linked.items():
            if article in articles:
                groups.setdefault(post, []).append((article, linked))
        yield from groups.items()

    @property
    def posts(self) -> list[str]:
        """`_id`s of the posts, each once."""
        return list(dict.fromkeys(post for post, _ in self._linked))

    @property
    def articles(self) -> list[str]:
        """`_id`s of the articles, each once."""
        return list(dict.fromkeys(article for _, article in self._linked))

    @property
    def untied(self) -> list[str]:
        """`_id`s of the articles of pairs that no link ties, each once."""
        return list(dict.fromkeys(article for (_, article), linked in self._linked.items() if not linked))
