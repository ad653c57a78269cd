"""A crawl over two Scrapyd nodes, against the truth and through what may befall it; more kills are bars."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cluster.desk import Desk
from tests.cluster.upgrade import newer_project, roll
from tests.storage import until

pytestmark = pytest.mark.timeout(600)  # a busy machine takes long to start so many processes

FEW = ("-s", "HOST_IN_FLIGHT=4")
"""Most of the forum waits when the first page of a thread is stored, however slow the machine is."""


def test_an_orphan_is_replaced_a_job_stopped_and_taken_up_again(tmp_path: Path) -> None:
    with Desk(tmp_path, threads=60, language="ar", delay=0.1) as desk:
        assert [line.partition(": has version ")[0] for line in desk.said("deploy").splitlines()] == ["node1", "node2"]
        assert desk.start(2, *FEW).endswith("(new): node1 1, node2 1\n")
        desk.wait_for_posts(1)
        with desk.paused():
            until(lambda: desk.states() == ["running", "running"], 120)
            desk.nodes[0].kill_daemon()
            until(lambda: desk.states() == ["orphan", "running"], 120)
            status = desk.status()
            assert [(node["up"], bool(node["error"])) for node in status["nodes"]] == [(False, True), (True, False)]
            assert len(status["orphans"]) == 1
            assert "is over" not in (out := desk.said("restart-dead"))
            assert f"1 started in place of {status['orphans'][0]}" in out
            assert desk.states() == ["running", "running"]
            assert (len(desk.nodes[0].workers()), len(desk.nodes[1].workers())) == (0, 2)
            assert desk.said("stop", "--now").endswith("2 of 2 workers have ended\n")
            assert (desk.states(), desk.nodes[1].workers()) == ([], [])
            desk.nodes[0].start()
            assert desk.start().endswith("(joined): node1 1, node2 1\n")
            assert desk.start().endswith("(joined): has 2 workers, none was started\n")
        desk.wait_ended()
        assert desk.differences() == [], desk.logs()
        assert desk.status()["orphans"] == []


def test_a_new_version_reads_the_queue_of_the_one_before(tmp_path: Path) -> None:
    project = newer_project(tmp_path / "newer")
    with Desk(tmp_path / "desk", threads=60, language="ar", delay=0.1) as desk:
        desk.said("deploy")
        desk.start(2, *FEW)
        desk.wait_for_posts(1)
        with desk.paused():
            until(lambda: desk.states() == ["running", "running"], 120)
            waiting = desk.job().waiting
            seen = roll(desk, project)
            assert desk.job().waiting >= waiting > 0
        versions = [node["versions"] for node in desk.status()["nodes"]]
        desk.wait_ended()
        assert desk.differences() == [], desk.logs()
    assert versions == [[*seen[0], *seen[-1]]] * 2
    assert [sorted(each.values()) for each in seen if sum(each.values()) == 2] == [[2], [1, 1], [2]]


def test_a_gate_opens_within_the_job_of_a_node(tmp_path: Path) -> None:
    with Desk(tmp_path, threads=12, language="ar", gate="cookie") as desk:
        desk.said("deploy")
        desk.start(1)
        desk.wait_ended()
        assert desk.differences() == [], desk.logs()
        agents = {line["agent"] for line in desk.replica.log() if line["kind"] == "thread"}
        assert agents
        assert all("Headless" in agent for agent in agents)
