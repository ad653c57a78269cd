"""How a worker is, from what its node and the frontier say."""

from __future__ import annotations

import time
from typing import Literal

import pytest

from forumcrawl.cluster.look import Look
from forumcrawl.cluster.register import Entry, Order, Placed
from forumcrawl.cluster.report import lines
from forumcrawl.cluster.scrapyd import NodeError, Seen
from forumcrawl.cluster.views import ClusterView, NodeView
from forumcrawl.frontier.views import JobStatus, WorkerStatus

State = Literal["pending", "running", "finished"]
ORDER = Order(spider="forum", arguments={}, settings={})
AWAY = NodeError("no answer")


def listed(state: State | None) -> Seen:
    return Seen(["v1"], {} if state is None else {"w": state})


def heard(*, alive: bool, node_job: str | None = "w", name: str = "host:1:a") -> WorkerStatus:
    return WorkerStatus(name=name, alive=alive, seconds_since=0.5, in_flight=1, node_job=node_job, version="v2")


def job(*workers: WorkerStatus) -> JobStatus:
    return JobStatus(
        id="job",
        state="unfinished",
        paused=False,
        spider="forum",
        scope={},
        began="",
        ended=None,
        reason=None,
        counts={},
        waiting=0,
        hosts=[],
        workers=list(workers),
        in_flight=0,
        oldest=None,
        dead=[],
    )


def seen(answer: Seen | NodeError, *workers: WorkerStatus, age: float = 1, placed: bool = True) -> Look:
    where = {"w": Placed(node="n", version="v1", at=time.time() - age)} if placed else {}
    return Look({"n": answer}, {"job": Entry(ORDER, where)}, {"job": job(*workers)})


ALIVE, SILENT = heard(alive=True), heard(alive=False)


@pytest.mark.parametrize(
    ("answer", "workers", "age", "state"),
    [
        (listed("pending"), (), 1, "pending"),
        (listed("running"), (), 1, "starting"),
        (listed("running"), (), 100, "silent"),
        (listed("running"), (ALIVE,), 1, "running"),
        (listed("running"), (SILENT,), 1, "silent"),
        (listed("running"), (SILENT, heard(alive=True, name="host:1:b")), 1, "running"),
        (listed("finished"), (ALIVE,), 1, "gone"),
        (listed("finished"), (SILENT,), 1, "gone"),
        (listed(None), (ALIVE,), 1, "orphan"),
        (listed(None), (SILENT,), 1, "gone"),
        (listed(None), (), 1, "gone"),
        (AWAY, (ALIVE,), 1, "orphan"),
        (AWAY, (SILENT,), 1, "gone"),
    ],
)
def test_a_worker_that_was_given_to_a_node(
    answer: Seen | NodeError, workers: tuple[WorkerStatus, ...], age: float, state: str
) -> None:
    (worker,) = seen(answer, *workers, age=age).workers("job")
    assert (worker.id, worker.node, worker.state) == ("w", "n", state)
    assert worker.version == ("v2" if workers else "v1"), "what it says itself is what it runs"


@pytest.mark.parametrize(
    ("answer", "worker", "state", "id"),
    [
        (listed("running"), ALIVE, "running", "w"),
        (listed(None), ALIVE, "orphan", "w"),
        (AWAY, ALIVE, "orphan", "w"),
        (AWAY, heard(alive=True, node_job=None), "foreign", "host:1:a"),
    ],
)
def test_a_worker_that_the_register_does_not_know(
    answer: Seen | NodeError, worker: WorkerStatus, state: str, id: str
) -> None:
    (told,) = seen(answer, worker, placed=False).workers("job")
    assert (told.id, told.state) == (id, state)


def test_a_stranger_that_is_dead_is_not_told() -> None:
    assert seen(listed(None), SILENT, placed=False).workers("job") == []


def test_a_node_that_is_down_is_a_line_with_its_reason() -> None:
    down = NodeView(name="a", url="", up=False, error="no answer\nfrom it", versions=[], pending=0, running=0)
    up = NodeView(name="b", url="", up=True, error=None, versions=list("12345"), pending=1, running=2)
    text = list(lines(ClusterView(nodes=[down, up], jobs=[], orphans=[], redis=None, error="no Redis")))
    assert text[1].split(None, 2) == ["a", "down", "no answer from it"]
    assert text[2].split(None, 4) == ["b", "up", "2", "1", "5, 4, 3 and 2 older"]
    assert text[3] == "\nno Redis"
