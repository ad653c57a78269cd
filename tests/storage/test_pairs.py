from __future__ import annotations

from forumcrawl.storage.pairs import Pairs


def test_a_pair_is_there_once_and_stays_linked() -> None:
    pairs = Pairs()
    pairs.add("p", "a")
    pairs.add("p", "a", linked=True)
    pairs.add("p", "a")
    assert list(pairs.by_post({"a"})) == [("p", [("a", True)])]


def test_pairs_are_grouped_by_post_and_articles_that_are_not_known_left_out() -> None:
    pairs = Pairs()
    for post, article in (("p", "a"), ("q", "a"), ("p", "b"), ("r", "c")):
        pairs.add(post, article)
    assert dict(pairs.by_post({"a", "b"})) == {"p": [("a", False), ("b", False)], "q": [("a", False)]}
    assert pairs.articles == ["a", "b", "c"]
    assert ("p", "b") in pairs
    assert ("q", "b") not in pairs


def test_an_article_is_untied_while_one_of_its_pairs_is() -> None:
    pairs = Pairs()
    pairs.add("p", "a", linked=True)
    pairs.add("q", "b", linked=True)
    pairs.add("p", "b")
    assert pairs.untied == ["b"]
