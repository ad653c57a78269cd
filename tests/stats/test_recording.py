"""What is told of a crawl while it runs and afterwards, against the server's log and the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from forumcrawl.stats.runs import RunView
from forumcrawl.stats.vocabulary import undeclared
from tests.replica.process import ReplicaProcess
from tests.stats.recording import Told, Watched, answered
from tests.storage import until

SOON = 20.0


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Watched, RunView]]:
    """A crawl that two workers did, with faults, and what `scrapy status` said in its middle."""
    replica = ReplicaProcess(threads=30, language="ar", fault_rate=0.05, delay=0.05)
    with Watched(tmp_path_factory.mktemp("crawled"), replica) as watched:
        workers = [watched.start("STATS_POINT_INTERVAL=1") for _ in range(2)]
        until(lambda: any(view.totals.get("pages") for view in watched.views()), SOON)
        (middle,) = watched.views()
        assert [worker.wait(60) for worker in workers] == [0, 0], watched.log()
        yield watched, middle


@pytest.fixture(scope="module")
def shown(crawled: tuple[Watched, RunView]) -> Told:
    """What `scrapy runs show` says of it."""
    return crawled[0].told("runs", "show", "last")


def test_in_the_middle_the_run_is_told_as_it_goes_on(crawled: tuple[Watched, RunView]) -> None:
    run = crawled[1]
    assert (run.state, run.reason, run.ended_at) == ("running", None, None)
    assert (run.spider, run.arguments["forum"]) == ("forum", crawled[0].replica.forum)
    assert all(worker.alive for worker in run.workers)
    assert run.stats["disk/free"] > 0
    assert run.stats["queue/waiting"] + run.stats["queue/in_flight"] > 0


def test_at_the_end_answers_are_those_of_the_server(crawled: tuple[Watched, RunView], shown: Told) -> None:
    server = crawled[0].replica.counters()
    assert answered(shown) == Counter(server["statuses"])
    assert server["faults"]


def test_at_the_end_items_are_those_of_the_database(crawled: tuple[Watched, RunView], shown: Told) -> None:
    new = {kind: shown["items"][kind]["new"] for kind in ("boards", "threads", "posts", "members")}
    assert new == crawled[0].documents()


def test_pages_are_told_by_kind(crawled: tuple[Watched, RunView], shown: Told) -> None:
    assert shown["pages"]["board_index"] == 1
    asked = Counter(line["kind"] for line in crawled[0].replica.log() if line["status"] == 200 and not line["fault"])
    assert shown["pages"]["thread"] >= asked["thread"] - sum(shown["outcomes"].values())
    assert shown["pages"]["thread_list"] <= asked["forum"]


def test_the_run_is_one_with_two_workers_that_finished(crawled: tuple[Watched, RunView], shown: Told) -> None:
    (run,) = crawled[0].told("runs")["runs"]
    assert (run["run"], run["state"], run["reason"]) == (shown["run"], "ended", "finished")
    assert [worker["reason"] for worker in shown["workers"]] == ["finished", "finished"]
    ids = {worker["run_id"] for worker in shown["workers"]}
    assert set(crawled[0].database["posts"].distinct("run_id")) <= ids


def test_every_name_that_a_crawl_counts_is_declared(shown: Told) -> None:
    assert undeclared(shown["stats"]) == []
    counted = {name.partition("/")[0] for name in shown["stats"]}
    assert {"pages", "items", "status", "latency", "bytes", "filled", "objects", "time", "publishing"} <= counted


def test_times_of_hosts_and_steps_are_told(crawled: tuple[Watched, RunView], shown: Told) -> None:
    (host,) = shown["hosts"].values()
    assert host["p50"] >= 0.05
    assert host["p50"] <= host["p95"] <= host["p99"]
    assert host["bytes"] > 10_000
    assert set(shown["time"]) == {"download", "parse", "store"}


def test_the_history_rises_to_the_end(shown: Told) -> None:
    pages = [sum(count for name, count in point.items() if name.startswith("pages/")) for point in shown["points"]]
    assert len(pages) >= 3
    assert pages == sorted(pages)
    assert pages[-1] == shown["totals"]["pages"]
    assert not any(name.startswith(("latency/", "filled/", "status/")) for name in shown["points"][-1])


def test_errors_are_shown_with_the_page_that_led_to_them(crawled: tuple[Watched, RunView], shown: Told) -> None:
    kinds = [group["kind"] for group in shown["error_groups"]]
    assert "not_found" in kinds
    number = kinds.index("not_found") + 1
    code, page, _ = crawled[0].said("runs", "page", shown["run"], str(number))
    assert code == 0
    assert 'data-template="error"' in page
    assert shown["error_groups"][number - 1]["count"] == crawled[0].replica.counters()["statuses"]["404"]


def test_a_run_does_not_differ_from_itself(crawled: tuple[Watched, RunView], shown: Told) -> None:
    code, text, _ = crawled[0].said("runs", "compare", "last", shown["job"])
    assert code == 0
    assert text.splitlines()[1:] == ["nothing differs significantly"]


def test_the_memory_of_a_run_that_ended_is_given_back(crawled: tuple[Watched, RunView]) -> None:
    watched = crawled[0]
    assert watched.redis("hlen", "forumcrawl:{runs}:live") == 0
    assert 0 < watched.redis("pttl", f"forumcrawl:{{runs}}:of:{watched.told('runs')['runs'][0]['run']}") <= 3_600_000


def test_a_killed_crawl_is_shown_as_crashed_and_going_on_is_a_run_of_its_own(tmp_path: Path) -> None:
    with Watched(tmp_path, ReplicaProcess(threads=30, delay=0.1)) as watched:
        worker = watched.start()
        until(lambda: any(view.totals.get("pages", 0) > 5 for view in watched.views()), SOON)
        (before,) = watched.views()
        worker.kill()
        worker.wait()
        (run,) = watched.told("status")["runs"]
        assert (run["state"], run["reason"]) == ("crashed", "crashed")
        assert run["totals"]["pages"] >= before.totals["pages"]
        (kept,) = watched.told("runs")["runs"]
        assert (kept["state"], kept["totals"]) == ("crashed", run["totals"])

        assert watched.crawl() == 0, watched.log()
        newest, crashed = watched.told("runs")["runs"]
        assert (newest["state"], crashed["state"]) == ("ended", "crashed")
        assert newest["job"] == crashed["job"]
        assert newest["run"] != crashed["run"]


def test_a_crawl_under_scrapys_own_scheduler_is_recorded_too(tmp_path: Path) -> None:
    with Watched(tmp_path, ReplicaProcess(threads=10)) as watched:
        assert watched.crawl("SCHEDULER=scrapy.core.scheduler.Scheduler") == 0, watched.log()
        shown = watched.told("runs", "show", "last")
        assert (shown["job"], shown["state"], shown["reason"]) == (None, "ended", "finished")
        assert answered(shown) == Counter(watched.replica.counters()["statuses"])


def test_a_run_that_is_not_there_is_said_in_a_line(crawled: tuple[Watched, RunView]) -> None:
    assert crawled[0].said("runs", "show", "nosuch") == (1, "", "there is no run 'nosuch': scrapy runs lists them\n")
    assert crawled[0].said("runs", "compare", "last")[0] == 2
    assert crawled[0].said("status", "nosuch")[0] == 2


def test_people_are_told_what_programs_are(crawled: tuple[Watched, RunView], shown: Told) -> None:
    watched = crawled[0]
    code, text, _ = watched.said("status")
    assert code == 0
    assert f"{shown['run']} (ended, finished)" in text
    assert f"thread {shown['pages']['thread']}" in text
    posts = next(line.split() for line in text.splitlines() if line.startswith("posts "))
    assert posts[1] == f"{watched.documents()['posts']:,}"
    code, text, _ = watched.said("runs")
    assert [line.split()[0] for line in text.splitlines()] == ["run", shown["run"]]
