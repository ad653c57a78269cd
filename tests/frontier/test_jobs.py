"""Which job a worker takes part in: the one it names, the unfinished one of the same scope, or a new one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from scrapy import Spider

from forumcrawl.frontier import jobs
from forumcrawl.frontier.jobs import Job, JobError, all_jobs, check_name, end, forget, scope_of, take_part
from forumcrawl.frontier.pace import Pace
from forumcrawl.frontier.streams import JOBS
from tests.frontier.open_job import OpenJob, page
from tests.servers import ValkeyServer


@pytest.fixture
def redis(valkey: ValkeyServer) -> Iterator[OpenJob]:
    """A database where no job ever was."""
    with closing(OpenJob(valkey.url.removesuffix("/0") + "/1", "a", Pace(delay=0))) as job:
        job.redis.flushdb()
        yield job


class _Spider(Spider):
    name = "forum"

    def __init__(self, job: str = "", **scope: str) -> None:
        super().__init__()
        self.job = job
        self.scope = scope


def _take_part(redis: OpenJob, job: str = "", **scope: str) -> Job:
    return redis.do(take_part(redis.streams.client, _Spider(job, **scope)))


def _end(redis: OpenJob, job: str, **counts: int) -> None:
    redis.do(end(redis.streams.client, job, "finished", counts))


def _all(redis: OpenJob) -> dict[str, dict[str, Any]]:
    return redis.do(all_jobs(redis.streams.client))


def test_an_unfinished_job_goes_on(redis: OpenJob) -> None:
    first = _take_part(redis, forum="one.example", full="0")
    assert (first.state, first.others) == ("new", ())
    assert first.id.startswith("one.example-2")
    again = _take_part(redis, full="0", forum="one.example")
    assert again == Job(id=first.id, state="joined")


def test_an_ended_job_does_not(redis: OpenJob) -> None:
    first = _take_part(redis, forum="one.example")
    _end(redis, first.id, acknowledged=3)
    second = _take_part(redis, forum="one.example")
    assert (second.state, second.others) == ("new", ())
    assert second.id != first.id
    ended = _all(redis)[first.id]
    assert (ended["state"], ended["reason"], ended["counts"]) == ("ended", "finished", {"acknowledged": 3})
    assert ended["began"] <= ended["ended"]


def test_forums_are_apart(redis: OpenJob) -> None:
    one, two = _take_part(redis, forum="one.example"), _take_part(redis, forum="two.example")
    assert one.id != two.id
    assert two.others == ()
    assert _take_part(redis, forum="one.example").id == one.id


def test_spiders_are_apart(redis: OpenJob) -> None:
    one = _take_part(redis, forum="one.example")
    other = _Spider(forum="one.example")
    other.name = "sources"
    assert redis.do(take_part(redis.streams.client, other)).id != one.id


def test_other_arguments_are_another_job_and_the_unfinished_one_is_told(redis: OpenJob) -> None:
    one = _take_part(redis, forum="one.example", full="0")
    _take_part(redis, forum="two.example", full="0")
    other = _take_part(redis, forum="one.example", full="1")
    assert (other.state, other.others) == ("new", (one.id,))


def test_a_named_job_is_shared(redis: OpenJob) -> None:
    assert _take_part(redis, "night", forum="one.example") == Job(id="night", state="new")
    assert _take_part(redis, "night", forum="one.example") == Job(id="night", state="joined")
    assert _take_part(redis, "day", forum="one.example") == Job(id="day", state="new", others=("night",))


def test_the_youngest_of_several_unfinished_jobs_goes_on(redis: OpenJob) -> None:
    for name in ("b", "c", "a"):
        _take_part(redis, name, forum="one.example")
        redis.redis.hset(JOBS, name, redis.redis.hget(JOBS, name).replace(b'"began":"', b'"began":"' + b"3"))
        began = _all(redis)[name]["began"]
        assert began.startswith("3")
    _take_part(redis, "last", forum="one.example")
    entry = redis.redis.hget(JOBS, "last").replace(b'"began":"', b'"began":"4')
    redis.redis.hset(JOBS, "last", entry)
    assert _take_part(redis, forum="one.example").id == "last"


def test_a_named_job_about_something_else_is_refused_in_one_line(redis: OpenJob) -> None:
    _take_part(redis, "night", forum="one.example", full="1")
    with pytest.raises(JobError) as refused:
        _take_part(redis, "night", forum="two.example", full="1")
    assert str(refused.value) == (
        "job='night' is unfinished and about something else (forum=one.example, full=1): name another one"
    )
    assert list(_all(redis)) == ["night"]


def test_a_name_that_ended_begins_anew_also_about_something_else(redis: OpenJob) -> None:
    _take_part(redis, "night", forum="one.example")
    _end(redis, "night")
    assert _take_part(redis, "night", forum="two.example") == Job(id="night", state="new")
    assert (_all(redis)["night"]["state"], "counts" in _all(redis)["night"]) == ("unfinished", False)


@pytest.mark.parametrize("name", ["a b", "{x}", "x" * 101, "a/b", "a\n", "*"])
def test_names_that_are_none(redis: OpenJob, name: str) -> None:
    with pytest.raises(JobError, match="is no name of a job"):
        _take_part(redis, name, forum="one.example")
    assert _all(redis) == {}


def test_names(redis: OpenJob) -> None:
    assert check_name("night-1.2:a_b") == "night-1.2:a_b"
    with pytest.raises(JobError, match="list of jobs"):
        check_name("jobs")
    assert check_name(_take_part(redis, forum="h.example:8080/a b/{x}/" + "x" * 100).id)


def test_old_summaries_make_room(redis: OpenJob, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_KEPT", 3)
    for number in range(6):
        name = f"job{number}"
        _take_part(redis, name, forum="one.example")
        redis.redis.hset(JOBS, name, b'{"state":"ended","ended":"2030-01-0%d","scope":"{}"}' % (number + 1))
    _take_part(redis, "unfinished", forum="two.example")
    _take_part(redis, "another", forum="one.example")
    assert set(_all(redis)) == {"job3", "job4", "job5", "unfinished", "another"}


def test_a_job_is_forgotten_with_all_its_keys(redis: OpenJob) -> None:
    _take_part(redis, "a", forum="one.example")
    _take_part(redis, "ab", forum="one.example")
    redis.join("one")
    redis.push(page("p1"))
    assert redis.keys()
    redis.do(forget(redis.streams.client, "a"))
    assert (redis.keys(), set(_all(redis))) == (set(), {"ab"})


def test_the_scope_of_a_spider_that_tells_none() -> None:
    class Plain(Spider):
        name = "plain"

    assert scope_of(Plain(url="http://one.example/", job="night", depth=3)) == {"url": "http://one.example/"}


def test_a_worker_that_may_only_join_does_not_begin_a_job_anew(redis: OpenJob) -> None:
    client, spider = redis.streams.client, Spider("tree", job="late")
    redis.do(take_part(client, spider))
    assert redis.do(take_part(client, spider, join_only=True)).state == "joined"
    redis.do(end(client, "late", "finished", {"pushed": 1}))
    with pytest.raises(JobError, match="late is over"):
        redis.do(take_part(client, spider, join_only=True))
    assert redis.do(all_jobs(client))["late"]["state"] == "ended"
    with pytest.raises(JobError, match="nowhere is not known here: REDIS_URL"):
        redis.do(take_part(client, Spider("tree", job="nowhere"), join_only=True))
