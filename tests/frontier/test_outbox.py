"""What a worker has to say reaches the server in an order that loses nothing, also when the server dies meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from redis.exceptions import RedisError

from forumcrawl.frontier.outbox import Outbox
from forumcrawl.frontier.pace import Pace
from forumcrawl.frontier.streams import CHUNK, Burial, Delivery
from tests.frontier.open_job import OpenJob, page
from tests.servers import ValkeyServer


@pytest.fixture
def mortal(own_valkey: ValkeyServer) -> Iterator[OpenJob]:
    """A job on a server that the test may kill."""
    with closing(OpenJob(own_valkey.url, "mortal", Pace(delay=0))) as job:
        job.join("one")
        yield job


def _held(job: OpenJob, count: int) -> list[Delivery]:
    job.push(*(page(f"parent{number}") for number in range(count)))
    return job.given("one", count)


def _send(job: OpenJob, outbox: Outbox) -> int:
    outbox.seal()
    return job.do(outbox.send(job.streams))


def test_all_goes_in_one_step(job: OpenJob) -> None:
    done, failed = _held(job, 2)
    outbox = Outbox()
    assert _send(job, outbox) == 0, "there is nothing to say"
    outbox.push(page("child"))
    outbox.push(page("parent0"))
    outbox.acknowledge(done.id, done.host)
    outbox.bury(Burial(failed.id, failed.host, failed.request, "an item was lost"))
    outbox.bury(Burial(b"", "h", b"a lambda", "cannot be queued"))
    assert (len(outbox), outbox.queued) == (5, 2)
    assert _send(job, outbox) == 1, "one was queued before"
    assert (len(outbox), outbox.queued) == (0, 0)
    assert (job.queue("h"), job.pending()) == ([b"child"], {})
    assert sorted(letter["reason"] for letter in job.dead().values()) == ["an item was lost", "cannot be queued"]


def test_what_comes_after_the_seal_goes_with_the_next_one(job: OpenJob) -> None:
    first, second = _held(job, 2)
    outbox = Outbox()
    outbox.push(page("child"))
    outbox.acknowledge(first.id, first.host)
    outbox.seal()
    outbox.push(page("later"))
    outbox.acknowledge(second.id, second.host)
    outbox.seal()
    assert job.do(outbox.send(job.streams)) == 1
    assert (len(outbox), outbox.queued) == (2, 1)
    assert (job.queue("h"), set(job.pending())) == ([b"child"], {second.id})
    assert _send(job, outbox) == 1
    assert (job.queue("h"), job.pending(), len(outbox)) == ([b"child", b"later"], {}, 0)


def test_nothing_is_forgotten_while_the_server_is_away(mortal: OpenJob, own_valkey: ValkeyServer) -> None:
    first, second = _held(mortal, 2)
    outbox = Outbox()
    outbox.push(page("child"))
    outbox.acknowledge(first.id, first.host)
    own_valkey.kill()
    for _ in range(2):
        with pytest.raises((RedisError, OSError)):
            _send(mortal, outbox)
        assert len(outbox) == 2
    outbox.acknowledge(second.id, second.host)
    own_valkey.start()
    mortal.join("one")
    mortal.redis.connection_pool.disconnect()
    _send(mortal, outbox)
    assert b"child" in mortal.queue("h"), "what is acknowledged later goes later"
    assert first.id not in mortal.pending()
    assert len(outbox) == 1
    _send(mortal, outbox)
    assert (mortal.pending(), len(outbox)) == ({}, 0)


def test_saying_it_twice_does_no_harm(job: OpenJob) -> None:
    done, failed = _held(job, 2)
    said = [page("child")], [(done.id, done.host)], [Burial(failed.id, failed.host, failed.request, "why")]
    assert [job.do(job.streams.settle(*said)) for _ in range(3)] == [1, 0, 0]
    assert (job.queue("h"), job.pending(), list(job.dead())) == ([b"child"], {}, [failed.id])
    counts = job.counts()
    assert {name: counts[name] for name in ("waiting", "acknowledged", "dead")} == {
        "waiting": 1,
        "acknowledged": 1,
        "dead": 1,
    }
    assert job.host("h")["inflight"] == 0


def test_many_requests_are_all_queued_and_in_order(job: OpenJob) -> None:
    (parent,) = _held(job, 1)
    outbox = Outbox()
    children = [page(f"child{number}") for number in range(2 * CHUNK + 1)]
    for child in children:
        outbox.push(child)
    outbox.acknowledge(parent.id, parent.host)
    assert _send(job, outbox) == len(children)
    assert (job.queue("h"), job.pending()) == ([child.request for child in children], {})


def test_an_acknowledgement_never_goes_before_its_children(own_valkey: ValkeyServer) -> None:
    """A server that takes no more refuses the children, and then it has not heard of the acknowledgement either."""
    with closing(OpenJob(own_valkey.url, "full", Pace(delay=0))) as job:
        job.join("one")
        (parent,) = _held(job, 1)
        outbox = Outbox()
        for number in range(2 * CHUNK):
            outbox.push(page(f"child{number}"))
        outbox.acknowledge(parent.id, parent.host)
        job.redis.config_set("maxmemory", 1)
        with pytest.raises(RedisError):
            _send(job, outbox)
        assert (set(job.pending()), job.queue("h")) == ({parent.id}, [])
        job.redis.config_set("maxmemory", 0)
        assert _send(job, outbox) == 2 * CHUNK
        assert (job.pending(), len(job.queue("h"))) == ({}, 2 * CHUNK)
