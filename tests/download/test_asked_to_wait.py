"""A host that asks to be left alone is left alone: real crawls, and the server's own log."""

from __future__ import annotations

import time

import pytest

from tests.download.server import ROBOTS, Reply, SmallServer, board, index
from tests.e2e.crawling import Site
from tests.replica.process import ReplicaProcess

SLACK = 0.5
"""Seconds in which requests that were already sent may still arrive."""
HOLD = 0.9
"""The replica asks for one second; less is looked at, since two clocks are not one."""
ONCE_MORE = ("-s", "RETRY_BACKOFF=0.01", "-s", "RETRY_TIMES=20")


def too_early(replica: ReplicaProcess) -> tuple[int, list[float]]:
    """How often the replica asked for a second of rest, and what came within it (seconds after)."""
    log = replica.log()
    asked = [entry["time"] for entry in log if entry["status"] == 429]
    since = [round(entry["time"] - moment, 2) for moment in asked for entry in log]
    return len(asked), [seconds for seconds in since if SLACK < seconds < HOLD]


def test_a_429_holds_back_every_request_to_its_host(site: Site) -> None:
    with ReplicaProcess(threads=10, language="en") as replica:
        replica.faults(0.06, ["429"])
        assert site.crawl(replica.url, *ONCE_MORE, "-s", "CONCURRENT_REQUESTS=4") == 0, site.log()
        assert site.differences(replica) == []
        asked, early = too_early(replica)
    assert asked > 1
    assert early == []


def test_a_429_holds_back_requests_that_wait_for_their_turn_too(site: Site) -> None:
    with ReplicaProcess(threads=10, language="en") as replica:
        replica.faults(0.06, ["429"])
        assert site.crawl(replica.url, *ONCE_MORE, "-s", "DOWNLOAD_DELAY=0.1") == 0, site.log()
        asked, early = too_early(replica)
    assert asked > 1
    assert early == []


def limited(path: str, before: int) -> Reply:
    """A forum of three boards that has had enough at its second."""
    if path == "/":
        return Reply(body=index(1, 2, 3))
    if path == "/forums/b.2/":
        return Reply(429, headers={"Retry-After": "7200"})
    return Reply(body=board(int(path[-2]))) if path.startswith("/forums/") else ROBOTS


def everything_limited(path: str, before: int) -> Reply:
    return ROBOTS if path == "/robots.txt" else Reply(503, headers={"Retry-After": "7200"})


def robots_limited(path: str, before: int) -> Reply:
    return Reply(429, headers={"Retry-After": "7200"})


@pytest.mark.parametrize("choose", [limited, everything_limited, robots_limited])
def test_a_host_that_asks_for_too_long_ends_the_crawl(site: Site, choose: object) -> None:
    began = time.monotonic()
    with SmallServer(choose) as server:  # type: ignore[arg-type]
        assert site.crawl(server.origin, "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=1") == 1
        asked = server.paths()
    log = site.log()
    assert time.monotonic() - began < 30
    assert "asks to be left alone for 7200 s: ending; run the crawl again then" in log
    assert "rate_limited" in log
    assert "Traceback" not in log
    assert len(asked) == len(set(asked)) <= 5
    assert asked.count("/forums/b.2/") == (choose is limited)


def test_a_longer_wait_than_asked_for_is_allowed_by_its_setting(site: Site) -> None:
    def once(path: str, before: int) -> Reply:
        if path == "/forums/b.1/" and not before:
            return Reply(503, headers={"Retry-After": "2"})
        return limited(path, before) if path != "/forums/b.2/" else Reply(body=board(2))

    with SmallServer(once) as server:
        assert site.crawl(server.origin, "-s", "RETRY_AFTER_MAX=2", "-s", "RETRY_BACKOFF=0.01") == 0, site.log()
        first, second = [moment for moment, path in server.asked if path == "/forums/b.1/"]
    assert second - first >= 1.9


def test_an_endless_redirect_is_tried_again_and_then_recorded(site: Site) -> None:
    def loops(path: str, before: int) -> Reply:
        if path == "/":
            return Reply(body=index(1, 2))
        if path == "/forums/b.1/" and before == 1:
            return Reply(body=board(1))
        if path == "/robots.txt":
            return ROBOTS
        return Reply(302, headers={"Location": f"/loop/{before % 3}"})

    with SmallServer(loops) as server:
        options = ("-s", "RETRY_TIMES=2", "-s", "RETRY_BACKOFF=0.01", "-s", "REDIRECT_MAX_TIMES=4")
        assert site.crawl(server.origin, *options) == 0, site.log()
        asked = server.paths()
    assert (asked.count("/forums/b.1/"), asked.count("/forums/b.2/")) == (2, 3)
    (failed,) = site.database["failures"].find()
    assert failed["url"] == f"{server.origin}/forums/b.2/"
    assert (failed["outcome"], failed["tries"], failed["status"]) == ("redirect_loop", 3, 302)
