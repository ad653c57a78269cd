"""Which fields of items say something."""

from __future__ import annotations

from forumcrawl.items import Failure, Member, Thread
from forumcrawl.items.forum import Author, Post, Quote
from forumcrawl.stats.coverage import Coverage
from forumcrawl.stats.digest import coverage

FORUM = "forum.example"


def post(post_id: int, **fields: object) -> Post:
    return Post(forum=FORUM, post_id=post_id, thread_id=1, **fields)  # type: ignore[arg-type]


def test_none_and_empty_are_missing_and_zero_is_not() -> None:
    looked = Coverage()
    for each in (post(1, text="a", number=0), post(2, text=""), post(3, number=None)):
        looked.look(each)
    shares = coverage(looked.counts)["posts"]
    assert shares["post_id"] == 1
    assert shares["text"] == round(1 / 3, 4)
    assert shares["number"] == round(1 / 3, 4)
    assert "created_at" not in shares


def test_fields_of_parts_are_counted_by_part() -> None:
    looked = Coverage()
    quotes = [Quote(author="a", text="t"), Quote(author=None, text="t")]
    looked.look(post(1, quotes=quotes, author=Author(name="n")))
    looked.look(post(2, quotes=[], author=Author(name="m", title="t")))
    shares = coverage(looked.counts)
    assert shares["posts.quotes"]["author"] == 0.5
    assert shares["posts.quotes"]["text"] == 1
    assert shares["posts.author"]["title"] == 0.5
    assert shares["posts"]["quotes"] == 0.5


def test_an_item_that_several_pages_tell_in_parts_counts_once() -> None:
    looked = Coverage()
    looked.look(Thread(forum=FORUM, thread_id=1, title="t", views=3))
    looked.look(Thread(forum=FORUM, thread_id=1, title="t", tags=["a"]))
    looked.look(Member(forum=FORUM, member_id=1, name="n"))
    assert looked.counts["objects/threads"] == 1
    assert looked.counts["filled/threads/title"] == 1
    assert looked.counts["filled/threads/views"] == 1
    assert looked.counts["filled/threads/tags"] == 1
    assert looked.counts["objects/members"] == 1


def test_what_is_no_content_is_not_looked_at() -> None:
    looked = Coverage()
    looked.look(Failure(forum=FORUM, url="https://forum.example/", outcome="timeout"))
    looked.look({"text": "a"})
    assert not looked.counts
