"""The pace to a host, whoever asks. With turns given an hour ahead, a test sees them all and waits for none."""

from __future__ import annotations

import asyncio
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest

from forumcrawl.frontier.bands import Band
from forumcrawl.frontier.pace import Pace, Told
from forumcrawl.frontier.streams import Delivery
from tests.frontier.conftest import OpenJobs
from tests.frontier.open_job import OpenJob, page

_ROUNDING = 1  # the script tells whole milliseconds


def _ahead(open_job: OpenJobs, pages: int = 20, **pace: Any) -> OpenJob:
    """A job that gives the turns of the next hour, with pages of the host "h"."""
    job = open_job(Pace(ahead=3600, **pace))
    job.join("one", "two")
    job.push(*(page(f"p{number}") for number in range(pages)))
    return job


def _at(delivery: Delivery) -> float:
    """The moment of its turn by the server's clock (ms), of which its id is made."""
    return int(delivery.id.partition(b"-")[0]) + 1000 * delivery.wait


def test_many_greedy_workers_keep_the_pace_together(open_job: OpenJobs) -> None:
    job = open_job(Pace(delay=0.02))
    job.join("one", "two", "three")
    job.push(*(page(f"p{number}") for number in range(50)))
    given: list[Delivery] = []

    async def ask(worker: str) -> None:
        while len(given) < 50:
            given.extend((await job.streams.turn(worker, 7)).deliveries)

    async def main() -> None:
        async with asyncio.timeout(30):
            await asyncio.gather(ask("one"), ask("two"), ask("three"))

    job.do(main())
    turns = sorted(map(_at, given))
    assert len({each.request for each in given}) == 50
    assert min(later - earlier for earlier, later in pairwise(turns)) >= 20 - _ROUNDING


def test_turns_are_given_in_time_and_not_before(open_job: OpenJobs) -> None:
    job = open_job(Pace(delay=0.1, ahead=0.25))
    job.join("one")
    job.push(*(page(f"p{number}") for number in range(9)))
    assert [each.wait for each in job.given("one", 9)] == pytest.approx([0, 0.1, 0.2], abs=0.001)
    turn = job.turn("one", 9)
    assert not turn.deliveries or turn.deliveries[0].wait <= 0.25
    assert turn.due_in is not None
    assert 0 < turn.due_in <= 0.4


def test_without_a_pace_all_is_given_at_once(open_job: OpenJobs) -> None:
    job = open_job(Pace(delay=0))
    job.join("one")
    job.push(*(page(f"p{number}") for number in range(100)))
    assert {(each.wait, each.gap) for each in job.given("one", 100)} == {(0, 0)}


@pytest.mark.parametrize(("delay", "crawl", "gap"), [(0, 5, 5), (1, 5, 5), (10, 5, 10)])
def test_crawl_delay(open_job: OpenJobs, delay: float, crawl: float, gap: float) -> None:
    job = _ahead(open_job, delay=delay)
    given = job.given("one", 3, {"h": Told(crawl=crawl)}) + job.given("two", 3)
    assert {each.gap for each in given} == {gap}
    assert [later - earlier for earlier, later in pairwise(map(_at, given))] == pytest.approx([1000 * gap] * 5, abs=1)


def test_crawl_delay_of_another_host_is_not_ours(open_job: OpenJobs) -> None:
    job = _ahead(open_job, delay=1)
    assert job.given("one", 1, {"other": Told(crawl=5)})[0].gap == 1


def test_a_host_that_refuses_is_asked_more_slowly_and_recovers(open_job: OpenJobs) -> None:
    job = _ahead(open_job, delay=1)

    def gap(**told: Any) -> float:
        return job.given("one", 1, {"h": Told(**told)})[0].gap

    assert [gap(slow=1), gap(slow=1), gap(slow=2)] == [2, 4, 16]
    assert gap(slow=9) == 60, "the slowest"
    assert gap(ok=1) == 45
    assert [gap(ok=1) for _ in range(14)][-1] == 1
    assert job.host("h")["slow"] < 1000


def test_a_host_without_a_pace_is_slowed_down_too(open_job: OpenJobs) -> None:
    job = _ahead(open_job, delay=0)
    assert job.given("one", 1, {"h": Told(slow=1)})[0].gap == 0.5
    assert job.given("one", 1, {"h": Told(ok=20)})[0].gap == 0


def test_a_slow_host_is_asked_less_often(open_job: OpenJobs) -> None:
    job = _ahead(open_job, delay=0.1, concurrency=2)
    assert job.given("one", 1, {"h": Told(ok=1, latency=4)})[0].gap == 2
    assert job.given("one", 1, {"h": Told(ok=1, latency=0)})[0].gap == pytest.approx(1.4)
    assert job.given("one", 1, {"h": Told(ok=1, latency=0.01)})[0].gap < 1


def test_a_host_of_which_only_pictures_wait_gets_more_while_it_answers_fast(open_job: OpenJobs) -> None:
    job = open_job(Pace(delay=0, light_in_flight=1, fast_in_flight=3))
    job.join("one")
    job.push(*(page(f"p{number}", score=Band.PICTURE.scores[0]) for number in range(20)))

    def more(**told: Any) -> int:
        """How many deliveries a turn brings when all before are done."""
        given = job.given("one", 9, {"h": Told(**told)} if told else None)
        job.acknowledge(*given)
        return len(given)

    assert more() == 1
    assert [more(ok=1, latency=0.3), more()] == [3, 3]
    assert more(fails=1) == 1
    assert more(ok=1, latency=0.3) == 3
    assert more(ok=1, latency=9) == 1


def test_a_busy_worker_leaves_time_between_what_can_wait_and_none_between_pages(open_job: OpenJobs) -> None:
    job = open_job(Pace(delay=0, light_in_flight=3))
    job.join("one")
    job.push(*(page(f"p{number}", "pictures", score=Band.PICTURE.scores[0]) for number in range(5)))
    job.push(*(page(f"t{number}", "pages", score=Band.THREAD.scores[0]) for number in range(5)))
    given = job.given("one", 20, light_gap=2.0)
    assert sorted(each.host for each in given) == ["pages"] * 5 + ["pictures"]
    assert job.given("one", 20, light_gap=2.0) == []
    assert job.host("pictures")["next"] - job.host("pages")["next"] == pytest.approx(2000, abs=50)


def test_what_can_wait_takes_no_more_than_its_room_and_hides_no_page(open_job: OpenJobs) -> None:
    job = open_job(Pace(delay=0))
    job.join("one")
    for host in "abcdef":
        job.push(*(page(f"{host}{number}", host, score=Band.SOURCE.scores[0]) for number in range(3)))
    job.push(*(page(f"t{number}", "pages", score=Band.THREAD.scores[0]) for number in range(5)))
    given = [each.host for each in job.given("one", 6, light_room=2)]
    for _ in range(3):
        given += [each.host for each in job.given("one", 6, light_room=0)]
    assert sum(host != "pages" for host in given) == 2
    assert given.count("pages") == 5


def test_retry_after_holds_the_host(open_job: OpenJobs) -> None:
    job = _ahead(open_job, delay=1)
    job.push(page("elsewhere", "other"))
    given = {each.host: each for each in job.given("one", 2, {"h": Told(slow=1, hold=30)})}
    assert given["h"].wait == pytest.approx(30, abs=0.1)
    assert given["other"].wait == 0
    assert job.host("h")["held"] > 0
    assert job.given("two", 1, {"h": Told(hold=5)})[0].wait > 30, "a shorter hold does not shorten a longer one"


def test_a_held_host_is_not_served(open_job: OpenJobs) -> None:
    job = open_job(Pace(delay=0))
    job.join("one", "two")
    job.push(page("p1"), page("p2"))
    assert len(job.given("one", 1)) == 1
    turn = job.turn("one", 5, {"h": Told(hold=30)})
    assert not turn.deliveries
    assert turn.due_in == pytest.approx(30, abs=0.1)
    job.do(job.streams.leave("one"))
    assert job.given("two", 5) == [], "nor is what somebody else held"


def test_a_host_that_fails_wholesale_is_parked_and_for_longer_each_time(open_job: OpenJobs) -> None:
    job = _ahead(open_job, delay=0.001, park_after=3, park_first=10, park_longest=25)

    def wait(**told: Any) -> float:
        return job.given("one", 1, {"h": Told(**told)})[0].wait

    assert wait(fails=2) < 1
    assert [wait(fails=3) for _ in range(4)] == pytest.approx([10, 20, 25, 25], abs=0.2)
    assert job.host("h")["parked"] > 0


def test_only_failures_in_a_row_park_a_host(open_job: OpenJobs) -> None:
    job = _ahead(open_job, delay=0.001, park_after=3)
    for _ in range(3):
        assert job.given("one", 1, {"h": Told(fails=2)})[0].wait < 1
        assert job.given("one", 1, {"h": Told(ok=1)})[0].wait < 1


def test_a_host_that_answered_is_parked_as_if_for_the_first_time(open_job: OpenJobs) -> None:
    job = _ahead(open_job, delay=0.001, park_after=3, park_first=10)
    for _ in range(2):
        assert job.given("one", 1, {"h": Told(fails=3, ok=1)})[0].wait == pytest.approx(10, abs=0.2)


def test_failures_of_several_workers_add_up(open_job: OpenJobs) -> None:
    job = _ahead(open_job, delay=0.001, park_after=4, park_first=10)
    assert job.given("one", 1, {"h": Told(fails=2)})[0].wait < 1
    assert job.given("two", 1, {"h": Told(fails=2)})[0].wait > 9


def test_requests_in_flight_to_a_host_are_limited(open_job: OpenJobs) -> None:
    job = open_job(Pace(delay=0, in_flight=2))
    job.join("one", "two")
    job.push(*(page(f"p{number}") for number in range(5)), page("elsewhere", "other"))
    given = [each for each in job.given("one", 6) if each.host == "h"]
    assert len(given) == 2
    assert [each.host for each in job.given("two", 6)] in (["other"], [])
    job.acknowledge(given[0])
    assert [each.request for each in job.given("two", 6)] == [b"p2"]
    job.do(job.streams.leave("two"))
    again = job.given("one", 6)
    assert b"p2" in {each.request for each in again if each.again}, "what is taken over was counted before"
    assert job.host("h")["inflight"] == 2


def test_nothing_is_given_while_the_job_is_paused(open_job: OpenJobs) -> None:
    job = open_job(Pace(delay=0))
    job.join("one", "two")
    job.push(page("p1"), page("p2"))
    held = job.given("one", 1)
    job.do(job.streams.leave("one"))
    job.redis.set(job.key("paused"), 1)
    turn = job.turn("two", 5)
    assert (turn.alive, turn.waiting, turn.in_flight, list(turn.deliveries)) == (True, 1, 1, [])
    job.push(page("p3"))
    job.redis.delete(job.key("paused"))
    assert {each.request for each in job.given("two", 5)} == {b"p1", b"p2", b"p3"}
    assert held[0].id in job.pending()


def test_nothing_is_given_of_a_paused_host(open_job: OpenJobs) -> None:
    job = open_job(Pace(delay=0))
    job.join("one")
    job.push(page("p1"), page("p2"), page("elsewhere", "other"))
    given = [each for each in job.given("one", 2) if each.host == "h"]
    job.redis.hset(job.key("host:h"), "paused", 1)
    assert {each.host for each in job.given("one", 5)} <= {"other"}
    job.push(page("p3"))
    job.acknowledge(*given)
    assert job.given("one", 5) == []
    assert job.turn("one").due_in is None


def test_a_reserved_turn_is_nobody_elses(open_job: OpenJobs) -> None:
    job = _ahead(open_job, delay=10)
    waits = [job.do(job.streams.reserve("h")), job.do(job.streams.reserve("h")), job.given("one", 1)[0].wait]
    assert [*waits, job.do(job.streams.reserve("h"))] == pytest.approx([0, 10, 20, 30], abs=0.2)


def test_a_turn_is_reserved_at_a_host_that_has_no_queue(open_job: OpenJobs) -> None:
    job = _ahead(open_job, delay=10)
    assert job.do(job.streams.reserve("new")) == 0
    assert "new" not in job.hosts()
    job.push(page("first", "new"))
    assert {each.host: each.wait for each in job.given("one", 2)}["new"] == pytest.approx(10, abs=0.2)


def test_a_reserved_turn_waits_for_a_host_that_is_held(open_job: OpenJobs) -> None:
    job = _ahead(open_job, delay=1)
    job.turn("one", told={"h": Told(hold=30, crawl=7)})
    waits = [job.do(job.streams.reserve("h")) for _ in range(2)]
    assert waits == pytest.approx([30, 37], abs=0.2)


@pytest.mark.parametrize("want", [5, 10, 20, 35])
def test_hosts_get_equal_shares(open_job: OpenJobs, want: int) -> None:
    job = open_job(Pace(delay=0.001, ahead=3600))
    job.join("one")
    for host in range(10):
        job.push(*(page(f"{host}/{number}", f"h{host}") for number in range(35)))
    shares: Counter[str] = Counter()
    for _ in range(4):
        shares.update(each.host for each in job.given("one", want))
    assert shares.total() == 4 * want
    assert max(shares.values()) - min(shares.values()) <= 4


def test_a_host_with_a_long_queue_does_not_hold_back_others(open_job: OpenJobs) -> None:
    job = open_job(Pace(delay=1))
    job.join("one")
    job.push(*(page(f"long{number}", "long") for number in range(500)))
    job.push(*(page(f"short{number}", f"short{number}") for number in range(5)))
    assert {each.host for each in job.given("one", 6)} == {"long", *(f"short{number}" for number in range(5))}
    assert job.given("one", 6) == []
