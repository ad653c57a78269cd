"""Links that survive only cut, and the articles that complete them, in a real database."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from forumcrawl.items import Article, Item
from forumcrawl.items.article import Picture
from forumcrawl.items.document import to_document
from forumcrawl.storage.completing import Completing, the_one
from forumcrawl.storage.lookup import Lookup
from forumcrawl.storage.patience import Patience
from tests.citing.samples import UUID
from tests.items.samples import NOON
from tests.storage.conftest import Place, batches
from tests.storage.matched import Archive, address, article, at, cut, pair, post

DAY = timedelta(days=1)
POST = post(text="شكرا")
LINK = cut(POST)


@pytest.fixture
def archive(place: Place) -> Archive:
    return Archive(place)


@pytest.mark.parametrize("way", list(permutations(range(2))))
def test_a_cut_link_leads_to_the_article_whose_address_fits(archive: Archive, way: Sequence[int]) -> None:
    found = article(outcome="fetched")
    steps: list[Sequence[Item]] = [[POST, LINK], [found, article(url="https://www.alarabiya.net/a/other-slug-of-it")]]
    archive.store(*(steps[step] for step in way))
    assert archive.how() == {pair(POST, found): "link"}
    link = archive.link(LINK)
    assert (link["outcome"], link["article_id"], link["post_ids"]) == ("fetched", found.key, [POST.key])
    assert (link["cut"], link["tail"], link["next_try_at"]) == (LINK.cut, LINK.tail, None)


def test_all_in_one_batch_is_no_other(archive: Archive) -> None:
    found = article()
    archive.store([POST, LINK, found])
    assert archive.how() == {pair(POST, found): "link"}


def test_a_post_that_names_a_completed_link_is_tied_too(archive: Archive) -> None:
    other = post(8, "نعم")
    archive.store([POST, LINK], [article()], [other, cut(other)], [POST, LINK])
    assert set(archive.how().values()) == {"link"}
    assert len(archive.how()) == 2
    assert archive.link(LINK)["outcome"] == "fetched"


def test_a_completed_link_follows_how_its_article_answers(archive: Archive) -> None:
    archive.store([POST, LINK], [article(origin="feed", outcome="pending")])
    assert archive.link(LINK)["outcome"] == "pending"
    archive.store([POST, LINK])
    assert archive.link(LINK)["outcome"] == "pending"
    archive.store([article()])
    assert archive.link(LINK)["outcome"] == "fetched"


def test_a_completed_link_stays_with_its_article_though_another_fits_better_later(archive: Archive) -> None:
    first, second = two(**at(NOON))
    archive.store([POST, LINK], [first], [second], [POST, LINK])
    assert archive.how() == {pair(POST, first): "link"}
    assert archive.link(LINK)["article_id"] == first.key


def test_a_link_is_told_as_completed_once(place: Place) -> None:
    async def main() -> None:
        async with place.open() as database:
            await database.articles.insert_one(to_document(article()))
            await database.links.insert_one(to_document(LINK))
            completing = Completing(Lookup(database, Patience(10)))
            (done,) = await completing.of([str(LINK.tail)])
            assert (done.key, done.article_id) == (LINK.key, article().key)
            await batches(database).store([done])
            assert await completing.of([str(LINK.tail)]) == []

    asyncio.run(main())


def two(**of_second: Any) -> tuple[Article, Article]:
    """Two articles that both fit, neither with a picture; the first long ago."""
    first = article(url=address("world", "2020/01/01"), **at(NOON - 2000 * DAY))
    return first, article(url=address("politics", "2026/03/03"), **{**at(NOON - 900 * DAY), **of_second})


@pytest.mark.parametrize("way", list(permutations(range(2))))
def test_two_articles_that_both_fit_leave_it_open(archive: Archive, way: Sequence[int]) -> None:
    steps: list[Sequence[Item]] = [[POST, LINK], list(two())]
    archive.store(*(steps[step] for step in way), [two()[0]], [two()[1]])
    assert archive.how() == {}
    assert (archive.link(LINK)["outcome"], archive.link(LINK)["article_id"]) == ("unresolved", None)


@pytest.mark.parametrize("way", list(permutations(range(2))))
def test_of_two_that_fit_the_one_of_the_posts_day_is_it(archive: Archive, way: Sequence[int]) -> None:
    found = two(**at(NOON - DAY))
    steps: list[Sequence[Item]] = [[POST, LINK], list(found)]
    archive.store(*(steps[step] for step in way))
    assert archive.how() == {pair(POST, found[1]): "link"}


@pytest.mark.parametrize("way", list(permutations(range(2))))
def test_of_two_that_fit_the_one_with_the_posts_picture_is_it(archive: Archive, way: Sequence[int]) -> None:
    own, found = post(text="شكرا", picture=UUID), two(picture=UUID)
    steps: list[Sequence[Item]] = [[own, cut(own)], list(found)]
    archive.store(*(steps[step] for step in way))
    assert archive.how() == {pair(own, found[1]): "link"}


def test_another_post_that_tells_more_decides_for_all_that_name_it(archive: Archive) -> None:
    found, other = two(picture=UUID), post(8, "نعم", UUID)
    archive.store(found, [POST, LINK])
    assert archive.how() == {}
    archive.store([other, cut(other)])
    assert archive.how() == {pair(POST, found[1]): "link", pair(other, found[1]): "link"}


def dated(name: str, days: float | None, picture: str | None = None) -> Article:
    pictures = [Picture(url=f"https://vid.example/{picture}.jpg")] if picture else []
    moment = None if days is None else NOON + days * DAY
    return Article(site="s", url=f"https://s.example/{name}", published_at=moment, images=pictures)


@pytest.mark.parametrize(
    ("articles", "one"),
    [
        ([dated("a", 0), dated("b", -2)], "a"),
        ([dated("a", -1), dated("b", -2)], "a"),
        ([dated("a", 1), dated("b", -2)], None),
        ([dated("a", 0), dated("b", -1)], None),
        ([dated("a", None), dated("b", 0)], "b"),
        ([dated("a", None), dated("b", None)], None),
        ([dated("a", 0), dated("b", -9, UUID)], "b"),
        ([dated("a", -1, UUID), dated("b", -9, UUID), dated("c", 0)], "a"),
        ([dated("a", -8, UUID), dated("b", -9, UUID), dated("c", 0)], None),
        ([], None),
    ],
)
def test_a_picture_decides_before_a_day(articles: list[Article], one: str | None) -> None:
    found = the_one([post(picture=UUID)], articles)
    assert found == (one and f"https://s.example/{one}")


def test_without_a_post_or_its_time_nothing_decides() -> None:
    articles = [dated("a", 0), dated("b", -9)]
    assert the_one([], articles) is None
    assert the_one([post(created_at=None)], articles) is None
    assert the_one([post(created_at=NOON.min.replace(tzinfo=NOON.tzinfo))], articles) is None
