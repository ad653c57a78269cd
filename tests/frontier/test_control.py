"""What an operator does to a job, seen by what the next turn delivers."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from scrapy import Request, Spider

from forumcrawl.frontier.bands import Band
from forumcrawl.frontier.control import Requeued, drop, pause, requeue_dead, resume, tell_worker, waiting_of
from forumcrawl.frontier.jobs import all_jobs, end, forget, take_part
from forumcrawl.frontier.streams import JOBS, Burial, Push, Turn
from forumcrawl.frontier.wire import dumps
from tests.frontier.open_job import OpenJob, page

SPIDER = Spider("tree")


@pytest.fixture
def registered(job: OpenJob) -> Iterator[OpenJob]:
    """The job, in the register."""
    spider = Spider("tree", job=job.streams.job)
    job.do(take_part(job.streams.client, spider))
    yield job
    job.redis.hdel(JOBS, job.streams.job)


def test_a_worker_that_is_to_end_is_told_so_and_given_nothing_more(job: OpenJob) -> None:
    job.push(page("a"), page("b"))
    job.do(tell_worker(job.streams.client, job.streams.job, "one", "stop"))
    turn = job.turn("one", 2)
    assert (turn.order, list(turn.deliveries)) == ("stop", [])
    other = job.turn("two", 2)
    assert (other.order, len(other.deliveries)) == ("", 2)


def test_an_order_goes_with_the_worker_it_was_for(job: OpenJob) -> None:
    job.do(tell_worker(job.streams.client, job.streams.job, "one", "kill"))
    job.do(job.streams.leave("one"))
    job.push(page("a"))
    assert len(job.given("two")) == 1
    assert not job.redis.exists(job.key("orders"))


def push_of(name: str, band: Band, priority: int = 0, host: str = "h") -> Push:
    """A request as a spider queues it."""
    request = Request(f"http://{host}/{name}", meta={"band": band.label}, priority=priority)
    return Push(name.encode(), host, band.scores[0], dumps(request, SPIDER))


def bury_all(job: OpenJob, count: int) -> None:
    """Deliver so many requests, start them, and give them up."""
    given = job.given("one", count)
    assert len(given) == count
    job.turn("one", begun=[each.id for each in given])
    job.do(
        job.streams.settle(buried=[Burial(each.id, each.host, each.request, "the page is broken") for each in given])
    )


def requeue(job: OpenJob) -> Requeued:
    client, name = job.streams.client, job.streams.job
    return job.do(requeue_dead(client, name, job.do(all_jobs(client))[name]))


def names(job: OpenJob, want: int = 50) -> list[str]:
    """The last part of the address of what is delivered, in order."""
    return [json.loads(each.request)["url"].rpartition("/")[2] for each in job.given("one", want)]


def assert_nothing_lost(job: OpenJob) -> None:
    counts = job.counts()
    dropped = counts.get("dropped", 0)
    done = counts["waiting"] + len(job.pending()) + counts.get("acknowledged", 0) + len(job.dead()) + dropped
    assert counts["pushed"] - counts.get("filtered", 0) == done


def test_a_paused_host_is_given_to_nobody_until_it_is_resumed(job: OpenJob) -> None:
    job.push(page("a1", "a"))
    (held,) = job.given("one")
    client, name = job.streams.client, job.streams.job
    assert job.do(pause(client, name, "a"))
    job.push(page("a2", "a"), page("b1", "b"))
    job.acknowledge(held)
    assert [each.request for each in job.given("one", 10)] == [b"b1"]
    job.push(page("a3", "a"))
    assert job.given("one", 10) == []
    assert job.turn("one").waiting == 2
    assert job.do(resume(client, name, "a"))
    assert [each.request for each in job.given("one", 10)] == [b"a2", b"a3"]


def test_a_host_that_nobody_knows_is_not_paused(job: OpenJob) -> None:
    assert not job.do(pause(job.streams.client, job.streams.job, "strange"))
    assert not job.do(resume(job.streams.client, job.streams.job, "strange"))
    assert job.host("strange") == {}


def test_a_paused_job_delivers_nothing_and_goes_on_where_it_was(job: OpenJob) -> None:
    job.push(page("a1", "a"), page("b1", "b"))
    job.do(pause(job.streams.client, job.streams.job))
    turn = job.turn("one", 10)
    assert (turn.alive, turn.waiting, turn.deliveries) == (True, 2, [])
    job.do(resume(job.streams.client, job.streams.job))
    assert len(job.given("one", 10)) == 2


def test_what_a_dead_worker_held_of_a_paused_host_waits_too(job: OpenJob) -> None:
    job.push(page("a1", "a"))
    job.given("one")
    job.do(pause(job.streams.client, job.streams.job, "a"))
    job.do(job.streams.leave("one"))
    assert job.given("two", 10) == []
    job.do(resume(job.streams.client, job.streams.job, "a"))
    assert [each.again for each in job.given("two", 10)] == [True]


def test_dropped_requests_are_gone_counted_and_never_queued_again(job: OpenJob) -> None:
    job.push(*(page(f"a{n}", "a") for n in range(5)), page("b1", "b"))
    job.redis.zadd(job.key("hosts"), {"a": 0, "b": 1})
    (held,) = job.given("one")
    client, name = job.streams.client, job.streams.job
    assert held.host == "a"
    assert job.do(waiting_of(client, name, "a")) == 4
    assert job.do(drop(client, name, "a")) == 4
    assert job.do(drop(client, name, "a")) == 0
    assert job.turn("one").waiting == 1
    assert_nothing_lost(job)
    assert job.push(page("a3", "a"), page("a9", "a")) == 1
    assert {each.request for each in job.given("one", 10)} == {b"b1", b"a9"}
    assert held.id in job.pending()
    assert job.counts()["dropped"] == 4


def test_dead_letters_wait_again_in_their_place_as_if_never_delivered(registered: OpenJob) -> None:
    job = registered
    job.push(push_of("thread", Band.THREAD), push_of("urgent", Band.THREAD, 5), push_of("picture", Band.PICTURE))
    bury_all(job, 3)
    job.push(push_of("start", Band.START), push_of("member", Band.MEMBER))
    assert requeue(job) == Requeued(waiting=3, kept=0, reopened=False)
    assert (job.dead(), job.counts()["dead"], job.counts()["waiting"]) == ({}, 0, 5)
    assert_nothing_lost(job)
    given = job.given("one", 10)
    told = [json.loads(each.request)["url"].rpartition("/")[2] for each in given]
    assert told == ["start", "urgent", "thread", "member", "picture"]
    assert [(each.starts, each.again) for each in given] == [(0, False)] * 5
    assert requeue(job) == Requeued(waiting=0, kept=0, reopened=False)


def test_a_request_that_was_refused_cannot_wait_again_and_is_kept(registered: OpenJob) -> None:
    job = registered
    job.push(push_of("thread", Band.THREAD))
    bury_all(job, 1)
    job.do(job.streams.settle(buried=[Burial(b"", "h", b"<GET http://h/odd>", "NotSerialisable: an object")]))
    assert requeue(job) == Requeued(waiting=1, kept=1, reopened=False)
    assert set(job.dead()) == {b"1-refused"}
    assert job.counts()["dead"] == 1


def test_dead_letters_of_a_paused_host_wait_until_it_is_resumed(registered: OpenJob) -> None:
    job = registered
    job.push(push_of("thread", Band.THREAD))
    bury_all(job, 1)
    job.do(pause(job.streams.client, job.streams.job, "h"))
    requeue(job)
    assert names(job) == []
    job.do(resume(job.streams.client, job.streams.job, "h"))
    assert names(job) == ["thread"]


def test_an_ended_job_is_unfinished_again_and_its_counts_go_on(registered: OpenJob) -> None:
    job, client, name = registered, registered.streams.client, registered.streams.job
    job.push(push_of("good", Band.START), push_of("bad", Band.THREAD))
    job.acknowledge(*job.given("one"))
    bury_all(job, 1)
    job.do(job.streams.settle(buried=[Burial(b"", "h", b"<GET http://h/odd>", "NotSerialisable: an object")]))
    job.do(end(client, name, "finished", job.do(job.streams.finish())))
    assert job.keys() == {"dead"}
    assert requeue(job) == Requeued(waiting=1, kept=1, reopened=True)
    entry = job.do(all_jobs(client))[name]
    assert entry["state"] == "unfinished"
    assert entry.keys().isdisjoint({"ended", "reason", "counts"})
    assert job.do(take_part(client, Spider("tree"))).id == name
    job.join("one")
    job.do(job.streams.settle(buried=[Burial(b"", "h", b"<GET http://h/odd2>", "NotSerialisable: an object")]))
    assert set(job.dead()) == {b"1-refused", b"2-refused"}
    counts = {what: job.counts()[what] for what in ("pushed", "delivered", "acknowledged", "waiting")}
    assert counts == {"pushed": 2, "delivered": 2, "acknowledged": 1, "waiting": 1}
    assert names(job) == ["bad"]


def test_a_requeue_that_was_cut_short_is_completed_by_the_next(registered: OpenJob) -> None:
    job, client, name = registered, registered.streams.client, registered.streams.job
    job.push(push_of("bad", Band.THREAD))
    bury_all(job, 1)
    assert requeue(job).waiting == 1
    job.do(end(client, name, "finished", {}))  # the register was not told
    assert requeue(job) == Requeued(waiting=0, kept=0, reopened=True)


def test_more_dead_letters_than_one_step_moves(registered: OpenJob) -> None:
    job = registered
    for at in range(0, 1_200, 400):
        job.push(*(push_of(f"page{n}", Band.THREAD) for n in range(at, at + 400)))
        bury_all(job, 400)
    assert requeue(job) == Requeued(waiting=1_200, kept=0, reopened=False)
    assert len(job.queue("h")) == job.counts()["waiting"] == 1_200


def test_a_cleared_job_leaves_nothing(registered: OpenJob) -> None:
    job = registered
    job.push(push_of("bad", Band.THREAD), push_of("next", Band.THREAD))
    bury_all(job, 1)
    job.do(forget(job.streams.client, job.streams.job))
    assert job.keys() == set()
    assert job.streams.job not in job.do(all_jobs(job.streams.client))
    assert job.turn("one", 10) == Turn(alive=True, deliveries=[])
    assert job.keys() == set()
