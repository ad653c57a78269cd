"""What may befall a crew, each case followed to its end and compared with the truth: every page once, none lost."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.frontier.crew import SLOW_STEPS, STEPS, Crew, Worker, freeze, kill, restart
from tests.tree.shape import Shape

LEASE = 2.0
"""Seconds of silence after which a worker of a case is dead."""
AWAY = 4.0
"""Seconds a server is away."""
_RESTARTS = 20
"""More deaths than any killer page may cause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a case came to."""

    lost: int
    """Pages that are not stored."""
    doubled: int
    """Documents beyond the one that each page has."""
    done_twice: int
    """Requests beyond the one that each page needs."""
    dead: list[int]
    """Pages whose request was given up."""
    codes: list[int]
    """How each worker ended, in the order in which they were started."""
    seconds: float
    """From the first worker's start to the last one's end."""
    wrong: list[str]
    """What is not as it must be."""


Case = Callable[[Crew, float], list[int]]
"""Does its worst to two workers, with a share of the pages stored; returns the exit codes it expects."""


def _kill_one(crew: Crew, share: float) -> list[int]:
    first, _ = _two_at_work(crew, share)
    kill(first)
    return [-signal.SIGKILL, 0]


def _kill_both(crew: Crew, share: float) -> list[int]:
    for worker in _two_at_work(crew, share):
        worker.kill()
    crew.wait_finished()
    crew.start_worker()
    crew.start_worker()
    return [-signal.SIGKILL, -signal.SIGKILL, 0, 0]


def _terminate_one(crew: Crew, share: float) -> list[int]:
    first, _ = _two_at_work(crew, share)
    first.terminate()
    return [1, 0]


def _freeze_one(crew: Crew, share: float) -> list[int]:
    first, _ = _two_at_work(crew, share)
    freeze(first, 1.5 * LEASE)
    return [0, 0]


def _freeze_past_the_end(crew: Crew, share: float) -> list[int]:
    first, second = _two_at_work(crew, share)
    first.send_signal(signal.SIGSTOP)
    try:
        second.wait(120)
    finally:
        first.send_signal(signal.SIGCONT)
    return [0, 0]


def _valkey_away(crew: Crew, share: float) -> list[int]:
    _two_at_work(crew, share)
    restart(crew.valkey, AWAY)
    return [0, 0]


def _mongodb_away(crew: Crew, share: float) -> list[int]:
    _two_at_work(crew, share)
    restart(crew.mongodb, AWAY)
    return [0, 0]


def _killer_page(crew: Crew, share: float) -> list[int]:
    """Workers that die are started again, as a supervisor would, until the job is done."""
    crew.start_worker()
    crew.start_worker()
    while True:
        living = crew.living()
        died = sum(worker.poll() == -signal.SIGKILL for worker in crew.workers)
        assert died <= _RESTARTS, crew.told(f"the killer page killed {died} workers")
        if len(living) < 2 and len(crew.workers) - len(living) <= died:  # none came to the end; both may die at once
            crew.start_worker()
        elif not living:
            break
        time.sleep(0.05)
    return [code if (code := worker.wait()) == -signal.SIGKILL else 0 for worker in crew.workers]


def _two_at_work(crew: Crew, share: float) -> tuple[Worker, Worker]:
    """Two workers, both of which have asked for pages, when so much is stored."""
    workers = crew.start_worker(), crew.start_worker()
    crew.wait_for_all_at_work()
    crew.wait_for_stored(round(share * crew.tree.shape.pages))
    return workers


CASES: dict[str, tuple[Case, float | None]] = {
    "kill_one_at_10": (_kill_one, 0.1),
    "kill_one_at_40": (_kill_one, 0.4),
    "kill_one_at_80": (_kill_one, 0.8),
    "kill_both": (_kill_both, None),
    "terminate_one": (_terminate_one, None),
    "freeze_one": (_freeze_one, 0.2),
    "freeze_one_past_the_end": (_freeze_past_the_end, None),
    "valkey_away": (_valkey_away, None),
    "mongodb_away": (_mongodb_away, None),
    "killer_page": (_killer_page, None),
}
"""Name -> what happens, and with which share of the pages stored; None: with any."""


def run_case(name: str, pages: int, folder: Path, *, slow: bool = False, chance: random.Random) -> Figures:
    """One case on a tree of so many pages; `slow`: each item is held for half a second before it is stored.

    Raises AssertionError where it comes to no end.
    """
    case, share = CASES[name]
    shape = Shape(pages=pages)
    killer = chance.choice(shape.leaves()) if case is _killer_page else -1
    share = chance.uniform(0.2, 0.7) if share is None else share
    settings = {"FRONTIER_LEASE": LEASE, "ITEM_PIPELINES": SLOW_STEPS if slow else STEPS}
    with Crew(folder, shape, delay=max(0.1, 60 / pages), killer=killer, **settings) as crew:
        began = time.monotonic()
        expected = case(crew, share)
        codes = crew.wait_finished()
        return _figures(crew, killer, codes, expected, time.monotonic() - began)


def _figures(crew: Crew, killer: int, codes: list[int], expected: list[int], seconds: float) -> Figures:
    stored, truth = crew.stored(), set(range(crew.tree.shape.pages)) - {killer}
    doomed, dead = {killer} - {-1}, [int(url.rpartition("/")[2]) for url in crew.dead()]
    lost, strangers = truth - stored.keys(), stored.keys() - truth
    doubled = stored.total() - len(stored)
    told = {
        f"lost: {sorted(lost)[:20]}": lost,
        f"stored and not there: {sorted(strangers)}": strangers,
        f"documents too many: {doubled}": doubled,
        f"dead: {dead}, not {doomed}": sorted(dead) != sorted(doomed),
        f"exit codes: {codes}, not {expected}": codes != expected,
    }
    return Figures(
        lost=len(lost),
        doubled=doubled,
        done_twice=crew.done_twice(),
        dead=dead,
        codes=codes,
        seconds=round(seconds, 1),
        wrong=[text for text, found in told.items() if found],
    )
