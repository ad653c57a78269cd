"""A crawl over two Scrapyd nodes, against the truth; and what may befall it."""

from __future__ import annotations

from pathlib import Path

from tests.cluster.desk import Desk


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
