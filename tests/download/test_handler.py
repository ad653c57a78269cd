"""What the server was asked for, and what the crawl knows of it."""

from __future__ import annotations

from tests.download.server import ROBOTS, Reply, SmallServer, board, index
from tests.e2e.crawling import Site


def cut_once(path: str, before: int) -> Reply:
    """A forum of a board whose first answer is a connection that ends, one that was kept from the front page."""
    if path == "/":
        return Reply(body=index(1))
    if path == "/forums/b.1/":
        if not before:
            raise ConnectionAbortedError
        return Reply(body=board(1))
    return ROBOTS


def test_each_request_that_the_server_sees_is_a_try_that_is_counted(site: Site) -> None:
    with SmallServer(cut_once) as server:
        options = ("-s", "CONCURRENT_REQUESTS_PER_DOMAIN=1", "-s", "RETRY_BACKOFF=0.01")
        assert site.crawl(server.origin, *options) == 0, site.log()
        asked = server.paths()
    run = site.database["runs"].find_one()
    assert run is not None
    host = server.origin.removeprefix("http://")
    assert asked.count("/forums/b.1/") == 2
    assert run["stats"][f"requests/{host}"] == len(asked)
    assert sum(count for name, count in run["stats"].items() if name.startswith("retries/")) == 1
