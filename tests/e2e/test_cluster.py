"""A crawl over two Scrapyd nodes, against the truth; and what may befall it."""

from __future__ import annotations

from pathlib import Path

from tests.cluster.desk import Desk
from tests.cluster.kills import daemon, kill_and_mend, whole_node
from tests.cluster.upgrade import newer_project, roll
from tests.storage import until


def test_deployed_started_finished_and_equal_to_the_truth(tmp_path: Path) -> None:
    with Desk(tmp_path, threads=60, language="ar", delay=0.02) as desk:
        deployed = desk.said("deploy").splitlines()
        assert [line.partition(": has version ")[0] for line in deployed] == ["node1", "node2"]
        assert desk.start().rstrip().endswith("node1 1, node2 1")
        desk.wait_ended()
        assert desk.differences() == [], desk.logs()
        status = desk.status()
    assert [(node["up"], len(node["versions"])) for node in status["nodes"]] == [(True, 1), (True, 1)]
    assert status["orphans"] == []


def test_a_killed_node_is_made_up_for_by_the_other(tmp_path: Path) -> None:
    with Desk(tmp_path, threads=80, language="ar", delay=0.1) as desk:
        kill_and_mend(desk, whole_node, 50)
        assert desk.differences() == [], desk.logs()


def test_an_orphan_is_ended_and_replaced(tmp_path: Path) -> None:
    with Desk(tmp_path, threads=80, language="ar", delay=0.1) as desk:
        kill_and_mend(desk, daemon, 50)
        assert desk.differences() == [], desk.logs()


def test_a_new_version_reads_the_queue_of_the_one_before(tmp_path: Path) -> None:
    project = newer_project(tmp_path / "newer")
    with Desk(tmp_path / "desk", threads=60, language="ar", delay=0.1) as desk:
        desk.said("deploy")
        desk.start()
        desk.wait_for_posts(1)
        until(lambda: desk.states() == ["running", "running"], 30)
        with desk.paused():
            waiting = desk.job().waiting
            seen = roll(desk, project)
            assert desk.job().waiting >= waiting > 0
        versions = [node["versions"] for node in desk.status()["nodes"]]
        desk.wait_ended()
        assert desk.differences() == [], desk.logs()
    assert versions == [[*seen[0], *seen[-1]]] * 2
    assert [sorted(each.values()) for each in seen if sum(each.values()) == 2] == [[2], [1, 1], [2]]
