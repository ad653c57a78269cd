"""What may be wrong with a run: each check finds that, finds nothing, or (None) cannot tell for this run now."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import TypeAlias

from forumcrawl.monitors.case import Case, Finding
from forumcrawl.stats.names import (
    DEAD,
    DISK_FREE,
    FILLED,
    GATE_VERDICTS,
    IN_FLIGHT,
    ITEMS,
    NO_RESPONSE,
    OBJECTS,
    SOURCE_WARNINGS,
    STATUS,
    STORAGE_BATCHES,
    STORAGE_RETRIES,
    STORAGE_WAIT,
    THREADS,
    WAITING,
    counted,
)

Found: TypeAlias = list[Finding] | None
Check: TypeAlias = Callable[[Case], Found]
_CONTENT = ("threads", "posts", "articles")
_GATES = ("challenge", "blocked", "js_gate", "login")
_LEAST_RUNS = 3  # that have a median


def crashed(case: Case) -> Found:
    if case.run.state != "crashed":
        return []
    told = f"all {len(case.run.workers)} workers fell silent, the last at {case.run.heard_at:%Y-%m-%d %H:%M:%S} UTC"
    return [Finding("crashed", "", told)]


def workers(case: Case) -> Found:
    """Workers that fell silent while others go on: killed where their process is known to be gone."""
    if not case.running:
        return [] if case.run.state == "ended" else None
    found = []
    for worker in case.run.workers:
        if not worker.alive and worker.reason is None:
            name = "worker_killed" if worker.gone else "worker_stuck"
            told = "its process is gone" if worker.gone else "its process is frozen, cut off or gone with its machine"
            heard = f"{worker.heard_at:%Y-%m-%d %H:%M:%S} UTC"
            found.append(Finding(name, worker.name, f"worker {worker.name} is silent since {heard}: {told}"))
    return found


def stalled(case: Case) -> Found:
    if not case.running:
        return None
    waiting = int(case.run.stats.get(WAITING, 0) + case.run.stats.get(IN_FLIGHT, 0))
    if not waiting or case.quiet < case.limits.stalled_after or not any(each.alive for each in case.run.workers):
        return []
    told = f"no request for {case.quiet:.0f} s while {waiting:,} wait or are in flight: scrapy frontier says why"
    return [Finding("stalled", "", told)]


def server_errors(case: Case) -> Found:
    bad = defaultdict[str, float](float)
    for (host, status), count in case.recent(STATUS).items():
        bad[host] += count if status.startswith("5") else 0
    for (host, _), count in case.recent(NO_RESPONSE).items():
        bad[host] += count
    return _shares("server_errors", case, bad, case.limits.server_errors, "are server errors or did not come")


def rate_limited(case: Case) -> Found:
    if case.run.reason == "rate_limited":
        return [Finding("rate_limited", "", "the crawl ended: the host asks to be left alone for longer than it waits")]
    bad = {host: count for (host, status), count in case.recent(STATUS).items() if status == "429"}
    return _shares("rate_limited", case, bad, case.limits.rate_limited, "are 429: it asks to be left alone")


def gates(case: Case) -> Found:
    bad, pages = defaultdict[str, float](float), defaultdict[str, float](float)
    for (verdict, host), count in case.recent(GATE_VERDICTS).items():
        pages[host] += count
        bad[host] += count if verdict in _GATES else 0
    found = _parts("gate", bad, pages, case, case.limits.refused, "pages are gates: challenged, blocked or for members")
    refused = defaultdict[str, float](float)
    for (host, status), count in case.recent(STATUS).items():
        refused[host] += count if status in ("401", "403") else 0
    known = {finding.subject for finding in found}
    more = _shares("gate", case, refused, case.limits.refused, "are refusals (401, 403)")
    return [*found, *(finding for finding in more if finding.subject not in known)]


def coverage(case: Case) -> Found:
    """Fields below their floor, among what was read lately."""
    seen = {part: count for (part,), count in case.recent(OBJECTS).items()}
    filled = case.recent(FILLED)
    found = []
    for path, floor in case.limits.coverage.items():
        part, _, field = path.rpartition(".")
        objects, told = seen.get(part, 0), filled.get((part, field), 0)
        if objects >= case.limits.least_objects and told / objects < floor:
            said = f"{path} is filled in {told / objects:.0%} of the last {objects:,.0f} {part}, expected {floor:.0%}"
            found.append(Finding("coverage", path, said))
    return found


def rejected(case: Case) -> Found:
    sums, bad = defaultdict[str, float](float), defaultdict[str, float](float)
    for (kind, verdict), count in case.recent(ITEMS).items():
        sums[kind] += count
        bad[kind] += count if verdict == "rejected" else 0
    found = []
    for kind, count in bad.items():
        if sums[kind] >= case.limits.least_objects and count / sums[kind] > case.limits.rejected:
            told = f"{count:,.0f} of the last {sums[kind]:,.0f} {kind} are not valid"
            found.append(Finding("rejected", kind, told))
    return found


def redesigned(case: Case) -> Found:
    warned = case.recent(SOURCE_WARNINGS)
    return [
        Finding("redesigned", site, f"{count:,.0f} articles of {site} could not be read by its page class any more")
        for (site,), count in warned.items()
        if count >= case.limits.redesigned
    ]


def dead_letters(case: Case) -> Found:
    dead = int(case.run.stats.get(DEAD, 0))
    if dead <= case.limits.dead_letters:
        return []
    return [Finding("dead_letters", "", f"{dead:,} dead letters: scrapy frontier {case.run.job} lists them")]


def storage(case: Case) -> Found:
    if not case.running:
        return [] if case.run.state == "ended" else None
    batches, seconds, again = (case.since(name) for name in (STORAGE_BATCHES, STORAGE_WAIT, STORAGE_RETRIES))
    if again >= case.limits.storage_retries:
        return [Finding("storage_slow", "", f"the database was away {again:,.0f} times lately")]
    if not batches:
        return None  # a database so slow that no write was finished is not known to be quick again
    if seconds / batches > case.limits.storage_seconds:
        told = f"a bulk write takes {seconds / batches:.1f} s, expected {case.limits.storage_seconds:g} s at the most"
        return [Finding("storage_slow", "", told)]
    return []


def disk(case: Case) -> Found:
    free = case.run.stats.get(DISK_FREE)
    if not case.running or free is None:
        return None
    if free >= case.limits.disk_free:
        return []
    told = f"{free / 1e9:.1f} GB are left on a worker's disk, expected {case.limits.disk_free / 1e9:g} GB"
    return [Finding("disk_low", "", told)]


def nothing_crawled(case: Case) -> Found:
    if not case.finished:
        return None
    if _content(case) or sum(counted(THREADS, case.run.stats).values()):
        return []
    return [Finding("nothing_crawled", "", f"it finished without a thread, post or article: {_pages(case)}")]


def short(case: Case) -> Found:
    """Far less than the last runs with the same arguments."""
    if not case.finished or nothing_crawled(case):
        return None
    if len(case.earlier) < _LEAST_RUNS:
        return []
    median = statistics.median(map(_yield, case.earlier))
    now = _yield(case.run.totals)
    if now >= case.limits.of_median * median:
        return []
    return [Finding("short", "", f"it yielded {now:,} items, the last {len(case.earlier)} runs {median:,.0f} (median)")]


CHECKS: Mapping[str, tuple[Check, ...]] = {
    "workers": (crashed, workers, stalled),
    "hosts": (server_errors, rate_limited, gates),
    "items": (coverage, rejected, redesigned, dead_letters),
    "servers": (storage, disk),
    "result": (nothing_crawled, short),
}
"""All checks, by what they look at."""


def _shares(name: str, case: Case, bad: Mapping[str, float], limit: float, told: str) -> list[Finding]:
    """Hosts of whose requests lately too large a share was bad."""
    asked = defaultdict[str, float](float)
    for template in (STATUS, NO_RESPONSE):
        for (host, _), count in case.recent(template).items():
            asked[host] += count
    return _parts(name, bad, asked, case, limit, f"answers {told}")


def _parts(
    name: str, bad: Mapping[str, float], whole: Mapping[str, float], case: Case, limit: float, told: str
) -> list[Finding]:
    return [
        Finding(name, host, f"{host}: {count:,.0f} of the last {whole[host]:,.0f} {told}")
        for host, count in bad.items()
        if whole[host] >= case.limits.least_answers and count / whole[host] > limit
    ]


def _content(case: Case) -> int:
    return sum(count for (kind, _), count in counted(ITEMS, case.run.stats).items() if kind in _CONTENT)


def _pages(case: Case) -> str:
    return f"{case.run.totals.get('pages', 0):,} pages, {case.run.totals.get('failures', 0):,} without content"


def _yield(totals: Mapping[str, int]) -> int:
    return sum(totals.get(verdict, 0) for verdict in ("new", "changed", "unchanged"))
