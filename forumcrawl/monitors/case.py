"""A run as monitors judge it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from forumcrawl.monitors.expectations import Expectations
from forumcrawl.stats.names import Stat, counted
from forumcrawl.stats.runs import RunView


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong."""

    name: str
    """What: server_errors, disk_low ..."""
    subject: str
    """Of which host, field, worker ...; empty where it is the run itself."""
    reason: str
    """In a sentence, with the numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The run, and what it did lately."""

    run: RunView
    limits: Expectations
    before: Mapping[str, Any] = field(default_factory=dict)
    """Its stats at an earlier look, a minute or two ago; empty where there was none."""
    quiet: float = 0.0
    """Seconds since it last sent a request, as far as was looked."""
    earlier: Sequence[Mapping[str, int]] = ()
    """Totals of the last runs with the same arguments that finished."""

    @property
    def running(self) -> bool:
        return self.run.state == "running"

    @property
    def finished(self) -> bool:
        """It ended because nothing was left to do."""
        return self.run.state == "ended" and self.run.reason == "finished"

    def recent(self, template: Stat) -> dict[tuple[str, ...], float]:
        """What a stat with labels counted since the earlier look."""
        old = counted(template, self.before)
        return {labels: count - old.get(labels, 0) for labels, count in counted(template, self.run.stats).items()}

    def since(self, name: str) -> float:
        """What a stat without labels counted since the earlier look."""
        return float(self.run.stats.get(name, 0)) - float(self.before.get(name, 0))
