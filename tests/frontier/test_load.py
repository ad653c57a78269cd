"""What a busy process asks of hosts that can wait."""

from __future__ import annotations

import pytest

from forumcrawl.frontier.load import Load


class Clock:
    """A process's time, and the processor time of it that was used."""

    now = 100.0
    used = 0.0

    def pass_(self, seconds: float, share: float) -> None:
        self.now += seconds
        self.used += seconds * share


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("time.monotonic", lambda: clock.now)
    monkeypatch.setattr("time.process_time", lambda: clock.used)
    return clock


def test_the_gap_grows_with_what_is_used_beyond_half_of_a_core(clock: Clock) -> None:
    meter, gaps = Load(), []
    for share in (0.4, 0.5, 0.75, 1.0):
        clock.pass_(1, share)
        meter.note()
        gaps.append(meter.gap())
    assert gaps == pytest.approx([0, 0, 2, 4])


def test_nothing_waits_where_no_page_of_the_forum_is_read(clock: Clock) -> None:
    meter = Load()
    clock.pass_(1, 1.0)
    assert meter.gap() == 0
    meter.note()
    assert meter.gap() > 0
    clock.pass_(3.5, 1.0)
    assert meter.gap() == 0


def test_a_moment_is_too_short_to_judge_by(clock: Clock) -> None:
    meter = Load()
    meter.note()
    for _ in range(4):
        clock.pass_(0.1, 1.0)
        assert meter.gap() == 0
    clock.pass_(0.2, 1.0)
    assert meter.gap() > 0


def test_a_busy_database_makes_what_can_wait_wait_as_a_busy_processor_does(clock: Clock) -> None:
    stored = 7.0
    meter = Load(lambda: stored)
    clock.pass_(1, 0.2)
    stored += 1.0
    meter.note()
    assert meter.gap() == pytest.approx(4)
    clock.pass_(1, 0.75)
    stored += 0.3
    assert meter.gap() == pytest.approx(2)
