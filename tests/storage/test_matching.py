"""Posts and articles find each other in a real database, whichever comes first."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import permutations

import pytest

from forumcrawl.items import Item, Post
from forumcrawl.storage.lookup import MOST
from tests.citing.samples import UUID, edited, prose
from tests.items.samples import FORUM, NOON, row
from tests.storage.conftest import Place, batches
from tests.storage.matched import TEXT, Archive, address, answered, article, named, pair, post

OWN = prose(2, 150)
POST, ARTICLE = post(), article()


@pytest.fixture
def archive(place: Place) -> Archive:
    return Archive(place)


WAYS: dict[str, list[Sequence[Item]]] = {
    "post first": [[POST], [ARTICLE]],
    "article first": [[ARTICLE], [POST]],
    "together": [[ARTICLE, POST]],
    "twice": [[POST], [ARTICLE], [POST, ARTICLE], [POST]],
}


@pytest.mark.parametrize("way", WAYS)
def test_a_copy_is_cited_whichever_comes_first(archive: Archive, way: str) -> None:
    archive.store(*WAYS[way])
    assert archive.how() == {pair(POST, ARTICLE): "copy"}
    (citation,) = archive.citations().values()
    assert (citation["containment"], citation["article_containment"], citation["site"]) == (1.0, 1.0, "alarabiya.net")
    assert (citation["fetched_at"], citation["run_id"]) in [(NOON, "run"), (NOON, "news")]


@pytest.mark.parametrize("way", ["post first", "article first", "together"])
def test_an_excerpt_and_an_edited_copy_are_cited_and_other_texts_are_not(archive: Archive, way: str) -> None:
    lines = TEXT.split("\n")
    excerpt, changed = post(1, "\n".join(lines[4:9])), post(2, edited(TEXT, 0.05))
    posts = [excerpt, changed, post(3, OWN), post(4, ""), post(5, "شكرا"), post(6, " ".join(TEXT.split()[5:18]))]
    orders: dict[str, list[Sequence[Item]]] = {
        "post first": [posts, [ARTICLE]],
        "article first": [[ARTICLE], posts],
        "together": [[*posts, ARTICLE]],
    }
    archive.store(*orders[way])
    assert archive.how() == {pair(excerpt, ARTICLE): "copy", pair(changed, ARTICLE): "copy"}


def test_of_two_writers_at_the_same_time_one_finds_the_other(place: Place) -> None:
    """Twenty times, each time another pair: a third linked, a third alike, a third with a picture in common."""

    def items(number: int) -> tuple[list[Item], list[Item]]:
        text, url, uuid = prose(100 + number, 80), address(f"world{number}"), f"{number:08}{UUID[8:]}"
        if number % 3 == 0:
            own, found = post(number, OWN), article(text, url)
            return [own, named(own, url=url)], [found, answered(found, url)]
        if number % 3 == 1:
            return [post(number, text)], [article(text, url)]
        return [post(number, prose(500 + number, 40), uuid)], [article(text, url, uuid)]

    async def main() -> None:
        async with place.open() as one, place.open() as other:
            left, right = batches(one), batches(other)
            for number in range(20):
                first, second = items(number)
                await asyncio.gather(left.store(first), right.store(second))
            found = await one.citations.find().to_list()
        hows = {each["post_id"]: each["how"] for each in found}
        assert hows == {f"{FORUM}/post/{number}": ("link", "copy", "image")[number % 3] for number in range(20)}

    asyncio.run(main())


@pytest.mark.parametrize("way", list(permutations(range(3))))
def test_a_named_source_is_cited_though_nothing_is_alike(archive: Archive, way: Sequence[int]) -> None:
    own = post(text="شكرا")
    found = article(url=address("canonical"))
    steps: list[Sequence[Item]] = [[own, named(own)], [found, answered(found)], [post(8, OWN)]]
    archive.store(*(steps[step] for step in way))
    assert archive.how() == {pair(own, found): "link"}
    (link,) = archive.all("links")
    assert (link["outcome"], link["next_try_at"], link["post_ids"]) == ("fetched", None, [own.key])


def test_an_article_that_was_stored_before_its_link_is_answered_is_tied(archive: Archive) -> None:
    own, found = post(text="شكرا"), article(url=address("canonical"))
    archive.store([own, named(own)], [found], [answered(found)])
    assert archive.how() == {pair(own, found): "link"}


@pytest.mark.parametrize("first", ["post", "article"])
def test_an_article_at_a_links_own_address_is_the_one_though_nobody_asked(archive: Archive, first: str) -> None:
    own, feed = post(text="شكرا"), article(origin="feed", outcome="pending")
    steps: list[Sequence[Item]] = [[own, named(own)], [feed]]
    archive.store(*(steps if first == "post" else reversed(steps)))
    assert archive.how() == {pair(own, feed): "link"}


def test_every_post_that_names_an_article_is_tied_to_it(archive: Archive) -> None:
    posts = [post(number, prose(number, 30)) for number in range(1, 5)]
    archive.store(
        [posts[0], named(posts[0])],
        [posts[1], named(posts[1])],
        [ARTICLE, answered(ARTICLE)],
        [*posts[2:], named(*posts[2:])],
    )
    assert archive.how() == {pair(each, ARTICLE): "link" for each in posts}


def test_a_link_is_not_forgotten_when_the_post_is_stored_again_without_it(archive: Archive) -> None:
    archive.store([POST, named(POST)], [ARTICLE, answered(ARTICLE)], [post(text=f"{TEXT}\nكلمة")])
    assert archive.how() == {pair(POST, ARTICLE): "link"}


@pytest.mark.parametrize("way", list(permutations(range(2))))
def test_a_picture_in_common_is_enough(archive: Archive, way: Sequence[int]) -> None:
    own, found = post(text=OWN, picture=UUID), article(picture=UUID)
    steps: list[Sequence[Item]] = [[own], [found]]
    archive.store(*(steps[step] for step in way), [post(8, prose(3, 50), picture=UUID.replace("b", "a"))])
    assert archive.how() == {pair(own, found): "image"}
    assert archive.citations()[pair(own, found)]["shared_images"] == [UUID]


def test_a_changed_post_changes_its_citation(archive: Archive) -> None:
    lines = TEXT.split("\n")
    archive.store([POST, ARTICLE], [post(text="\n".join(lines[:-4]))])
    (citation,) = archive.citations().values()
    assert (citation["containment"], citation["article_containment"] < 0.8) == (1.0, True)
    assert lines[-1] in " ".join(citation["missing"])


def test_a_changed_article_changes_its_citations(archive: Archive) -> None:
    archive.store([POST, ARTICLE], [article(f"{TEXT}\n{prose(5, 100)}")])
    (citation,) = archive.citations().values()
    assert citation["article_containment"] < 0.8


def test_what_is_compared_is_the_article_that_is_stored_and_not_a_lesser_copy_of_it(archive: Archive) -> None:
    excerpt = "\n".join(TEXT.split("\n")[:4])
    own = post(text=excerpt)
    archive.store([own, ARTICLE, named(own)], [article(excerpt, origin="repost", outcome="blocked")])
    (citation,) = archive.citations().values()
    assert citation["article_containment"] < 0.5
    assert citation["missing"]


def test_the_headline_is_looked_for_in_the_title_of_the_threads_first_post_alone(archive: Archive) -> None:
    first, reply = post(1, number=1), post(2, number=2)
    archive.store([row(title=f"[خبر] {ARTICLE.headline}"), first, reply], [ARTICLE])
    assert {key[0]: each["headline_match"] for key, each in archive.citations().items()} == {
        first.key: True,
        reply.key: False,
    }


def test_an_excerpt_that_another_article_explains_better_is_not_cited_from_both(archive: Archive) -> None:
    quotes, own = prose(50, 60), prose(60, 30)
    right = article(f"{quotes}\n{own}\n{prose(61, 200)}", address("right"))
    wrong = article(f"{prose(62, 200)}\n{quotes}", address("wrong"))
    excerpt = post(text=f"{quotes}\n{own}")
    archive.store([right, wrong], [excerpt])
    assert archive.how() == {pair(excerpt, right): "copy"}


def test_a_text_that_everybody_posts_finds_nothing(archive: Archive) -> None:
    prayer = prose(7, 12)
    posts = [post(number, prayer) for number in range(MOST)]
    copy = post(MOST, TEXT)
    archive.store([*posts, copy], [article(f"{prayer}\n{TEXT}")])
    assert list(archive.how()) == [pair(copy, ARTICLE)]


def test_posts_of_many_pages_at_once_are_all_matched(archive: Archive) -> None:
    texts = [prose(1000 + number, 60) for number in range(60)]
    posts: list[Post] = [post(number, text) for number, text in enumerate(texts)]
    found = [article(text, address(f"n{number}")) for number, text in enumerate(texts)]
    archive.store(posts, found)
    assert archive.how() == {pair(one, other): "copy" for one, other in zip(posts, found, strict=True)}
