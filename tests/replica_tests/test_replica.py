"""The replica forum itself: the same every time, whole in all versions, spoilt only when asked."""

from __future__ import annotations

import http.client
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
from lxml import html as lxml_html

from forumcrawl.items import Board, Item, Member, Post, Thread
from forumcrawl.items.document import to_document
from tests.replica import seed_thread
from tests.replica.compare import compare
from tests.replica.faults import KINDS
from tests.replica.labels import LANGUAGES
from tests.replica.process import ReplicaProcess
from tests.replica.site import Site
from tests.replica.threads import ThreadInfo
from tests.replica.urls import ROUTES
from tests.replica.world import VERSIONS, World

ROOT = Path(__file__).resolve().parents[2]


def fetch(site: Site, path: str) -> Any:
    """The parsed page at a path of the forum."""
    parts = urlsplit(path)
    answer = site.answer(parts.path, parts.query)
    assert answer.status == 200, (path, answer.status, answer.headers)
    return lxml_html.document_fromstring(answer.body.decode())


def post_ids(page: Any) -> list[int]:
    return [int(a.get("data-content")[5:]) for a in page.xpath('//article[contains(@class, "js-post")]')]


def thread_pages(site: Site, thread: ThreadInfo) -> Iterator[Any]:
    for page in range(1, site.moment.pages(thread) + 1):
        yield fetch(site, site.parts.thread_path(thread, f"page-{page}" if page > 1 else ""))


def of_type(items: list[Item], kind: type[Item]) -> list[Any]:
    return [item for item in items if isinstance(item, kind)]


# The world ---------------------------------------------------------------------------------------------------
def test_same_arguments_give_the_same_world() -> None:
    assert list(World(threads=30, seed=5).truth()) == list(World(threads=30, seed=5).truth())
    one, other = Site(World(threads=30, seed=5)), Site(World(threads=30, seed=5))
    path = one.parts.thread_path(one.moment.thread(7))
    assert one.answer(path, "").body == other.answer(path, "").body
    assert next(iter(World(threads=30, seed=6).truth())) is not None
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
    assert any(p.attachments and p.edited_at for p in posts) or any(p.attachments for p in posts)
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
    page = lxml_html.document_fromstring(Site(world).answer(urlsplit(thread.url).path, "").body.decode())
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
    board = fetch(site, f"{site.urls.of('forums', site.world.nodes[11].title, 11)}page-700")
    assert len(index.xpath('//div[starts-with(@class, "node node--id")]')) == 10
    assert len(board.xpath('//div[contains(@class, "structItem--thread")]')) == 20
    assert time.monotonic() - started < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024


# Pages -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("language", "routes"), [*zip(LANGUAGES, [*ROUTES, "plain"], strict=True)])
def test_every_thread_page_holds_its_posts(version: str, language: str, routes: str) -> None:
    site = Site(World(threads=40, version=version, language=language, routes=routes, icon_cards=language == "de"))
    expected: dict[int, set[int]] = {}
    for post in of_type(list(site.world.truth()), Post):
        expected.setdefault(post.thread_id, set()).add(post.post_id)
    for thread_id, ids in expected.items():
        thread = site.moment.find(thread_id)
        assert thread is not None
        found = [post_ids(page) for page in thread_pages(site, thread)]
        assert {number for page in found for number in page} == ids
        repeated = sum(map(len, found)) - len(ids)
        extra = len(found) - 1 + (len(found) if thread.solution else 0)
        assert repeated == (extra if thread.kind == "question" else 0)


@pytest.mark.parametrize("version", VERSIONS)
def test_pages_tell_their_kind(version: str) -> None:
    site = Site(World(threads=100, version=version))
    kinds = {"question": "thread_view_type_question", "article": "thread_view_type_article"}
    for index in range(6, 100):
        thread = site.moment.thread(index)
        page = next(thread_pages(site, thread))
        assert page.get("data-template") == kinds.get(thread.kind, "thread_view")
        assert page.get("data-content-key") == ("" if version == "2.0" else f"thread-{thread.id}")
        assert bool(page.xpath('//article[contains(@class, "message--article")]')) == (thread.kind == "article")
        assert bool(page.find_class("pollResult-response")) == (thread.kind == "poll")
        times = page.xpath('//article//time[contains(@class, "u-dt")]')
        assert all(t.get("data-timestamp" if version == "2.3" else "data-time").isdigit() for t in times)
    assert bool(page.find_class("likesBar")) == (version == "2.0")


@pytest.mark.parametrize("routes", ROUTES)
def test_board_rows_and_redirects(routes: str) -> None:
    site = Site(World(threads=200, routes=routes, version="2.2"))
    board, urls = site.world.nodes[11], site.urls
    rows = fetch(site, urls.of("forums", board.title, 11)).find_class("structItem--thread")
    listing = site.moment.listing(11, 1)
    assert len(rows) == len(listing.sticky) + len(listing.threads)
    beyond = site.answer(*_split(urls.of("forums", board.title, 11, "page-999")))
    assert (beyond.status, beyond.headers["Location"].rpartition("/")[2]) == (303, f"page-{listing.pages}")
    wrong = site.answer(*_split(urls.of("threads", "other words", listing.threads[0].id)))
    right = urls.absolute(site.parts.thread_path(listing.threads[0]))
    assert (wrong.status, wrong.headers["Location"]) == (301, right)


def _split(path: str) -> tuple[str, str]:
    parts = urlsplit(path)
    return parts.path, parts.query


def test_outcomes_are_what_the_truth_expects() -> None:
    site = Site(World(threads=60))
    statuses = {}
    for path, outcome in site.world.expected_failures():
        answer = site.answer(path, "")
        template = lxml_html.document_fromstring(answer.body).get("data-template") if answer.body else None
        statuses[outcome] = (answer.status, template, answer.headers.get("Location", "")[:20])
    assert statuses == {
        "forbidden": (403, "error", ""),
        "login_required": (403, "login", ""),
        "unrecognised": (200, "portal_custom_view", ""),
        "not_found": (404, "error", ""),
        "moved": (301, None, "http://127.0.0.1:808"),
        "redirected_out": (301, None, "http://other.invalid"),
    }


def test_what_is_linked_answers() -> None:
    site, refused = Site(World(threads=40)), {path for path, _ in World(threads=40).expected_failures()}
    thread = next(t for t in map(site.moment.thread, range(6, 40)) if site.moment.pages(t) > 1)
    pages = ["/", site.urls.of("forums", site.world.nodes[11].title, 11), site.parts.thread_path(thread)]
    paths = {href for page in pages for href in fetch(site, page).xpath("//a/@href") if href.startswith("/")}
    answers = {path: site.answer(*_split(path)) for path in paths - refused}
    assert {path: a.status for path, a in answers.items() if a.status not in (200, 301)} == {}
    traps = {answer.kind for answer in answers.values() if answer.kind.startswith("trap_")}
    assert traps >= {"trap_latest", "trap_post", "trap_login", "trap_whats_new", "trap_search", "trap_forum_filter"}


# Comparing ---------------------------------------------------------------------------------------------------
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


# The server --------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def replica() -> Iterator[ReplicaProcess]:
    with ReplicaProcess(threads=40, language="en") as process:
        yield process


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


def get(url: str) -> tuple[int, dict[str, str], bytes]:
    try:
        with build_opener(_Stay).open(Request(url, headers={"User-Agent": "test/1"}), timeout=10) as response:
            return response.status, dict(response.headers), response.read()
    except HTTPError as error:
        return error.code, dict(error.headers), error.read()


def thread_url(replica: ReplicaProcess) -> str:
    return next(t for t in of_type(list(replica.world.truth()), Thread) if t.replies > 3).url


def test_server_serves_the_world(replica: ReplicaProcess) -> None:
    status, headers, body = get(thread_url(replica))
    path = urlsplit(thread_url(replica)).path
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert body == Site(replica.world).answer(path, "").body
    assert replica.forum == replica.world.forum
    assert get(f"{replica.url}robots.txt")[2].decode().splitlines()[1] == "Disallow: /account/"


def test_log_counts_requests(replica: ReplicaProcess) -> None:
    replica.reset_log()
    get(thread_url(replica))
    get(f"{thread_url(replica)}latest")
    assert [(line["kind"], line["status"], line["agent"]) for line in replica.log()] == [
        ("thread", 200, "test/1"),
        ("trap_latest", 301, "test/1"),
    ]
    assert replica.counters()["kinds"] == {"thread": 1, "trap_latest": 1}


def test_tick_changes_the_pages(replica: ReplicaProcess) -> None:
    before = get(thread_url(replica))[2]
    replica.tick(5)
    later = get(thread_url(replica))[2]
    assert later == Site(replica.world, 5).answer(urlsplit(thread_url(replica)).path, "").body != before
    replica.tick(0)
    assert get(thread_url(replica))[2] == before
    assert get(f"{replica.url}-/replica/nothing")[0] == 404


@pytest.fixture
def spoilt(replica: ReplicaProcess) -> Iterator[ReplicaProcess]:
    yield replica
    replica.faults(0)


def test_every_fault_is_real(spoilt: ReplicaProcess) -> None:
    url = thread_url(spoilt)
    whole = get(url)[2]
    for kind in KINDS:
        spoilt.faults(1, [kind])
        started = time.monotonic()
        if kind.startswith("cut_") and kind != "cut_clean":
            with pytest.raises((http.client.HTTPException, ConnectionError)):
                get(url)
            continue
        status, headers, body = get(url)
        if kind == "slow":
            assert time.monotonic() - started > 1.9
            assert body == whole
        elif kind.isdigit():
            assert (status, headers.get("Retry-After")) == (int(kind), "1" if kind == "429" else None)
        elif kind == "cut_clean":
            assert (status, headers["Content-Length"], body) == (200, str(len(body)), whole[: len(whole) // 2])
        elif kind == "wrong_charset":
            assert (headers["Content-Type"], body) == ("text/html; charset=iso-8859-1", whole)
        elif kind == "redirect_loop":
            hops = [headers["Location"]]
            hops += [get(spoilt.origin + hops[-1])[1]["Location"] for _ in "12" if not hops.append("")] and []
            assert headers["Location"].startswith("/-/loop/")
        else:
            assert (kind, len(body) >= 10 * 1024 * 1024) == ("huge", True)
            assert len(post_ids(lxml_html.document_fromstring(body.decode()))) > 3
    assert set(spoilt.counters()["faults"]) == set(KINDS)


def test_redirect_loop_never_ends(replica: ReplicaProcess) -> None:
    hop, seen = "/-/loop/1", []
    for _ in range(6):
        hop = get(replica.origin + hop)[1]["Location"]
        seen.append(hop)
    assert seen == ["/-/loop/2", "/-/loop/3", "/-/loop/1"] * 2


def test_faults_come_at_their_rate_and_spare_the_controls(spoilt: ReplicaProcess) -> None:
    spoilt.reset_log()
    spoilt.faults(0.3, ["500", "503"])
    url = thread_url(spoilt)
    statuses = [get(url)[0] for _ in range(200)]
    assert 30 <= sum(status != 200 for status in statuses) <= 90
    assert set(statuses) == {200, 500, 503}
    spoilt.faults(1, ["500"])
    assert spoilt.counters()["kinds"]["thread"] == 200
    with pytest.raises(HTTPError):
        spoilt.faults(0.5, ["no such fault"])


def test_command_runs_with_the_forum_and_gives_its_exit_code() -> None:
    code = "import os, urllib.request as u; print(u.urlopen(os.environ['FORUM_URL']).status); raise SystemExit(7)"
    done = subprocess.run(
        [sys.executable, "-m", "tests.replica", "--threads", "20", "--", sys.executable, "-c", code],
        cwd=ROOT, capture_output=True, text=True, timeout=20, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (7, "200\n", "")


def test_signals_reach_the_command() -> None:
    code = (
        "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(5)); print('up', flush=True); "
        "time.sleep(20)"
    )
    with subprocess.Popen(
        [sys.executable, "-m", "tests.replica", "--threads", "20", "--", sys.executable, "-c", code],
        cwd=ROOT, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == b"up\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 5


def test_server_ends_with_its_owner() -> None:
    with ReplicaProcess(threads=20) as process:
        assert process._process is not None
        number = process._process.pid
        assert json.loads(get(f"{process.url}-/replica/state")[2])["tick"] == 0
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)
