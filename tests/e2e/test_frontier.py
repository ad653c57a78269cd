"""One crawl shared by several workers, taken up again, and without its Redis."""

from __future__ import annotations

from pathlib import Path

import pytest
from redis import Redis

from tests.e2e.crawling import Site
from tests.replica.process import ReplicaProcess
from tests.servers import ValkeyServer

TOGETHER = ("-a", "job=together")


def test_two_workers_share_a_forum(site: Site) -> None:
    with ReplicaProcess(threads=60, language="ar", delay=0.1) as replica:
        workers = [site.start(replica.url, *TOGETHER, "-s", f"USER_AGENT=worker {number}") for number in range(2)]
        assert [worker.wait(120) for worker in workers] == [0, 0], site.log()
        assert site.differences(replica) == []
        pages = [line for line in replica.log() if line["kind"] != "robots"]
    at_work = {agent: sum(line["agent"] == agent for line in pages) for agent in ("worker 0", "worker 1")}
    assert min(at_work.values()) > len(pages) / 10, at_work


def test_a_number_of_threads_is_that_of_all_workers_together(site: Site) -> None:
    with ReplicaProcess(threads=60, language="en", delay=0.02) as replica:
        workers = [site.start(replica.url, *TOGETHER, "-a", "max_threads=7") for _ in range(2)]
        assert [worker.wait(120) for worker in workers] == [0, 0], site.log()
    assert site.database["thread_reads"].count_documents({}) == 7


def test_a_killed_crawl_goes_on_and_asks_for_nothing_it_has_done(site: Site) -> None:
    with ReplicaProcess(threads=60, language="ar", delay=0.01) as replica:
        process = site.start(replica.url)
        site.wait_for_posts(process, 300)
        process.kill()
        process.wait()
        before = {line["path"] for line in replica.log()}
        replica.reset_log()
        assert site.crawl(replica.url) == 0, site.log()
        after = {line["path"] for line in replica.log()}
        assert site.differences(replica) == []
    assert "(joined), frontier at" in site.log()
    assert "/" not in after
    # What is asked for again is what was under way: the requests of one worker at the most.
    assert len(before & after - {"/robots.txt"}) <= 64


def test_scrapys_own_scheduler_still_works(site: Site) -> None:
    with ReplicaProcess(threads=20, language="en") as replica:
        assert site.crawl(replica.url, "-s", "SCHEDULER=scrapy.core.scheduler.Scheduler") == 0, site.log()
        assert site.differences(replica) == []
    assert not (site.home / "redis").exists()


def test_scrapys_own_scheduler_keeps_the_pace_too(site: Site) -> None:
    scheduler = ("-s", "SCHEDULER=scrapy.core.scheduler.Scheduler", "-s", "DOWNLOAD_DELAY=0.5")
    with ReplicaProcess(threads=15, language="en") as replica:
        assert site.crawl(replica.url, "-a", "max_threads=1", "-a", "boards=11", *scheduler) == 0, site.log()
        times = [line["time"] for line in replica.log()]
    assert len(times) > 3
    assert times[-1] - times[0] > 0.45 * (len(times) - 1)


def test_two_forums_at_once_are_two_jobs(site: Site) -> None:
    worlds = [{"threads": 20, "language": "ar"}, {"threads": 20, "language": "en", "version": "2.1"}]
    with ReplicaProcess(**worlds[0]) as first, ReplicaProcess(**worlds[1]) as second:  # type: ignore[arg-type]
        crawls = [site.start(replica.url) for replica in (first, second)]
        assert [crawl.wait(120) for crawl in crawls] == [0, 0], site.log()
        stored = list(site.documents())
        for replica in (first, second):
            own = [each for each in stored if each["forum"] == replica.forum]
            assert len(own) >= len(list(replica.world.truth()))
    assert {each["forum"] for each in stored} == {first.forum, second.forum}


def test_redis_away_for_good_ends_the_crawl_and_the_next_one_completes_it(site: Site, tmp_path: Path) -> None:
    with ValkeyServer(tmp_path / "valkey") as valkey, ReplicaProcess(threads=60, language="ar", delay=0.01) as replica:
        named = {"REDIS_URL": valkey.url}
        process = site.start(replica.url, "-s", "FRONTIER_PATIENCE=3", environment=named)
        site.wait_for_posts(process, 100)
        with Redis.from_url(valkey.url) as client:
            client.waitaof(1, 0, 5_000)
        valkey.kill()
        assert process.wait(60) == 1, site.log()
        assert "frontier_unavailable" in site.log()
        valkey.start()
        assert site.crawl(replica.url, environment=named) == 0, site.log()
        assert site.differences(replica) == []


@pytest.mark.parametrize(
    ("environment", "options", "said"),
    [
        (
            {"REDIS_URL": "redis://reader:secret@127.0.0.1:9/0"},
            (),
            "cannot use the Redis at redis://***@127.0.0.1:9/0 (",
        ),
        ({}, ("-a", "job=a b"), "job='a b' is no name of a job"),
    ],
)
def test_what_cannot_start_is_one_line(
    site: Site, environment: dict[str, str], options: tuple[str, ...], said: str
) -> None:
    assert site.crawl("http://127.0.0.1:9/", *options, environment=environment, timeout=30) in (1, 2)
    assert site.log().startswith(said)
    assert site.log().count("\n") == 1


def test_a_job_about_something_else_is_not_joined(site: Site) -> None:
    with ReplicaProcess(threads=300, language="en", delay=0.3) as replica:
        process = site.start(replica.url, *TOGETHER)
        site.wait_for_posts(process, 1)
        assert site.crawl(replica.url, *TOGETHER, "-a", "boards=11") == 1
        process.kill()
        process.wait()
    assert "job='together' is unfinished and about something else (forum=" in site.log()
