"""Known hosts."""

from __future__ import annotations

import pytest

from forumcrawl.citing.hosts import is_never_source, is_news


@pytest.mark.parametrize("url", [
    "https://www.alarabiya.net/a", "https://english.alarabiya.net/a", "http://arabic.rt.com/a", "https://ara.tv/x7",
    "https://amp.dw.com/ar/a", "https://www.defensenews.com/a", "https://www.janes.com/a", "https://www.navalnews.com/a",
    "https://www.armyrecognition.com/a", "https://www.bbc.co.uk:443/arabic", "https://www.aljazeera.net/news",
])  # fmt: skip
def test_outlets_and_their_subdomains_are_news(url: str) -> None:
    assert is_news(url)
    assert not is_never_source(url)


@pytest.mark.parametrize("url", [
    "https://x.com/a/status/1", "https://mobile.twitter.com/a", "https://t.me/a/1", "https://m.facebook.com/a",
    "https://youtu.be/a", "https://i.imgur.com/a", "https://vid.alarabiya.net/images/a", "https://ar.wikipedia.org/wiki/a",
    "https://www.google.com/search?q=a", "https://www.instagram.com/p/a", "https://vm.tiktok.com/a",
])  # fmt: skip
def test_hosts_without_articles_are_never_a_source(url: str) -> None:
    assert is_never_source(url)
    assert not is_news(url)


@pytest.mark.parametrize("url", ["https://unknown.example/a", "https://notalarabiya.net/a", "https://net/a", "x", ""])
def test_other_hosts_are_neither(url: str) -> None:
    assert not is_news(url)
    assert not is_never_source(url)
