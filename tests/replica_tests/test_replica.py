"""The replica's world: the same every time, complete, growing only as asked, and of any size."""

from __future__ import annotations

import resource
import time
from urllib.parse import urlsplit

import pytest

from forumcrawl.items import Board, Member, Post, Thread
from forumcrawl.items.document import to_document
from tests.replica import seed_thread
from tests.replica.compare import compare
from tests.replica.site import Site
from tests.replica.world import World
from tests.replica_tests.pages import fetch, of_type


def test_same_arguments_give_the_same_world() -> None:
    assert list(World(threads=30, seed=5).truth()) == list(World(threads=30, seed=5).truth())
    one, other = Site(World(threads=30, seed=5)), Site(World(threads=30, seed=5))
    path = one.routes.parts.thread_path(one.routes.moment.thread(7))
    assert one.answer(path, "").body == other.answer(path, "").body
    assert list(World(threads=30, seed=6).truth()) != list(World(threads=30, seed=5).truth())


def test_truth_counts_add_up() -> None:
    world = World(threads=200)
    items = list(world.truth())
    threads, posts = of_type(items, Thread), of_type(items, Post)
    assert len(threads) == 200 - len(world.row_only_keys())
    assert len(posts) == sum(thread.replies + 1 for thread in threads)
    assert {post.thread_id for post in posts} == {thread.thread_id for thread in threads}
    assert len({post.key for post in posts}) == len(posts)
    writers = {post.author.member_id for post in posts} - {None}
    assert writers == {member.member_id for member in of_type(items, Member)}
    assert {board.kind for board in of_type(items, Board)} == {"category", "forum", "page", "link"}
    assert all(thread.last_post_at == max(p.created_at for p in posts if p.thread_id == thread.thread_id)
               for thread in threads)  # fmt: skip


def test_the_world_holds_what_it_is_for() -> None:
    items = list(World(threads=200, version="2.2").truth())
    threads, posts = of_type(items, Thread), of_type(items, Post)
    assert {thread.kind for thread in threads} == {"discussion", "article", "question", "poll"}
    assert any(t.sticky for t in threads)
    assert any(t.locked for t in threads)
    assert any(t.pages > 3 for t in threads)
    assert any(len(t.prefixes) == 2 for t in threads)
    assert any(t.tags for t in threads)
    assert {link.kind for p in posts for link in p.links} == {"external", "internal", "mention", "unfurl"}
    assert {quote.depth for p in posts for quote in p.quotes} == {1, 2}
    assert {embed.site for p in posts for embed in p.embeds} == {"youtube", "bitchute", "tiktok"}
    assert any(image.proxied and image.in_quote for p in posts for image in p.images)
    assert any(p.author.member_id is None for p in posts)
    assert any(p.attachments for p in posts)
    assert any(p.edited_at for p in posts)
    assert any("..." in link.text and len(link.text) == 83 < len(link.url) for p in posts for link in p.links)


def test_seed_thread_is_there() -> None:
    world = World(threads=60, language="ar")
    thread = next(t for t in of_type(list(world.truth()), Thread) if t.thread_id == world.seed_thread_id)
    post = next(p for p in of_type(list(world.truth()), Post) if p.thread_id == world.seed_thread_id)
    assert (thread.title, thread.prefixes) == (seed_thread.TITLE, ["مقالة"])
    assert (post.author.name, post.author.title) == ("المراسل الآلي", "عضو مميز")
    assert (post.author.messages, post.author.reaction_score, post.author.points) == (69062, 0, 1)
    assert post.author.extras == {"الدولة": "مصر"}
    assert [image.url.rpartition("/")[2] for image in post.images] == [
        "b2c55502-1679-43f8-b580-1ebaa3c37bd5_16x9_1200x676.jpg",
        "d66f811f-09b5-49c0-ade1-45c88c963624.jpg",
    ]
    assert post.text.splitlines()[-1] == f"المصدر: {post.links[0].text}"
    assert post.links[0].text == ("https://www.alarabiya.net/arab-and-...يق-مع-ايران-وتركيا-لتحقيق-الاستقرار-في-سوريا-")
    page = fetch(Site(world), urlsplit(thread.url).path)
    assert page.get("dir") == "RTL"
    assert page.get("data-xf") == "2.3"
    assert "69,062" in [dd.text for dd in page.xpath('//div[@class="message-userExtras"]//dd')]


def test_ticks_grow_counters_and_nothing_else() -> None:
    world = World(threads=60)
    changed = compare(world.truth(tick=3), [to_document(item) for item in world.truth()], most=100_000)
    assert changed
    assert all(any(name in line for name in ("views is", "messages is", "reaction_score is")) for line in changed)


def test_growing_worlds_get_posts_and_threads() -> None:
    world = World(threads=60, grow_posts=True)
    before, after = list(world.truth()), list(world.truth(tick=2))
    assert len(of_type(after, Thread)) == len(of_type(before, Thread)) + 2
    assert len(of_type(after, Post)) > len(of_type(before, Post)) + 2
    assert {p.key for p in of_type(before, Post)} < {p.key for p in of_type(after, Post)}
    boards = {t.board_id for t in of_type(after, Thread)}
    tops = {world.at(2).listing(board, 1).threads[0].id for board in boards}
    newest = max(of_type(after, Thread), key=lambda t: t.last_post_at)
    assert newest.thread_id in tops


@pytest.mark.parametrize("tick", [0, 4])
def test_lists_hold_every_thread_once_in_order(tick: int) -> None:
    moment = World(threads=500, threads_per_page=7, grow_posts=True).at(tick)
    seen: list[int] = []
    for board in [node for node in moment.world.nodes.values() if node.lists_threads]:
        pages = [moment.listing(board.id, page) for page in range(1, moment.listing(board.id, 1).pages + 1)]
        rows = [thread for page in pages for thread in page.threads]
        times = [moment.last_post_at(thread) for thread in rows]
        assert times == sorted(times, reverse=True)
        seen += [thread.index for thread in [*pages[0].sticky, *rows]]
    assert sorted(seen) == list(range(moment.total))


def test_a_hundred_thousand_threads_take_no_room() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.monotonic()
    site = Site(World(threads=100_000))
    index = fetch(site, "/")
    board = fetch(site, f"{site.world.urls.of('forums', site.world.nodes[11].title, 11)}page-700")
    assert len(index.xpath('//div[starts-with(@class, "node node--id")]')) == 13
    assert len(board.xpath('//div[contains(@class, "structItem--thread")]')) == 20
    assert time.monotonic() - started < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024


def test_compare_names_every_difference() -> None:
    world = World(threads=20)
    documents = [to_document(item) for item in world.truth()]
    assert compare(world.truth(), documents) == []
    posts = [document for document in documents if "post_id" in document]
    posts[0]["text"] += "!"
    posts[1]["author"]["points"] = -1
    posts[2]["html"] = ""
    posts[3]["created_at"] = posts[3]["created_at"].replace(tzinfo=None)
    posts[4]["fetched_at"] = posts[4]["created_at"]
    documents.remove(posts[5])
    documents.append({"_id": "x/thread/1"})
    found = compare(world.truth(), documents)
    assert [line.split(": ")[1].split(" is ")[0] for line in found] == [
        "text",
        "author.points",
        "html",
        "missing",
        "extra",
    ]
    assert len(compare(world.truth(), documents, allowed_extra=["x/thread/1"])) == 4
    assert compare(world.truth(), [], most=2)[2].startswith("… and")
