"""The table at the end of a crawl: what was read, what was not, where it lies and how to look at it."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TextIO, TypeAlias

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from forumcrawl.items import STORED, Failure
from forumcrawl.stats.names import (
    FRONTIER,
    GATE,
    GATE_VERDICTS,
    HOST_ITEMS,
    ITEMS,
    JOB,
    OUTCOMES,
    PAGES,
    RETRIES,
    SOURCE_BELOW,
    SOURCE_WARNINGS,
    SOURCES,
    UNREAD,
    by_name,
    counted,
)
from forumcrawl.stats.numbers import listed, span

_VERDICTS = ("new", "changed", "unchanged", "rejected", "duplicate")
_HOSTS = 5  # how many are listed
_FAILURES = 5  # how many of the first failures are listed
_RESPONSES = "downloader/response_status_count/{status}"  # Scrapy's own
Row: TypeAlias = tuple[str, ...]
Fact: TypeAlias = tuple[str, str]


class Summary:
    """Keeps the first failures of a crawl, and shows the table when asked."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._failures: list[Failure] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Summary:
        summary = cls(crawler)
        crawler.signals.connect(summary.item_scraped, signal=signals.item_scraped)
        return summary

    def item_scraped(self, item: Any) -> None:
        if isinstance(item, Failure) and len(self._failures) < _FAILURES:
            self._failures.append(item)

    def show(self) -> None:
        """Print the table of a crawl that has ended: on stdout, unless its items were printed there."""
        crawler, stream = self._crawler, sys.stdout
        if any(str(address).startswith("stdout:") for address in crawler.settings.getdict("FEEDS")):
            stream = sys.stderr
        stats = crawler.stats.get_stats()
        facts = [*run_facts(stats, getattr(crawler, "run_id", "")), *failure_facts(self._failures)]
        if storage := getattr(crawler, "storage", None):
            facts += place_facts(crawler.settings, storage.address)
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a locale without these letters is no failure
        try:
            _print(item_rows(stats), facts, stream)
            stream.flush()
        except BrokenPipeError:  # nobody reads it; Python would try once more when it ends
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def item_rows(stats: Mapping[str, Any]) -> list[Row]:
    """A row for each collection that items came for: its name, then how many of each verdict."""
    counts = counted(ITEMS, stats)
    order = [kind.collection for kind in STORED]
    names = sorted({name for name, _ in counts}, key=lambda name: order.index(name) if name in order else len(order))
    return [(name, *(f"{counts.get((name, verdict), 0):,}" for verdict in _VERDICTS)) for name in names]


def run_facts(stats: Mapping[str, Any], run_id: str) -> list[Fact]:
    """How the crawl went, as rows of a name and a text."""
    unread = {"/".join(names): count for names, count in counted(UNREAD, stats).items()}
    responses = by_name(_RESPONSES, stats)
    facts: list[Fact] = [
        ("ended", f"{stats.get('finish_reason', 'killed')}, after {span(stats.get('elapsed_time_seconds') or 0)}"),
        ("run", run_id),
        ("pages", listed(by_name(PAGES, stats))),
        ("responses", listed({f"status {status}:": count for status, count in responses.items()})),
        ("no content", listed(by_name(OUTCOMES, stats))),
        ("retries", listed(by_name(RETRIES, stats))),
        *host_facts(stats),
        *source_facts(stats),
        *gate_facts(stats),
        *frontier_facts(stats),
    ]
    return [*facts, ("unread fields", listed(unread))] if unread else facts


def host_facts(stats: Mapping[str, Any]) -> list[Fact]:
    """Items of each of the forums and sites with the most of them; the first row says what they are."""
    hosts: dict[str, dict[str, dict[str, int]]] = {}
    for (kind, verdict, host), count in sorted(counted(HOST_ITEMS, stats).items()):
        if count:
            hosts.setdefault(host, {}).setdefault(kind, {})[verdict] = count
    sums = {host: sum(sum(verdicts.values()) for verdicts in kinds.values()) for host, kinds in hosts.items()}
    most = sorted(hosts, key=lambda host: (-sums[host], host))[:_HOSTS]
    texts = [f"{host}: " + "; ".join(f"{kind} {listed(said)}" for kind, said in hosts[host].items()) for host in most]
    return [("" if number else "by host", text) for number, text in enumerate(texts)]


def gate_facts(stats: Mapping[str, Any]) -> list[Fact]:
    """What stood before pages, and what the browser did about it."""
    counts = {**by_name(GATE_VERDICTS, stats), **by_name(GATE, stats)}
    told = {name.replace("_", " "): round(count) for name, count in counts.items() if name not in ("open", "login")}
    return [("gates", listed(told))] if told else []


def source_facts(stats: Mapping[str, Any]) -> list[Fact]:
    """What became of links to source sites, and the sites whose pages look as if they were redesigned."""
    outcomes, warned = by_name(SOURCES, stats), by_name(SOURCE_WARNINGS, stats)
    facts: list[Fact] = [("sources", listed(outcomes))] if outcomes else []
    if warned:
        facts.append(("redesigned?", listed(warned)))
    below = [f"{name} of {site} {share:.0%}" for (site, name), share in counted(SOURCE_BELOW, stats).items()]
    return [*facts, ("too rarely found", ", ".join(below))] if below else facts


def frontier_facts(stats: Mapping[str, Any]) -> list[Fact]:
    """The job, and what its frontier had to do twice or gave up; nothing under another scheduler."""
    if (job := stats.get(JOB)) is None:
        return []
    counts = by_name(FRONTIER, stats)
    trouble = {name: counts[name] for name in ("redelivered", "dead", "retries") if counts.get(name)}
    facts = [("job", job)]
    if trouble:
        facts.append(("frontier", listed(trouble)))
    if counts.get("dead"):
        facts.append(("", f"{_typed('scrapy')} frontier {job}"))
    return facts


def failure_facts(failures: Iterable[Failure]) -> list[Fact]:
    """Failures, a row each; the first says what they are."""
    texts = [f"{failure.outcome}  {failure.url}  {failure.reason}".rstrip() for failure in failures]
    return [("first failures" if number == 0 else "", text) for number, text in enumerate(texts)]


def place_facts(settings: BaseSettings, address: str) -> list[Fact]:
    """Where the items are, and what to type to see some of them, from the folder the crawl was started in."""
    name, uri = settings["MONGODB_DATABASE"], settings["MONGODB_URI"]
    place: list[Fact] = [("stored in", f"{name} at {address}")]
    if uri:
        uri = "$MONGODB_URI" if "@" in uri or "assword" in uri else uri
        place += [("type next", _shell(uri, f"db.getSiblingDB('{name}').posts"))]
    else:
        uri = f"{address}{name}?directConnection=true"
        place += [("", f"files in {Path(settings['FORUMCRAWL_HOME']).absolute()}")]
        place += [("type next", f"{_typed('scrapy')} db"), ("then elsewhere", _shell(uri, "db.posts"))]
    return [*place, ("or", _python(uri, name))]


def _shell(uri: str, posts: str) -> str:
    return f'mongosh "{uri}" --eval "{posts}.find({{}}, {{_id: 0, url: 1, created_at: 1, text: 1}}).limit(3)"'


def _python(uri: str, name: str) -> str:
    posts = f"pymongo.MongoClient('{uri}')['{name}'].posts"
    found = f"{posts}.find({{}}, {{'_id': 0, 'url': 1, 'created_at': 1, 'text': 1}}).limit(3)"
    return f"{_typed('python')} -c \"import pymongo; print(*{found}, sep='\\n')\""


def _typed(program: str) -> str:
    """How one starts a program of this Python environment from this folder."""
    path = Path(sys.executable).with_name(program)
    found = shutil.which(program)
    if found and os.path.abspath(found) == str(path):
        return program
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _print(items: list[Row], facts: list[Fact], stream: TextIO) -> None:
    if not stream.isatty():
        for row in [("items", *_VERDICTS), *items]:
            stream.write(f"{row[0]:<14}" + "".join(f"{cell:>12}" for cell in row[1:]) + "\n")
        for name, text in facts:
            stream.write(f"{name:<14}  {text}\n")
        return
    console = Console(file=stream)
    console.print(_table(items))
    for name, text in facts:
        # Not in a table: that would break commands and addresses into lines that cannot be copied.
        console.print(Text.assemble((f"{name:<14}  ", "bold"), text), soft_wrap=True)


def _table(rows: list[Row]) -> Table:
    table = Table("items", box=box.SIMPLE_HEAD, pad_edge=False)
    for verdict in _VERDICTS:
        table.add_column(verdict, justify="right")
    for row in rows:
        table.add_row(*row)
    return table
