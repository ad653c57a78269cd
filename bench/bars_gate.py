"""The promises about gates at full size, with a real browser: what opens, what it costs, what is left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy.settings import Settings

import forumcrawl.settings
from forumcrawl.gate.browser import Browser
from tests.e2e.crawling import ROOT, Site
from tests.gate.processes import browsers_of, seconds_until_gone, wait_for_browser
from tests.replica.process import ReplicaProcess

OPENABLE = ("cookie", "shell", "refresh", "returning", "agent", "crash", "hang")
FAST = ("-s", "HOST_DELAY=0")
_EARLY, _VISITS = 20, 200
_LATENCY = 1.0
_BY_LATENCY = ("-s", "HOST_DELAY=0.01", "-s", "HOST_CONCURRENCY=4", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=32")
"""Four requests in flight are a host's pace. All three are 127.0.0.1, one slot of Scrapy's downloader."""
_PAGES = 150
_BESIDE = (("returning", "endless"), ("cookie", "shell"))


def gates(home: Path) -> dict[str, Any]:
    """The truth behind every gate that opens, the browser killed in mid-page too; the endless one is given up."""
    wrong = {kind: _differences(home / kind, kind) for kind in OPENABLE}
    wrong["browser killed"] = _killed_browser(home / "killed")
    endless = {kind: _given_up(home / kind, kind) for kind in ("endless", "person")}
    kept = not any(wrong.values()) and all(each["parked"] and each["recorded"] for each in endless.values())
    return {"kept": kept, "differences": wrong, "given_up": endless}


def _differences(home: Path, kind: str) -> int:
    home.mkdir(parents=True)
    with Site(home) as site, ReplicaProcess(threads=120, language="ar", gate=kind) as replica:
        code = site.crawl(replica.url, *FAST)
        return len(site.differences(replica)) + code


def _killed_browser(home: Path) -> int:
    home.mkdir(parents=True)
    with Site(home) as site, ReplicaProcess(threads=40, language="ar", gate="shell") as replica:
        process = site.start(replica.url, *FAST)
        wait_for_browser(process.pid)
        site.wait_for_posts(process, 50)
        for each in browsers_of(process.pid):
            each.kill()
        code = process.wait(300)
        return len(site.differences(replica)) + code


def _given_up(home: Path, kind: str) -> dict[str, bool]:
    home.mkdir(parents=True)
    with Site(home) as site, ReplicaProcess(threads=10, language="ar", gate=kind) as replica:
        site.crawl(replica.url, *FAST, "-s", "HOST_PARK_SECONDS=1")
        failed = site.database["failures"].find_one({"outcome": "challenge"})
        waits = _gaps(line["time"] for line in replica.log() if "forumcrawl" in line["agent"])
    return {"recorded": failed is not None, "parked": len([gap for gap in waits if gap >= 1]) >= 2}


def _gaps(times: Iterable[float]) -> list[float]:
    return [after - before for before, after in pairwise(sorted(times))]


def gate_pace(home: Path) -> dict[str, Any]:
    """500 threads behind a gate against the same without one, in turn; the best of three each."""
    seconds: dict[str, list[float]] = {"open": [], "cookie": []}
    pages, started = [], False
    for turn in range(3):
        for kind, taken in seconds.items():
            folder = home / f"{kind}-{turn}"
            folder.mkdir(parents=True)
            with Site(folder) as site, ReplicaProcess(threads=500, language="ar", gate=kind) as replica:
                began = time.monotonic()
                process = site.start(replica.url, *FAST)
                while process.poll() is None:
                    started = started or (kind == "open" and bool(browsers_of(process.pid)))
                    time.sleep(0.1)
                taken.append(time.monotonic() - began)
                assert process.returncode == 0, site.log()
                assert not site.differences(replica)
                if kind == "cookie":
                    pages.append(sum("Headless" in line["agent"] and line["kind"] == "gate" for line in replica.log()))
    ratio = min(seconds["cookie"]) / min(seconds["open"])
    return {
        "kept": ratio <= 1.3 and max(pages) <= 3 and not started,
        "ratio": round(ratio, 3),
        "seconds": {kind: [round(each, 1) for each in taken] for kind, taken in seconds.items()},
        "browser_pages": pages,
        "browser_started_without_gate": started,
    }


def gate_memory(home: Path) -> dict[str, Any]:
    """The memory of all browser processes over 200 pages in a row, and what is left of them after kill -9."""
    with ReplicaProcess(threads=60, language="ar", gate="shell") as replica:
        early, late, starts = asyncio.run(_visits(replica, home))
    with Site(home) as site, ReplicaProcess(threads=40, language="ar", gate="shell") as replica:
        process = site.start(replica.url, *FAST)
        browsers = wait_for_browser(process.pid)
        site.wait_for_posts(process, 50)
        browsers += browsers_of(process.pid)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        gone = seconds_until_gone(browsers)
    return {
        "kept": late / early <= 1.2 and starts == 1 and gone <= 10,
        "ratio": round(late / early, 3),
        "mb": [round(early / 2**20), round(late / 2**20)],
        "starts": starts,
        "gone_after_kill": round(gone, 2),
    }


async def _visits(replica: ReplicaProcess, home: Path) -> tuple[float, float, int]:
    settings = Settings()
    settings.setmodule(forumcrawl.settings)
    settings.set("FORUMCRAWL_HOME", str(home))
    browser, early = Browser(settings), 0.0
    urls = thread_urls(replica)
    try:
        for number in range(_VISITS):
            visit = await browser.visit(urls[number % len(urls)])
            assert visit.opened
            assert visit.rendered
            if number + 1 == _EARLY:
                early = _memory()
        return early, _memory(), browser.starts
    finally:
        await browser.close()


def _memory() -> float:
    """Bytes of all browser processes; what they share is counted once."""
    return float(sum(each.memory_full_info().pss for each in browsers_of(os.getpid()) if each.status() != "zombie"))


def gate_hosts(home: Path) -> dict[str, Any]:
    """An open host's pages a second beside two gated ones, against alone; all take a second to answer."""
    alone = _rate(home / "alone", ())
    beside = {kinds: _rate(home / "-".join(kinds), kinds) for kinds in _BESIDE}
    ratios = {" and ".join(kinds): round(rate / alone, 3) for kinds, rate in beside.items()}
    return {"kept": min(ratios.values()) >= 0.9, "ratios": ratios, "alone_pages_per_second": round(alone, 2)}


def _rate(home: Path, kinds: tuple[str, ...]) -> float:
    home.mkdir(parents=True)
    with ExitStack() as stack:
        site = stack.enter_context(Site(home))
        forums = [
            stack.enter_context(ReplicaProcess(threads=_PAGES, language="ar", delay=_LATENCY, gate=kind))
            for kind in ("open", *kinds)
        ]
        lists = [thread_urls(forum)[:_PAGES] for forum in forums]
        (home / "urls").write_text("\n".join(url for each in zip(*lists, strict=True) for url in each), "utf-8")
        process = start_hosts(site, home / "urls", *_BY_LATENCY)
        try:
            return _pages_per_second(process, forums[0])
        finally:
            process.terminate()
            process.wait(60)


def start_hosts(site: Site, urls: Path, *options: str) -> subprocess.Popen[bytes]:
    """Start a crawl of the addresses in a file."""
    command = [sys.executable, "-m", "scrapy", "crawl", "hosts", "-a", f"file={urls}", "-a", "job=hosts"]
    variables = {**os.environ, "FORUMCRAWL_HOME": str(site.home), "IMAGES_STORE": ""}
    with (site.home / "crawl.err").open("ab") as err:
        return subprocess.Popen(
            [*command, "-s", "SPIDER_MODULES=tests.gate.spiders", *options],
            cwd=ROOT, env=variables, stdout=err, stderr=err,
        )  # fmt: skip


def _pages_per_second(process: subprocess.Popen[bytes], forum: ReplicaProcess) -> float:
    """Of an open forum, over its second half: the first pages come in a rush, before its latency is known."""
    deadline = time.monotonic() + 300
    while forum.counters()["kinds"].get("thread", 0) < 0.95 * _PAGES:
        assert process.poll() is None or forum.counters()["kinds"].get("thread", 0) >= 0.9 * _PAGES
        assert time.monotonic() < deadline
        time.sleep(0.5)
    times = sorted(line["time"] for line in forum.log() if line["kind"] == "thread")
    cut = times[len(times) // 2 :]
    return float((len(cut) - 1) / (cut[-1] - cut[0]))


def thread_urls(replica: ReplicaProcess) -> list[str]:
    """The addresses of threads that have a page."""
    threads = (each for each in replica.world.truth() if type(each).__name__ == "Thread")
    return [replica.origin + urlsplit(str(each.url)).path for each in threads]
