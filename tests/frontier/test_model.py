"""Anything that workers may do, in any order, against a model that a reader can hold in mind."""

from __future__ import annotations

import itertools
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from forumcrawl.frontier.pace import Pace
from forumcrawl.frontier.streams import Burial, Delivery, Push, Turn
from tests.frontier.open_job import OpenJob
from tests.servers import ValkeyServer

_TRIES = 2
_HOSTS = ("a", "b", "c")
_BAND = 1 << 48
_LOST = "lost"  # the name that holds what nobody knew of
_numbers = itertools.count(1)
workers = st.sampled_from((0, 1, 2))
scores = st.sampled_from([0, 1 << 33, _BAND, 2 * _BAND])
picks = st.integers(0, 1 << 16)


@dataclass
class Held:
    """A delivery in the model."""

    host: str
    request: bytes
    owner: str
    starts: list[str] = field(default_factory=list)
    begun: bool = False
    """By its owner."""


class Model:
    """What the frontier must hold."""

    def __init__(self, cap: int) -> None:
        self.cap = cap
        self.seen: set[bytes] = set()
        self.waiting: dict[str, dict[bytes, tuple[int, int]]] = defaultdict(dict)
        self.held: dict[bytes, Held] = {}
        self.dead: dict[bytes, tuple[str, list[str]]] = {}
        self.done: list[bytes] = []
        self.heartbeats: dict[str, float] = {}
        """Of the workers who are silent (ms); 0: known to be gone."""
        self.order = 0
        self.live = 0
        """Requests that were queued and are neither done nor dead."""

    def push(self, push: Push) -> bool:
        self.order += 1
        if push.fingerprint in self.seen:
            return False
        if push.fingerprint:
            self.seen.add(push.fingerprint)
        self.live += push.request not in self.waiting[push.host]
        self.waiting[push.host][push.request] = (push.score, self.order)
        return True

    def queue(self, host: str) -> list[bytes]:
        return sorted(self.waiting[host], key=self.waiting[host].__getitem__)

    def held_by(self, owner: str) -> list[bytes]:
        return sorted((id for id, held in self.held.items() if held.owner == owner), key=_order)

    def in_flight(self, host: str) -> int:
        return sum(held.host == host for held in self.held.values())

    def room(self, host: str) -> int:
        waiting = len(self.waiting[host])
        return max(0, min(waiting, self.cap - self.in_flight(host))) if self.cap else waiting

    def end(self, id: bytes, reason: str = "") -> None:
        """Done, or with a reason dead; nothing when it was before."""
        held = self.held.pop(id, None)
        if held is None:
            return
        self.live -= 1
        if reason:
            self.dead[id] = (reason, held.starts)
        else:
            self.done.append(id)

    def take_over(self, worker: str, want: int) -> list[bytes]:
        """What goes to a worker of those who are silent; what was started too often is dead."""
        taken: list[bytes] = []
        for silent in sorted(self.heartbeats, key=lambda name: (self.heartbeats[name], name)):
            self.heartbeats[silent] = 0
            for id in self.held_by(silent):
                if len(taken) == want:
                    break
                held = self.held[id]
                if len(held.starts) >= _TRIES:
                    self.end(id, f"started {len(held.starts)} times and never finished")
                else:
                    held.owner, held.begun = worker, False
                    taken.append(id)
        return taken


class Frontier(RuleBasedStateMachine):
    """Three workers; one that is given up comes back under a new name."""

    url = ""
    cap = 0
    acknowledgements = Bundle("acknowledgements")

    def __init__(self) -> None:
        super().__init__()
        pace = Pace(delay=0, lease=60, tries=_TRIES, in_flight=self.cap)
        self.job = OpenJob(self.url, f"model{next(_numbers)}", pace)
        self.model = Model(self.cap)
        self.names = ["", "", ""]
        self.begins = itertools.count(1)

    @initialize()
    def join(self) -> None:
        for worker in range(3):
            self._join(worker)

    def _join(self, worker: int) -> None:
        self.names[worker] = f"{worker}.{next(self.begins)}"
        self.job.join(self.names[worker])

    # --- what may happen ---------------------------------------------------------------------------------------

    @rule(data=st.lists(st.tuples(st.integers(0, 30), scores, st.booleans()), min_size=1, max_size=4))
    def push(self, data: list[tuple[int, int, bool]]) -> None:
        self._settle([_push(*each) for each in data])

    @rule(
        worker=workers,
        some=st.sets(picks, min_size=1, max_size=4),
        children=st.lists(st.tuples(st.integers(0, 60), scores, st.just(True)), max_size=3),
        target=acknowledgements,
    )
    def acknowledge(
        self, worker: int, some: set[int], children: list[tuple[int, int, bool]]
    ) -> list[tuple[bytes, str]]:
        """Also by a worker that was given up in the meantime."""
        ids = {id for pick in some if (id := self._pick(worker, pick))}
        done = [(id, self.model.held[id].host) for id in ids] or [(b"1-1", "a")]
        self._settle([_push(*each) for each in children], done)
        return done

    @rule(done=acknowledgements)
    def acknowledge_again(self, done: list[tuple[bytes, str]]) -> None:
        self._settle([], done)

    @rule(worker=workers, pick=picks)
    def bury(self, worker: int, pick: int) -> None:
        if id := self._pick(worker, pick):
            held = self.model.held[id]
            self.job.do(self.job.streams.settle((), (), [Burial(id, held.host, held.request, "an item was lost")]))
            self.model.end(id, "an item was lost")

    @rule(worker=workers, want=st.integers(0, 6), begun=st.sets(picks, max_size=3))
    def turn(self, worker: int, want: int, begun: set[int]) -> None:
        name, model = self.names[worker], self.model
        starts = [id for id in {self._pick(worker, pick) for pick in begun} if id and not model.held[id].begun]
        in_line = self.job.hosts()
        turn = self.job.turn(name, want, begun=starts)
        if model.heartbeats.get(name) == 0:
            assert turn == Turn(alive=False, deliveries=[])
            self._join(worker)
            return
        assert turn.alive
        model.heartbeats.pop(name, None)
        for id in starts:
            model.held[id].starts.append(name)
            model.held[id].begun = True
        self._check_given(name, want, list(turn.deliveries), in_line)
        assert turn.waiting == sum(map(len, model.waiting.values()))
        assert turn.in_flight == len(model.held)

    @rule(worker=workers)
    def fall_silent(self, worker: int) -> None:
        name = self.names[worker]
        if self.model.heartbeats.get(name) != 0:
            self.model.heartbeats[name] = self.job.silence(name)

    @rule(worker=workers, heir=workers)
    def die_at_work(self, worker: int, heir: int) -> None:
        """With all begun that it held; another one is there for it, or the same comes back."""
        self.turn(worker, 3, set())
        self.turn(worker, 0, set(range(len(self.model.held))))
        self.leave(worker)
        self._join(worker)
        self.turn(heir, 6, set())

    @rule(worker=workers)
    def leave(self, worker: int) -> None:
        self.job.do(self.job.streams.leave(self.names[worker]))
        self.model.heartbeats[self.names[worker]] = 0

    @rule(worker=workers, forgotten=st.sets(picks, max_size=2), invented=st.booleans())
    @precondition(lambda self: self.model.held)
    def keep(self, worker: int, forgotten: set[int], invented: bool) -> None:
        name = self.names[worker]
        own = set(self.model.held_by(name))
        unknown = {id for pick in forgotten if (id := self._pick(worker, pick))}
        others = {id for id in self.model.held if id not in own} if invented else set()
        assert self.job.do(self.job.streams.keep(name, (own - unknown) | others)) == others
        for id in unknown:
            self.model.held[id].owner = _LOST
            self.model.heartbeats[_LOST] = 0

    # --- what must hold after each step ------------------------------------------------------------------------

    @invariant()
    def nothing_is_lost_or_held_twice(self) -> None:
        stream, pending = self.job.stream(), self.job.pending()
        assert pending == {id: held.owner for id, held in self.model.held.items()}
        assert stream == {id: (held.host, held.request) for id, held in self.model.held.items()}
        waiting = {host: self.job.queue(host) for host in _HOSTS}
        assert waiting == {host: self.model.queue(host) for host in _HOSTS}
        assert sum(map(len, waiting.values())) + len(pending) == self.model.live

    @invariant()
    def counters_tell_the_truth(self) -> None:
        counts, model = self.job.counts(), self.model
        assert counts.get("waiting", 0) == sum(map(len, model.waiting.values()))
        assert counts.get("acknowledged", 0) == len(model.done)
        assert counts.get("dead", 0) == len(model.dead)
        for host in _HOSTS:
            assert self.job.host(host).get("inflight", 0) == model.in_flight(host)

    @invariant()
    def hosts_in_line_are_those_that_may_be_served(self) -> None:
        in_line = self.job.hosts()
        assert {host for host in _HOSTS if self.model.room(host)} <= in_line
        assert in_line <= {host for host in _HOSTS if self.model.waiting[host]}

    @invariant()
    def the_dead_are_there_with_their_history(self) -> None:
        dead = self.job.dead()
        assert {id: letter["reason"] for id, letter in dead.items()} == {
            id: reason for id, (reason, _) in self.model.dead.items()
        }
        for id, (_, starts) in self.model.dead.items():
            assert _names(dead[id]["history"]) == starts
        started = {id for id, held in self.model.held.items() if held.starts}
        assert set(self.job.redis.hkeys(self.job.key("starts"))) == started

    def teardown(self) -> None:
        """One worker does all that is left: every request ends once, and then the memory is free."""
        with closing(self.job):
            if self.names[0]:
                self._drain()

    # --- helpers -----------------------------------------------------------------------------------------------

    def _drain(self) -> None:
        for worker in range(3):
            self.leave(worker)
        self._join(0)
        while self.model.live:
            self.turn(0, 50, set())
            for id in self.model.held_by(self.names[0]):
                self._settle([], done=[(id, self.model.held[id].host)])
        counts = self.job.do(self.job.streams.finish())
        assert counts.get("acknowledged", 0) == len(self.model.done)
        assert counts.get("pushed", 0) == self.model.order
        assert self.job.keys() == ({"dead"} if self.model.dead else set())

    def _settle(self, pushes: list[Push], done: list[tuple[bytes, str]] | None = None) -> None:
        fresh = sum([self.model.push(each) for each in pushes])
        assert self.job.do(self.job.streams.settle(pushes, done or [])) == fresh
        for id, _ in done or []:
            self.model.end(id)

    def _pick(self, worker: int, pick: int) -> bytes | None:
        own = self.model.held_by(self.names[worker])
        return own[pick % len(own)] if own else None

    def _check_given(self, name: str, want: int, given: list[Delivery], in_line: set[str]) -> None:
        model = self.model
        taken = model.take_over(name, want) if want else []
        again = [each for each in given if each.again]
        assert [each.id for each in again] == taken
        assert [each.starts for each in again] == [len(model.held[id].starts) for id in taken]
        popped, left = given[len(again) :], want - len(taken)
        free = {host: room for host in _HOSTS if (room := model.room(host))}
        full = len(in_line - free.keys())  # they are met, served nothing and leave the line
        assert min(left - full, len(free)) <= len(popped) <= min(left, sum(free.values()))
        for each in popped:
            assert each.request == model.queue(each.host)[0]
            assert model.room(each.host)
            del model.waiting[each.host][each.request]
            model.held[each.id] = Held(each.host, each.request, name)


@pytest.mark.parametrize("cap", [0, 2])
def test_any_course_of_events(valkey: ValkeyServer, cap: int) -> None:
    run_state_machine_as_test(
        type("Frontier", (Frontier,), {"url": valkey.url, "cap": cap}),
        settings=settings(
            max_examples=60,
            stateful_step_count=40,
            derandomize=True,
            database=None,
            phases=[Phase.generate],  # a course of forty steps is shrunk in minutes only
            suppress_health_check=list(HealthCheck),
        ),
    )


def _push(number: int, score: int, filtered: bool) -> Push:
    request = f"{number} at {score}{'' if filtered else ' again'}".encode()
    return Push(b"%d" % number if filtered else b"", _HOSTS[number % len(_HOSTS)], score, request)


def _order(id: bytes) -> tuple[int, int]:
    time, _, number = id.partition(b"-")
    return int(time), int(number)


def _names(history: str) -> list[str]:
    return [start.partition("@")[0] for start in history.split(";")[:-1]]
