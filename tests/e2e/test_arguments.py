"""What is crawled is what was asked for: the arguments against the log of the server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.download.server import ROBOTS, Reply, SmallServer, board, index, node
from tests.e2e.crawling import Document, Site
from tests.replica.compare import compare
from tests.replica.process import ReplicaProcess
from tests.replica.threads import MOVED

QUICK = ("-s", "RETRY_TIMES=0")


def small(**world: object) -> ReplicaProcess:
    return ReplicaProcess(**{"threads": 15, "language": "en", **world})  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def started() -> Iterator[ReplicaProcess]:
    with small() as replica:
        yield replica


@pytest.fixture
def replica(started: ReplicaProcess) -> ReplicaProcess:
    """One replica for all tests that need nothing special of it; its log is empty."""
    started.reset_log()
    return started


def asked(replica: ReplicaProcess, route: str) -> list[int]:
    """Ids of the things of a route that were requested, once a request."""
    urls, found = replica.world.urls, []
    for entry in replica.log():
        path, _, query = entry["path"].partition("?")
        if (thing := urls.ask(path, query)).route == route and thing.id is not None:
            found.append(thing.id)
    return found


def listed(replica: ReplicaProcess, *boards: int, since: datetime = datetime(2000, 1, 1, tzinfo=UTC)) -> set[int]:
    """Ids of the threads that these boards list (all: none named), with a last post not before a moment."""
    moment = replica.world.at(0)
    threads = [moment.thread(number) for number in range(moment.total)]
    own = [each for each in threads if not boards or each.board in boards]
    return {each.id for each in own if moment.last_post_at(each) >= since}


def readable(replica: ReplicaProcess, threads: set[int]) -> set[int]:
    moment = replica.world.at(0)
    return {number for number in threads if (found := moment.find(number)) and moment.readable(found)}


def address(replica: ReplicaProcess, route: str, number: int, tail: str = "") -> str:
    """Where a board or a thread is linked."""
    world = replica.world
    thread = world.at(0).find(number)
    title = world.nodes[number].title if route == "forums" else thread.title if thread else ""
    return world.urls.absolute(world.urls.of(route, title, number, tail))


# --- which threads -------------------------------------------------------------------------------------------------


def test_boards_are_found_wherever_they_stand_and_no_other_is_read(site: Site, replica: ReplicaProcess) -> None:
    assert site.crawl(replica.url, "-a", "boards=12,21") == 0, site.log()
    wanted = listed(replica, 12, 21)
    assert set(asked(replica, "threads")) == wanted
    assert set(site.database["posts"].distinct("thread_id")) == readable(replica, wanted)
    assert {12, 21} <= set(asked(replica, "forums"))
    assert set(site.database["boards"].distinct("board_id")) > {11, 12, 20, 21}


def test_a_board_that_is_nowhere_is_looked_for_once_in_each(site: Site) -> None:
    with small(threads_per_page=2) as replica:
        assert site.crawl(replica.url, "-a", "boards=999") == 0, site.log()
        assert asked(replica, "threads") == []
        assert set(Counter(asked(replica, "forums")).values()) == {1}
    assert site.database["threads"].count_documents({}) == 0


def test_max_threads_is_how_many_are_read(site: Site) -> None:
    with small(threads_per_page=2) as replica:
        assert site.crawl(replica.url, "-a", "max_threads=3", "-a", "boards=13,11") == 0, site.log()
        first = set(asked(replica, "threads"))
        assert len(first) == 3
        assert first <= listed(replica, 11, 13)
        replica.reset_log()
        assert site.crawl(replica.url, "-a", "max_threads=2", "-a", "boards=13,11") == 0, site.log()
        second = set(asked(replica, "threads"))
        assert len(second) == 2
        assert not first & second


def test_since_reads_what_was_written_to_since_then(site: Site) -> None:
    with small(threads=30, threads_per_page=2) as replica:
        since = datetime(2021, 1, 1, tzinfo=UTC)
        recent = listed(replica, since=since)
        assert site.crawl(replica.url, "-a", "since=2021-01-01") == 0, site.log()
        detour = {replica.world.threads_model.id_of(index) for index in (MOVED, MOVED - 1)}
        # A moved thread's row tells no time, so it is followed.
        assert set(asked(replica, "threads")) - detour == recent
        assert 0 < len(recent) < replica.world.threads / 2
        lists = len(asked(replica, "forums"))
        replica.reset_log()
        assert site.crawl(replica.url, "-a", "since=2000-01-01") == 0, site.log()
        assert lists < len(asked(replica, "forums"))
        assert site.differences(replica) == []


def test_members_are_asked_for_once_each(site: Site, replica: ReplicaProcess) -> None:
    assert site.crawl(replica.url) == 0, site.log()
    assert asked(replica, "members") == []
    replica.reset_log()
    assert site.crawl(replica.url, "-a", "members=1", "-a", "full=1") == 0, site.log()
    pages = Counter(asked(replica, "members"))
    writers = {number for number in site.database["posts"].distinct("author.member_id") if number is not None}
    assert set(pages) == writers
    assert max(pages.values()) == 1
    assert site.differences(replica, member_pages=True) == []


# --- where it starts -----------------------------------------------------------------------------------------------


def test_a_board_may_be_where_the_crawl_starts(site: Site, replica: ReplicaProcess) -> None:
    assert site.crawl(address(replica, "forums", 11)) == 0, site.log()
    wanted = listed(replica, 11, 12)  # 12 stands in 11
    assert set(asked(replica, "threads")) == wanted
    assert set(site.database["posts"].distinct("thread_id")) == readable(replica, wanted)
    assert site.database["posts"].distinct("forum") == [replica.forum]


@pytest.mark.parametrize("routes", ["indexphp", "base"])
def test_a_page_of_a_thread_may_be_where_the_crawl_starts(site: Site, routes: str) -> None:
    with small(routes=routes, posts_per_page=3) as replica:
        moment = replica.world.at(0)
        threads = [moment.thread(index) for index in range(moment.total)]
        thread = next(each for each in threads if moment.readable(each) and 3 < moment.posts(each) < 30)
        assert site.crawl(address(replica, "threads", thread.id, "page-2")) == 0, site.log()
        assert set(asked(replica, "threads")) == {thread.id}
        assert asked(replica, "forums") == []
        stored = list(site.database["posts"].find())
    assert len(stored) == moment.posts(thread)
    assert {post["forum"] for post in stored} == {replica.forum}


def test_the_environment_may_name_the_forum(site: Site, replica: ReplicaProcess) -> None:
    assert site.crawl("", environment={"FORUM_URL": replica.url}) == 0, site.log()
    assert site.differences(replica) == []


def no_start(site: Site, url: str, *options: str) -> Document:
    """The one failure that a crawl without a start records, after it has told so in one line."""
    assert site.crawl(url, *QUICK, *options) == 1, site.log()
    said = [line for line in site.log().splitlines() if "There is no forum to crawl here" in line]
    assert len(said) == 1
    (failed,) = site.database["failures"].find()
    assert failed["url"] == url
    assert failed["outcome"]
    assert failed["reason"]
    assert said[0].endswith(f": {failed['outcome']}: {failed['reason']}")
    assert url in said[0]
    assert next(site.documents(), None) is None
    return failed


@pytest.mark.parametrize(("number", "outcome"), [(34, "unrecognised"), (33, "login_required"), (31, "forbidden")])
def test_a_start_that_holds_no_forum_is_told_and_recorded(
    site: Site, replica: ReplicaProcess, number: int, outcome: str
) -> None:
    failed = no_start(site, address(replica, "forums", number))
    assert asked(replica, "forums") == [number]
    assert failed["outcome"] == outcome
    assert "Traceback" not in site.log()
    assert site.database["pages_unparsed"].count_documents({}) == (outcome == "unrecognised")


def test_a_start_that_robots_txt_closes_is_told_and_recorded(site: Site, replica: ReplicaProcess) -> None:
    failed = no_start(site, f"{replica.url}account/")
    assert [entry["kind"] for entry in replica.log()] == ["robots"]
    assert failed["outcome"] == "robots"


def test_a_start_where_nobody_listens_is_told_and_recorded(site: Site) -> None:
    with small() as replica:
        origin = replica.origin
    assert no_start(site, f"{origin}/", "-s", "RETRY_BACKOFF=0.01")["outcome"] == "connection"


# --- forums apart --------------------------------------------------------------------------------------------------


def two_forums(path: str, before: int) -> Reply:
    """Two forums on one host; the first lists a board of the second, and of one whose path begins alike."""
    if path in ("/a/", "/b/"):
        others = node(8, "/b/forums/b.8/") + node(9, "/ab/forums/b.9/") if path == "/a/" else ""
        return Reply(body=index(1, base=path, elsewhere=others))
    return Reply(body=board(1)) if path.endswith("/forums/b.1/") else ROBOTS


def test_two_forums_on_one_host_stay_apart(site: Site) -> None:
    with SmallServer(two_forums) as server:
        host = server.origin.removeprefix("http://")
        assert site.crawl(f"{server.origin}/a/") == 0, site.log()
        assert server.paths() == ["/robots.txt", "/a/", "/a/forums/b.1/"]
        assert site.crawl(f"{server.origin}/b/") == 0, site.log()
        assert server.paths()[3:] == ["/robots.txt", "/b/", "/b/forums/b.1/"]
    keys = {(each["_id"], each["forum"]) for each in site.database["boards"].find({"board_id": 1})}
    assert keys == {(f"{host}/{name}/board/1", f"{host}/{name}") for name in ("a", "b")}


def test_two_crawls_at_once_into_one_home_both_reach_their_truth(site: Site) -> None:
    with small(routes="base") as one, small(language="ar", seed=2) as other:
        processes = [site.start(replica.url) for replica in (one, other)]
        try:
            assert [process.wait(90) for process in processes] == [0, 0], site.log()
        finally:
            for process in processes:
                process.kill()
                process.wait()
        assert one.forum.endswith("/forum")
        for replica in (one, other):
            documents = [each for each in site.documents() if each["forum"] == replica.forum]
            assert all(each["_id"].startswith(f"{replica.forum}/") for each in documents)
            assert compare(replica.world.truth(), documents, allowed_extra=replica.world.row_only_keys()) == []
        assert {each["forum"] for each in site.documents()} == {one.forum, other.forum}
