"""Looks at runs now and then, and tells what is newly wrong with them and what no longer is."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from scrapy.settings import BaseSettings

from forumcrawl.items.run import Alarm, Run
from forumcrawl.monitors.actions import Action, Message, actions, send
from forumcrawl.monitors.case import Case, Finding
from forumcrawl.monitors.expectations import expectations
from forumcrawl.monitors.suites import judged
from forumcrawl.stats.names import REQUESTS, by_name
from forumcrawl.stats.runs import RunView
from forumcrawl.storage.runs import RunStore

_WINDOW = 4  # looks that "lately" goes back
_LATELY = ("server_errors", "rate_limited", "gates", "coverage", "rejected", "redesigned", "storage")
"""Checks of what a run did lately."""
_CALM = 2  # looks in a row without it after which an alarm is over


@dataclass(slots=True)
class _Memory:
    """What is remembered of a run between two looks."""

    looks: deque[Mapping[str, Any]] = field(default_factory=lambda: deque(maxlen=_WINDOW))
    requests: int = -1
    asked_at: float = 0.0
    """When its requests were last seen to rise (monotonic)."""


class Judge:
    """Judges runs; of several judges of one run, one tells of each alarm."""

    def __init__(self, settings: BaseSettings) -> None:
        self._settings = settings
        self._actions: Mapping[str, Action] = actions(settings)
        self._memories: dict[str, _Memory] = {}
        self._calm: dict[str, int] = {}

    async def look(self, store: RunStore, runs: list[RunView]) -> list[Message]:
        """Judge the latest run of each place; what was told."""
        latest: dict[str, RunView] = {}
        for run in runs:
            known = latest.get(place_of(run))
            if known is None or run.started_at > known.started_at:
                latest[place_of(run)] = run
        self._memories = {run: memory for run, memory in self._memories.items() if run in {each.run for each in runs}}
        return [message for run in latest.values() for message in await self._judge(store, run)]

    async def _judge(self, store: RunStore, run: RunView) -> list[Message]:
        found = judged(case := await self._case(store, run))
        if not case.running:  # it can no longer get better
            found = {check: several or (None if check in _LATELY else several) for check, several in found.items()}
        findings = {self._key(run, each): each for several in found.values() for each in several or ()}
        known = {alarm.key: alarm for alarm in await store.alarms(place_of(run))}
        told = [await self._raise(store, run, each, known.get(key)) for key, each in findings.items()]
        for key, alarm in known.items():
            self._calm[key] = 0 if key in findings else self._calm.get(key, 0) + 1
            if self._calm[key] >= _CALM and alarm.name in _told_by(found):
                told.append(await self._end(store, run, alarm))
        return [message for message in told if message is not None]

    async def _case(self, store: RunStore, run: RunView) -> Case:
        limits = expectations(
            run.arguments.get("forum") or run.arguments.get("site") or "", self._settings["EXPECTATIONS"]
        )
        memory = self._memories.setdefault(run.run, _Memory())
        requests, now = sum(by_name(REQUESTS, run.stats).values()), time.monotonic()
        if requests != memory.requests:
            memory.requests, memory.asked_at = requests, now
        before = memory.looks[0] if memory.looks else {}
        memory.looks.append(run.stats)
        earlier: list[Run] = []
        if run.state == "ended":
            earlier = await store.finished(_record(run), limits.median_of)
        totals = [each.totals for each in earlier]
        return Case(run=run, limits=limits, before=before, quiet=now - memory.asked_at, earlier=totals)

    async def _raise(self, store: RunStore, run: RunView, finding: Finding, known: Alarm | None) -> Message | None:
        """Tell of an alarm that is new, or of which not everybody could be told."""
        alarm = known or Alarm(
            place=place_of(run),
            name=finding.name,
            subject=finding.subject,
            reason=finding.reason,
            run=run.run,
            raised_at=datetime.now(UTC),
        )
        if alarm.told or (known is None and not await store.raise_alarm(alarm)):
            return None
        message = self._message("raised", run, alarm)
        alarm.told = await send(message, self._actions)
        await store.save(alarm)
        return message

    async def _end(self, store: RunStore, run: RunView, alarm: Alarm) -> Message | None:
        self._calm.pop(alarm.key, None)
        if not await store.end_alarm(alarm):
            return None
        message = self._message("recovered", run, alarm)
        await send(message, self._actions)
        return message

    def _message(self, event: Any, run: RunView, alarm: Alarm) -> Message:
        link = self._settings["ALERT_LINK"]
        return Message(
            event=event,
            name=alarm.name,
            subject=alarm.subject,
            place=alarm.place,
            reason=alarm.reason,
            run=run.run,
            link=link.replace("{run}", run.run) if link else f"scrapy runs show {run.run}",
            numbers=run.totals,
        )

    def _key(self, run: RunView, finding: Finding) -> str:
        return f"{place_of(run)}/{finding.name}/{finding.subject}"


def place_of(run: RunView) -> str:
    """What alarms are about: the forum or site, and the spider."""
    return f"{run.arguments.get('forum') or run.arguments.get('site') or 'all sites'} ({run.spider})"


def _told_by(found: Mapping[str, Any]) -> set[str]:
    """Names of alarms whose check could tell."""
    names = {"workers": ("worker_killed", "worker_stuck"), "gates": ("gate",), "storage": ("storage_slow",)}
    names |= {"disk": ("disk_low",)}
    return {name for check, several in found.items() if several is not None for name in names.get(check, (check,))}


def _record(run: RunView) -> Run:
    return Run(
        run=run.run, spider=run.spider, arguments=dict(run.arguments), started_at=run.started_at, heard_at=run.heard_at
    )
