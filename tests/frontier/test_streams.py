"""Single steps of the frontier that its model test does not tell apart: who holds what, and what is left behind."""

from __future__ import annotations

import pytest

from forumcrawl.frontier.pace import Told
from forumcrawl.frontier.scripts import script
from forumcrawl.frontier.streams import Burial
from tests.frontier.open_job import OpenJob, page


def test_what_a_worker_left_goes_to_others_at_once(job: OpenJob) -> None:
    job.push(page("p1"), page("p2"))
    held = job.given("one", 2)
    assert job.given("two", 2) == []
    job.do(job.streams.leave("one"))
    again = job.given("two", 2)
    assert [(each.id, each.host, each.request, each.again) for each in again] == [
        (each.id, each.host, each.request, True) for each in held
    ]
    assert not job.turn("one").alive
    assert job.counts()["redelivered"] == 2


def test_a_worker_that_was_silent_and_not_missed_goes_on(job: OpenJob) -> None:
    job.push(page("p1"))
    job.given("one", 1)
    job.silence("one")
    assert job.turn("one").alive
    assert job.given("two", 1) == []


def test_a_worker_that_was_given_up_is_told_so_and_may_still_finish(job: OpenJob) -> None:
    job.push(page("p1"))
    (held,) = job.given("one", 1)
    job.silence("one")
    assert [each.id for each in job.given("two", 1)] == [held.id]
    assert not job.turn("one", 5, begun=[held.id]).alive
    job.acknowledge(held)
    assert (job.pending(), job.queue("h"), job.counts()["acknowledged"]) == ({}, [], 1)


def test_a_request_that_was_never_started_is_not_blamed(job: OpenJob) -> None:
    job.push(page("p1"))
    job.given("one", 1)
    for silent, heir in (("one", "two"), ("two", "one")) * 4:
        job.silence(silent)
        assert [each.starts for each in job.given(heir, 1)] == [0]
        job.join(silent)
    assert not job.dead()


def test_a_request_that_ends_its_workers_is_dead_with_its_history(job: OpenJob) -> None:
    job.push(page("killer"), page("neighbour"))
    killer, neighbour = job.given("one", 2)
    for worker, heir in (("one", "two"), ("two", "three"), ("three", "four")):
        job.turn(worker, begun=[killer.id])
        job.do(job.streams.leave(worker))
        job.join(heir)
        assert neighbour.id in {each.id for each in job.given(heir, 5)}
    assert job.pending() == {neighbour.id: "four"}
    letter = job.dead()[killer.id]
    assert (letter["host"], letter["request"]) == ("h", "killer")
    assert letter["reason"] == "started 3 times and never finished"
    assert [start.partition("@")[0] for start in letter["history"].split(";")] == ["one", "two", "three", ""]
    assert job.host("h")["inflight"] == 1


def test_back_after_the_server_was_away_the_others_get_a_moment(job: OpenJob) -> None:
    job.push(page("p1"), page("p2"))
    one, two = job.given("one", 1)[0], job.given("two", 1)[0]
    job.silence("one")
    job.silence("two")
    assert job.turn("one", join=2).alive
    assert job.given("one", 5) == []
    assert job.turn("two", join=2).alive
    assert job.pending() == {one.id: "one", two.id: "two"}


def test_who_left_gets_no_such_moment(job: OpenJob) -> None:
    job.push(page("p1"))
    job.given("two", 1)
    job.do(job.streams.leave("two"))
    job.turn("one", join=2)
    assert len(job.given("one", 5)) == 1


def test_what_a_worker_does_not_know_of_goes_to_others(job: OpenJob) -> None:
    """As after a turn whose answer was lost."""
    job.push(page("known"), page("unheard"), page("other"))
    known, unheard = job.given("one", 2)
    (other,) = job.given("two", 1)
    assert job.do(job.streams.keep("one", [known.id, other.id, b"1-1"])) == {other.id, b"1-1"}
    assert [(each.id, each.again) for each in job.given("one", 5)] == [(unheard.id, True)]
    assert job.pending() == {known.id: "one", unheard.id: "one", other.id: "two"}


def test_one_can_be_kept_by_nobody_before_there_is_a_job(job: OpenJob) -> None:
    job.redis.delete(job.key("deliveries"))
    assert job.do(job.streams.keep("one", [b"1-1"])) == {b"1-1"}


def test_a_request_that_could_not_be_queued_is_a_dead_letter(job: OpenJob) -> None:
    job.do(job.streams.settle((), (), [Burial(b"", "h", b"<GET http://h/>", "why")] * 2))
    assert [(each["request"], each["reason"]) for each in job.dead().values()] == [("<GET http://h/>", "why")] * 2
    assert job.counts()["dead"] == 2


def test_a_delivery_that_is_done_cannot_die(job: OpenJob) -> None:
    job.push(page("p1"))
    (held,) = job.given("one", 1)
    job.acknowledge(held)
    job.do(job.streams.settle((), (), [Burial(held.id, "h", held.request, "too late")]))
    assert not job.dead()


def test_any_bytes_may_be_a_request(job: OpenJob) -> None:
    """Lua and its JSON must not stumble over what no forum should send."""
    texts = [b"\xff\x00\r\n", "منتدى".encode(), b'"\\;@', b"x" * 100_000]
    for number, text in enumerate(texts):
        job.push(page(f"p{number}"))
        job.redis.zadd(job.key("queue:h"), {text: number})
        job.redis.zrem(job.key("queue:h"), f"p{number}")
    given = job.given("one", 10)
    assert [each.request for each in given] == texts
    job.do(job.streams.settle((), (), [Burial(each.id, each.host, each.request, "why") for each in given]))
    assert (len(job.redis.hgetall(job.key("dead"))), job.pending()) == (len(texts), {})


def test_workers_tell_where_they_run(job: OpenJob) -> None:
    job.do(job.streams.introduce("one", {"pid": 1}))
    job.do(job.streams.introduce("two", {"pid": 2}))
    assert job.do(job.streams.workers()) == {"one": {"pid": 1}, "two": {"pid": 2}}
    job.do(job.streams.leave("two"))
    job.given("one", 1)
    assert job.do(job.streams.workers()) == {"one": {"pid": 1}}


def test_a_shared_choice_keeps_to_its_limit(job: OpenJob) -> None:
    def choose(*members: str, limit: int = 3) -> tuple[list[str], int]:
        return job.do(job.streams.choose("threads", members, limit))

    assert choose("a", "b") == (["a", "b"], 2)
    assert choose("b", "c", "d") == (["b", "c"], 3)
    assert choose("d", "a") == (["a"], 3)
    assert choose("d", limit=0) == (["d"], 4)
    assert job.do(job.streams.choose("others", ["a"], 1)) == (["a"], 1)


def test_a_job_with_something_left_is_not_finished(job: OpenJob) -> None:
    job.push(page("p1"))
    assert job.do(job.streams.finish()) == {}
    job.given("one", 1)
    assert job.do(job.streams.finish()) == {}
    assert job.pending()


def test_a_finished_job_leaves_its_counts_and_its_dead(job: OpenJob) -> None:
    job.push(page("p1"), page("p2", "other"), page("p1"))
    done, failed = job.given("one", 2)
    job.do(job.streams.choose("threads", ["a"]))
    job.do(job.streams.introduce("one", {}))
    job.turn("one", begun=[done.id], told={"h": Told(ok=1, crawl=0.0)})
    job.acknowledge(done)
    job.do(job.streams.settle((), (), [Burial(failed.id, failed.host, failed.request, "why")]))
    job.do(job.streams.leave("one"))
    job.do(job.streams.leave("two"))
    counts = job.do(job.streams.finish())
    assert (counts.pop("began") > 0, counts) == (
        True,
        {"pushed": 3, "filtered": 1, "waiting": 0, "delivered": 2, "acknowledged": 1, "dead": 1},
    )
    assert job.keys() == {"dead"}
    assert job.do(job.streams.finish()) == {}


def test_what_was_told_of_a_host_that_was_never_queued_goes_too(job: OpenJob) -> None:
    job.turn("one", told={"redirected": Told(ok=1)})
    job.do(job.streams.finish())
    assert job.keys() == set()


def test_a_start_that_is_told_after_its_end_leaves_nothing_behind(job: OpenJob) -> None:
    """A worker says what is done before it says what it began: a fast page is over by then."""
    job.push(page("p1"))
    (held,) = job.given("one", 1)
    job.acknowledge(held)
    job.turn("one", begun=[held.id])
    assert job.redis.hkeys(job.key("starts")) == []


def test_jobs_are_apart(job: OpenJob) -> None:
    other = type(job.streams)(job.streams.client, f"{job.streams.job}:other", job.streams.pace)
    job.push(page("p1"))
    job.do(other.turn("one", 0, join=1))
    assert job.do(other.settle([page("p1")])) == 1
    assert len(job.do(other.turn("one", 5)).deliveries) == 1
    assert job.queue("h") == [b"p1"]


def test_all_keys_of_a_job_lie_in_one_slot(job: OpenJob) -> None:
    job.push(page("p1"))
    job.given("one", 1)
    job.do(job.streams.introduce("one", {}))
    names = job.keys()
    assert len(names) > 5
    assert len({job.redis.execute_command("CLUSTER", "KEYSLOT", job.key(name)) for name in names}) == 1


@pytest.mark.parametrize("name", ["turn", "settle", "reserve", "leave", "finish", "choose", "jobs"])
def test_scripts_are_loaded_when_the_server_does_not_know_them(job: OpenJob, name: str) -> None:
    job.redis.script_flush()
    job.push(page(f"before {name}"))
    assert job.redis.script_exists(script("settle").sha) == [True]


def test_what_was_new_and_what_was_queued_before_is_told_by_host(job: OpenJob) -> None:
    job.join("a")
    job.do(job.streams.settle([page("p1"), page("p2"), page("p3", host="other")]))
    job.do(job.streams.settle([page("p1"), page("p4"), page("p2")]))
    told = [(each.host, each.new, each.before) for each in job.streams.queued]
    assert sorted(told[:2]) == [("h", 2, 0), ("other", 1, 0)]
    assert told[2:] == [("h", 1, 2)]
