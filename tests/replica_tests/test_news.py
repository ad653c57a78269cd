"""The articles and the posts that quote them: the same every time, and as varied as they claim."""

from __future__ import annotations

import time
from urllib.parse import unquote, urlsplit

import pytest

from forumcrawl.items import Post, Thread
from forumcrawl.text.addresses import article_address
from forumcrawl.text.arabic import words
from forumcrawl.text.sketch import containment, shingles
from tests.replica.news.addresses import amp_path, encoded, tracked
from tests.replica.news.newsroom import Newsroom
from tests.replica.news.png import picture
from tests.replica.news.quoting import COPYING, LINKING, OTHER
from tests.replica.news.sites import SITES, twin_of
from tests.replica.news.stories import text_of
from tests.replica.news.truth import NewsTruth, article_id
from tests.replica.news.vocabulary import WORDS
from tests.replica.seed_thread import SOURCE
from tests.replica.world import World
from tests.replica_tests.pages import of_type

ORIGIN = "http://127.0.0.1:8080"
NEWS = Newsroom(1, 200, ORIGIN)
WORLD = World(threads=60, news=40, language="ar", origin=ORIGIN)


def shingles_of(text: str) -> set[int]:
    return shingles(words(text))


def test_same_seed_gives_the_same_articles_and_posts() -> None:
    again = World(threads=60, news=40, language="ar", origin=ORIGIN)
    assert list(NewsTruth(WORLD).articles()) == list(NewsTruth(again).articles())
    assert list(NewsTruth(WORLD).posts()) == list(NewsTruth(again).posts())
    assert of_type(list(WORLD.truth()), Post) == of_type(list(again.truth()), Post)
    assert text_of(1, 7) != text_of(2, 7)


def test_articles_have_the_length_and_the_words_they_should() -> None:
    assert min(len(WORDS["ar"]), len(WORDS["en"])) >= 1500
    lengths = [[len(paragraph.split()) for paragraph in NEWS.text[number]] for number in range(1, 200)]
    assert {len(each) for each in lengths} == set(range(5, 13))
    assert all(14 <= count <= 60 for each in lengths for count in each)
    everything = [word for number in range(1, 200) for paragraph in NEWS.text[number] for word in paragraph.split()]
    assert 0.01 < everything.count("في") / len(everything) < 0.08
    assert len({article_id(NEWS, story) for story in NEWS.stories}) == 200


def test_articles_on_one_event_share_quotations_and_no_other_two_share_much() -> None:
    texts = [shingles_of("\n".join(NEWS.text[number])) for number in range(120)]
    twins = [(number, twin) for number in range(120) if (twin := twin_of(number)) is not None]
    assert len(twins) == 42
    assert all(0.15 <= containment(texts[one], texts[other]) <= 0.30 for one, other in twins)
    assert all(NEWS.stories[one].site is not NEWS.stories[other].site for one, other in twins)
    others = [(i, j) for i in range(120) for j in range(120) if i != j and twin_of(i) != j]
    assert max(containment(texts[i], texts[j]) for i, j in others) < 0.1


def test_texts_are_made_fast_enough_for_a_hundred_thousand() -> None:
    text_of(1, 99_999)
    started = time.process_time()
    for number in range(98_000, 100_000):
        text_of(1, number)
    assert time.process_time() - started < 1.0


def test_every_form_of_a_link_is_one_article() -> None:
    for story in NEWS.stories:
        url, base = NEWS.url(story), NEWS.bases[story.site.name]
        forms = (NEWS.shown_url(story), tracked(url), base + encoded(amp_path(story)))
        assert {article_address(form) for form in forms} == {article_id(NEWS, story)}
    ends = {NEWS.shown_url(story)[-1] == "-" for story in NEWS.stories if story.site.name == "alarabiya"}
    assert ends == {True, False}


def test_pictures_differ_by_name() -> None:
    assert picture("a") == picture("a") != picture("b")
    assert picture("a").startswith(b"\x89PNG\r\n\x1a\n")


def test_posts_of_every_kind_are_there_and_hold_what_their_truth_says() -> None:
    truth = list(NewsTruth(WORLD).posts())
    posts = {post.key: post for post in of_type(list(WORLD.truth()), Post)}
    assert len(truth) == 120 == len({each.post_id for each in truth})
    assert {each.kind for each in truth} == {*LINKING, *COPYING, *OTHER}
    for each in truth:
        post = posts[each.post_id]
        links = [link.url for link in post.links]
        assert each.url is None or each.url in links or each.url in post.text
        assert each.cut is None or (each.cut in post.text and not links)
        assert each.social is None or each.social in links
        assert (each.article_id is None) == (each.kind in OTHER)
    assert any(each.cut for each in truth)
    assert {each.how for each in truth if each.kind in COPYING} == {"link", "copy"}


def test_copies_are_of_their_article_and_own_words_of_none() -> None:
    truth = {each.post_id: each for each in NewsTruth(WORLD).posts()}
    news = WORLD.newsroom
    texts = {article_id(news, story): shingles_of("\n".join(news.text[story.number])) for story in news.stories}
    for post in of_type(list(WORLD.truth()), Post):
        if post.key not in truth:
            continue
        text = "\n".join(line for line in post.text.splitlines() if "://" not in line)
        mine, cited = shingles_of(text), truth[post.key].article_id
        shares = {key: containment(mine, text) for key, text in texts.items()}
        if cited is not None:
            assert shares.pop(cited) > 0.6
        assert max(shares.values()) < 0.4


def test_threads_have_the_headline_of_the_article_they_begin_with() -> None:
    titles = {thread.title for thread in of_type(list(WORLD.truth()), Thread)}
    headlines = {story.headline for story in WORLD.newsroom.stories}
    assert 25 <= len(titles & headlines) < len(headlines)


def test_the_seed_thread_links_its_article_at_the_source_site() -> None:
    seed = next(NewsTruth(WORLD).posts())
    assert seed.resolves
    assert seed.url == "http://127.0.0.2:8080" + urlsplit(SOURCE).path


def test_a_world_without_articles_and_one_without_room() -> None:
    with pytest.raises(ValueError, match="no truth"):
        NewsTruth(World())
    with pytest.raises(ValueError, match="no room"):
        _ = World(threads=20, news=2000).quoting
    assert len(World(threads=1200, news=2000).quoting.places) == 6000  # type: ignore[union-attr]


def test_every_article_has_a_site_and_an_address_that_people_can_read() -> None:
    assert {story.site.name for story in NEWS.stories} == {*SITES} - {"short", "mobile"}
    assert all(unquote(NEWS.url(story)) == NEWS.shown_url(story) for story in NEWS.stories)
