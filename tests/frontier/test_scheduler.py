"""What goes wrong in a spider or a pipeline is not lost without a word: it becomes a dead letter."""

from __future__ import annotations

from pathlib import Path

from tests.frontier.crew import STEPS, Crew
from tests.tree.shape import Shape


def test_what_fails_is_dead_with_its_reason_and_the_rest_is_done(tmp_path: Path) -> None:
    steps = {"tests.tree.pipelines.FailingPipeline": 50, **STEPS}
    with Crew(tmp_path, Shape(pages=2), ITEM_PIPELINES=steps) as crew:
        crew.start_worker("faulty")
        assert crew.wait_finished() == [0], crew.told("the worker failed")
        reasons = {letter["url"].rpartition("?")[2]: letter["reason"] for letter in crew.letters()}
        assert reasons.pop("fails") == "the spider failed: LookupError: no such field"
        assert reasons.pop("loses") == "an item was lost: RuntimeError: the disk is on fire"
        ((url, reason),) = reasons.items()
        assert "nobody" in url
        assert reason.startswith("NotSerialisable: ")
        assert crew.stored() == {1: 1}
        log = crew.logs()
    assert log.count(" ERROR Dead: ") == 3
    assert "frontier        dead 3" in log
