"""The replica's pages: whole in every version, language and form of address."""

from __future__ import annotations

import pytest
from lxml import html as lxml_html

from forumcrawl.items import Post
from tests.replica.labels import LANGUAGES
from tests.replica.site import Site
from tests.replica.urls import ROUTES
from tests.replica.world import VERSIONS, World
from tests.replica_tests.pages import fetch, of_type, post_ids, split, thread_pages


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("language", "routes"), [*zip(LANGUAGES, [*ROUTES, "plain"], strict=True)])
def test_every_thread_page_holds_its_posts(version: str, language: str, routes: str) -> None:
    site = Site(World(threads=40, version=version, language=language, routes=routes, icon_cards=language == "de"))
    expected: dict[int, set[int]] = {}
    for post in of_type(list(site.world.truth()), Post):
        expected.setdefault(post.thread_id, set()).add(post.post_id)
    for thread_id, ids in expected.items():
        thread = site.routes.moment.find(thread_id)
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
        thread = site.routes.moment.thread(index)
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
    board, urls = site.world.nodes[11], site.world.urls
    rows = fetch(site, urls.of("forums", board.title, 11)).find_class("structItem--thread")
    listing = site.routes.moment.listing(11, 1)
    assert len(rows) == len(listing.sticky) + len(listing.threads)
    beyond = site.answer(*split(urls.of("forums", board.title, 11, "page-999")))
    assert (beyond.status, beyond.headers["Location"].rpartition("/")[2]) == (303, f"page-{listing.pages}")
    wrong = site.answer(*split(urls.of("threads", "other words", listing.threads[0].id)))
    right = urls.absolute(site.routes.parts.thread_path(listing.threads[0]))
    assert (wrong.status, wrong.headers["Location"]) == (301, right)


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
    thread = next(t for t in map(site.routes.moment.thread, range(6, 40)) if site.routes.moment.pages(t) > 1)
    pages = ["/", site.world.urls.of("forums", site.world.nodes[11].title, 11), site.routes.parts.thread_path(thread)]
    paths = {href for page in pages for href in fetch(site, page).xpath("//a/@href") if href.startswith("/")}
    answers = {path: site.answer(*split(path)) for path in paths - refused}
    assert {path: a.status for path, a in answers.items() if a.status not in (200, 301)} == {}
    traps = {answer.kind for answer in answers.values() if answer.kind.startswith("trap_")}
    assert traps >= {"trap_latest", "trap_post", "trap_login", "trap_whats_new", "trap_search", "trap_forum_filter"}
