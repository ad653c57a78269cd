"""What may be killed in mid-crawl, and how a job is mended then."""

from __future__ import annotations

from collections.abc import Callable

from tests.cluster.desk import Desk
from tests.cluster.nodes import ScrapydNode
from tests.storage import until


def daemon(node: ScrapydNode) -> None:
    """Scrapyd alone: its worker goes on as an orphan."""
    node.kill_daemon()


def daemon_and_back(node: ScrapydNode) -> None:
    """Scrapyd is there again, and knows nothing of its worker."""
    node.kill_daemon()
    node.start()


def worker(node: ScrapydNode) -> None:
    """The worker alone."""
    node.kill_workers()


def whole_node(node: ScrapydNode) -> None:
    """Both."""
    node.kill_daemon()
    node.kill_workers()


KILLS: dict[str, Callable[[ScrapydNode], None]] = {
    each.__name__: each for each in (daemon, daemon_and_back, worker, whole_node)
}


def kill_and_mend(desk: Desk, kill: Callable[[ScrapydNode], None], posts: int) -> None:
    """Start a job, kill, restart what is dead, and wait for its end."""
    desk.said("deploy")
    desk.start()
    desk.wait_for_posts(posts)
    until(lambda: desk.states() == ["running", "running"], 120)
    kill(desk.nodes[0])
    with desk.paused():
        unsound = "orphan" if kill in (daemon, daemon_and_back) else "gone"
        until(lambda: desk.states() == sorted(["running", unsound]), 120)
        code, out, err = desk.run("restart-dead")
        away = "node1: no answer from" in out
        assert (code, err, away) == (0, "", kill in (daemon, whole_node)), out + err
        assert desk.states() == ["running", "running"], out
        assert len(desk.nodes[0].workers()) == (not away)
    desk.wait_ended()
    assert desk.status()["orphans"] == []
