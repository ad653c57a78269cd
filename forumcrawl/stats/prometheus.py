"""Runs as Prometheus metrics; every name is made of the vocabulary or declared here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric

from forumcrawl.stats.digest import latencies
from forumcrawl.stats.latency import BEYOND, LIMITS
from forumcrawl.stats.names import LATENCY, LATENCY_SUM, Stat, by_name
from forumcrawl.stats.runs import RunView
from forumcrawl.stats.scrapy_names import SCRAPY
from forumcrawl.stats.vocabulary import OURS, declared, labels_of

Family: TypeAlias = CounterMetricFamily | GaugeMetricFamily
_TOLD_OF_SCRAPY = ("memusage/max", "log_count/{level}")
STATS: tuple[Stat, ...] = (
    *(stat for stat in OURS if stat.kind != "fact" and stat not in (LATENCY, LATENCY_SUM)),
    *(stat for stat in SCRAPY if stat in _TOLD_OF_SCRAPY),
)
"""The stats that are told one by one."""
RUN = ("run", "spider", "place")
"""Labels of every metric: the run's id, its spider, and the forum or site that it is about."""
_LATENCY = "forumcrawl_latency_seconds"
_OF_RUNS = {
    "forumcrawl_run_state": "1 for the state that the run is in: running, ended or crashed.",
    "forumcrawl_run_started_timestamp_seconds": "When the run began.",
    "forumcrawl_run_heard_timestamp_seconds": "When a worker of the run was heard of last.",
    "forumcrawl_workers": "Workers of the run that are alive, and those that fell silent without a word.",
}


def metric_name(stat: Stat) -> str:
    """The name of a stat's metric, with its unit and, of a counter, `_total`."""
    plain = re.sub(r"\W+", "_", re.sub(r"/?\{\w+\}", "", stat)).strip("_")
    unit = f"_{stat.unit}" if stat.unit in ("seconds", "bytes") and stat.unit not in plain else ""
    return f"forumcrawl_{plain}{unit}{'_total' if stat.kind == 'counter' else ''}"


def metric_names() -> dict[str, tuple[str, ...]]:
    """Every name that a query may use, with its labels beside `RUN`."""
    names = {metric_name(stat): stat.labels for stat in STATS}
    names |= {f"{_LATENCY}_bucket": ("host", "le"), f"{_LATENCY}_sum": ("host",), f"{_LATENCY}_count": ("host",)}
    return names | dict.fromkeys(_OF_RUNS, ()) | {"forumcrawl_run_state": ("state",), "forumcrawl_workers": ("alive",)}


def metrics(runs: Iterable[RunView]) -> Iterator[Metric]:
    """The metrics of some runs."""
    runs = list(runs)
    yield from _of_runs(runs)
    yield _latency(runs)
    families = {stat: _family(stat) for stat in STATS}
    for run in runs:
        for name, value in run.stats.items():
            stat = declared(name)
            if stat in families and isinstance(value, int | float):
                families[stat].add_metric([*_labels(run), *labels_of(name).values()], value)
    yield from families.values()


def _labels(run: RunView) -> list[str]:
    place = run.arguments.get("forum") or run.arguments.get("site") or ""
    return [run.run, run.spider, place]


def _family(stat: Stat) -> Family:
    kind = CounterMetricFamily if stat.kind == "counter" else GaugeMetricFamily
    return kind(metric_name(stat), stat.meaning, labels=[*RUN, *stat.labels])


def _of_runs(runs: list[RunView]) -> Iterator[Metric]:
    state, started, heard, workers = (
        GaugeMetricFamily(name, told, labels=[*RUN, *metric_names()[name]]) for name, told in _OF_RUNS.items()
    )
    for run in runs:
        for each in ("running", "ended", "crashed"):
            state.add_metric([*_labels(run), each], run.state == each)
        started.add_metric(_labels(run), run.started_at.timestamp())
        heard.add_metric(_labels(run), run.heard_at.timestamp())
        workers.add_metric([*_labels(run), "yes"], sum(worker.alive for worker in run.workers))
        silent = sum(not worker.alive and worker.reason is None for worker in run.workers)
        workers.add_metric([*_labels(run), "no"], silent)
    yield from (state, started, heard, workers)


def _latency(runs: list[RunView]) -> Metric:
    family = HistogramMetricFamily(_LATENCY, LATENCY_SUM.meaning, labels=[*RUN, "host"])
    for run in runs:
        sums = by_name(LATENCY_SUM, run.stats)
        for host, counts in latencies(run.stats).items():
            family.add_metric([*_labels(run), host], _buckets(counts), sums.get(host, 0.0))
    return family


def _buckets(counts: Mapping[str, Any]) -> list[tuple[str, float]]:
    """Cumulative, as Prometheus has them."""
    told, below = [], 0
    for limit in LIMITS:
        below += counts.get(str(limit), 0)
        told.append((str(limit / 1000), float(below)))
    return [*told, ("+Inf", float(below + counts.get(BEYOND, 0)))]
