"""What a worker holds: in the order of turns, never more at once than allowed, and alone what must be alone."""

from __future__ import annotations

import pytest
from scrapy import Request

from forumcrawl.frontier.bands import BAND
from forumcrawl.frontier.leases import Lease, Leases
from forumcrawl.frontier.streams import Delivery


def _lease(name: str, at: float = 0.0, starts: int = 0, band: str = "thread") -> Lease:
    delivery = Delivery(name.encode(), "h", b"", 0.0, 0.0, starts, starts > 0)
    return Lease(delivery, Request(f"http://h.example/{name}", meta={BAND: band}), at)


def _leases(*held: Lease, most: int = 8) -> Leases:
    leases = Leases(most)
    for lease in held:
        leases.add(lease)
    return leases


def _begin(leases: Leases, now: float = 10.0) -> str | None:
    """The name of the lease that is begun, if one may be."""
    lease = leases.first(now)
    if lease is None:
        return None
    leases.begin()
    return lease.id.decode()


def test_the_earliest_turn_is_first_and_equal_turns_keep_their_order() -> None:
    leases = _leases(_lease("late", 3), _lease("a", 1), _lease("b", 1), _lease("soon", 0.5))
    assert [_begin(leases) for _ in range(5)] == ["soon", "a", "b", "late", None]


def test_nothing_is_begun_before_its_turn() -> None:
    leases = _leases(_lease("a", 5))
    assert (leases.first(4.9), leases.due_in(4.5)) == (None, 0.5)
    assert _begin(leases, 5) == "a"
    assert leases.due_in(5) is None
    assert _leases(_lease("past", 1)).due_in(5) == 0


def test_no_more_are_done_at_once_than_allowed() -> None:
    leases = _leases(_lease("a"), _lease("b"), _lease("c"), most=2)
    first = leases.first(0)
    assert first
    assert [_begin(leases) for _ in range(3)] == ["a", "b", None]
    assert (len(leases), leases.waiting, leases.room) == (3, 1, 0)
    assert leases.end(first.request) is first
    assert _begin(leases) == "c"


def test_room_is_for_what_is_held_in_all() -> None:
    leases = _leases(_lease("a"), _lease("b"), most=3)
    assert leases.room == 1
    _begin(leases)
    assert leases.room == 1


def test_what_can_wait_has_room_of_its_own_beside_the_rest() -> None:
    leases = Leases(2, beside=2)
    assert (leases.room, leases.light_room) == (2, 2)
    held = [*(_lease(name, band="picture") for name in "pqr"), *map(_lease, "abc")]
    for lease in held[:3]:
        leases.add(lease)
    assert (leases.room, leases.light_room) == (1, 0), "the third takes room from the rest"
    for lease in held[3:]:
        leases.add(lease)
    assert [_begin(leases) for _ in range(5)] == ["p", "q", "r", "a", None]
    leases.end(held[2].request)
    assert (_begin(leases), leases.room) == ("b", 0)


@pytest.mark.parametrize("starts", [2, 3])
def test_what_was_started_twice_waits_until_it_is_alone(starts: int) -> None:
    calm, risky, after = _lease("calm", 0), _lease("risky", 1, starts), _lease("after", 2)
    leases = _leases(calm, risky, after)
    assert [_begin(leases), _begin(leases)] == ["calm", None]
    leases.end(calm.request)
    assert [_begin(leases), _begin(leases)] == ["risky", None]
    leases.end(risky.request)
    assert _begin(leases) == "after"


def test_two_that_must_be_alone_follow_each_other() -> None:
    first, second = _lease("first", 0, 2), _lease("second", 1, 2)
    leases = _leases(first, second)
    assert [_begin(leases), _begin(leases)] == ["first", None]
    leases.end(first.request)
    assert _begin(leases) == "second"


def test_what_was_started_once_needs_not_be_alone() -> None:
    leases = _leases(_lease("a", 0), _lease("b", 1, 1), _lease("c", 2))
    assert [_begin(leases) for _ in range(3)] == ["a", "b", "c"]


def test_a_lease_belongs_to_its_request_and_no_copy() -> None:
    lease = _lease("a")
    leases = _leases(lease)
    assert leases.of(lease.request) is None, "not begun"
    _begin(leases)
    assert leases.of(lease.request) is lease
    assert leases.of(lease.request.copy()) is None
    assert leases.end(lease.request.copy()) is None
    assert leases.end(lease.request) is lease
    assert leases.end(lease.request) is None


def test_dropping_spares_what_is_begun() -> None:
    leases = _leases(*(_lease(name, at) for at, name in enumerate("abcd")))
    _begin(leases)
    assert leases.drop({b"a", b"c", b"x"}) == 1
    assert sorted(leases.ids()) == [b"a", b"b", b"d"]
    assert _begin(leases) == "b"
    assert leases.drop() == 1
    assert sorted(leases.ids()) == [b"a", b"b"]
    assert leases.drop() == 0
