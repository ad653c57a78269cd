"""Each trouble is found, by its own check and no other; a healthy run has none."""

from __future__ import annotations

from typing import Any

import pytest

from forumcrawl.monitors.case import Case, Finding
from forumcrawl.monitors.suites import judged
from tests.monitors.cases import HEALTHY, case, finished, view, worker


def found(judging: Case) -> list[Finding]:
    """What all checks together find."""
    return [finding for several in judged(judging).values() for finding in several or ()]


def changed(stats: dict[str, Any]) -> Case:
    return case(view(stats={**HEALTHY, **stats}))


TROUBLES: dict[str, tuple[Case, str, str]] = {
    "a killed worker": (
        case(view(workers=[worker("one"), worker("two", alive=False, gone=True)])),
        "worker_killed",
        "two",
    ),
    "a stuck worker": (case(view(workers=[worker("one"), worker("two", alive=False)])), "worker_stuck", "two"),
    "all workers dead": (case(view(state="crashed", reason="crashed")), "crashed", ""),
    "a stalled job": (case(view(), before=HEALTHY, quiet=400), "stalled", ""),
    "half 5xx": (changed({"status/forum.example/500": 500}), "server_errors", "forum.example"),
    "no answers": (changed({"no_response/forum.example/TimeoutError": 300}), "server_errors", "forum.example"),
    "a gate": (changed({"gate_verdicts/challenge/news.example": 30}), "gate", "news.example"),
    "refusals": (changed({"status/forum.example/403": 500}), "gate", "forum.example"),
    "a vanished field": (changed({"filled/posts/created_at": 100}), "coverage", "posts.created_at"),
    "a vanished part": (changed({"filled/posts.author/name": 0}), "coverage", "posts.author.name"),
    "items that are not valid": (changed({"items/threads/rejected": 60}), "rejected", "threads"),
    "a slow database": (changed({"storage/seconds": 400.0}), "storage_slow", ""),
    "a database away": (changed({"storage/retries": 9}), "storage_slow", ""),
    "a full disk": (changed({"disk/free": 900_000_000}), "disk_low", ""),
    "dead letters": (changed({"queue/dead": 2}), "dead_letters", ""),
    "a redesigned source": (changed({"source_warnings/news.example": 8}), "redesigned", "news.example"),
    "a limited rate": (changed({"status/forum.example/429": 200}), "rate_limited", "forum.example"),
    "sent away": (case(finished(state="ended", reason="rate_limited")), "rate_limited", ""),
    "an empty forum": (case(finished(stats={"pages/board_index": 1})), "nothing_crawled", ""),
    "a short crawl": (case(finished(), earlier=[{"new": 9000}, {"new": 9500}, {"unchanged": 9100}]), "short", ""),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_trouble_raises_its_alarm_and_no_other(trouble: str) -> None:
    judging, name, subject = TROUBLES[trouble]
    assert [(each.name, each.subject) for each in found(judging)] == [(name, subject)]


@pytest.mark.parametrize(
    "judging",
    [
        case(view()),
        case(view(), before={name: 0.9 * n for name, n in HEALTHY.items()}),
        case(finished()),
        case(finished(), earlier=[{"new": 3000}, {"new": 2500}, {"new": 3500}]),
        case(finished(stats={"threads/skipped": 400, "pages/board": 20})),
        case(view(workers=[worker("one"), worker("two", alive=False, reason="shutdown")])),
        case(view(stats={**HEALTHY, "queue/waiting": 0}), before=HEALTHY, quiet=1000),
        case(view(stats={})),
    ],
)
def test_where_nothing_is_wrong_nothing_is_found(judging: Case) -> None:
    assert found(judging) == []


def test_only_what_happened_lately_counts() -> None:
    before = {**HEALTHY, "status/forum.example/500": 400}
    after = {**before, "status/forum.example/200": 600}
    assert found(case(view(stats=after), before=before)) == []


def test_a_host_of_which_little_is_known_is_not_judged() -> None:
    assert found(changed({"status/news.example/500": 10})) == []


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_reason_is_a_sentence_with_the_subject_in_it(trouble: str) -> None:
    judging, _, subject = TROUBLES[trouble]
    (finding,) = found(judging)
    assert len(finding.reason) > 20
    assert "\n" not in finding.reason
    assert subject in finding.reason


def test_a_database_that_finished_no_write_lately_is_not_said_to_be_quick_again() -> None:
    assert judged(case(view(), before=HEALTHY))["storage"] is None
    assert judged(case(view()))["storage"] == []
