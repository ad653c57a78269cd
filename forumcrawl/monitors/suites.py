"""The checks as Spidermon's suites: what each finds is gathered, and fails its monitor with the reason."""

from __future__ import annotations

from typing import Any

from spidermon import Monitor, MonitorSuite
from spidermon.results.monitor import MonitorResult
from spidermon.runners import MonitorRunner

from forumcrawl.monitors.case import Case
from forumcrawl.monitors.checks import CHECKS, Check, Found


class _Runner(MonitorRunner):  # type: ignore[misc]
    """Without Spidermon's pages of log lines."""

    def create_result(self) -> MonitorResult:
        return MonitorResult()


def _monitor(subject: str, checks: tuple[Check, ...]) -> type[Monitor]:
    """A monitor with a test for each check."""
    return type(f"{subject.title()}Monitor", (Monitor,), {f"test_{check.__name__}": _test(check) for check in checks})


def _test(check: Check) -> Any:
    def test(self: Any) -> None:
        found = self.data.found[check.__name__] = check(self.data.case)
        if found:
            raise AssertionError("; ".join(each.reason for each in found))

    test.__doc__ = check.__doc__
    return test


class RunSuite(MonitorSuite):  # type: ignore[misc]
    """Everything that is judged of a run."""

    monitors = [_monitor(subject, checks) for subject, checks in CHECKS.items()]  # noqa: RUF012 - as Spidermon has it


def judged(case: Case) -> dict[str, Found]:
    """What each check of the suite found, by its name."""
    found: dict[str, Found] = {}
    _Runner().run(RunSuite(), case=case, found=found)
    return found
