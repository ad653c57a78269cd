"""A replica forum as a subprocess, for tests."""

from __future__ import annotations

import json
import select
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import urlopen

from tests.replica.world import World

_ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 20.0


class ReplicaProcess:
    """`with ReplicaProcess(threads=60, version="2.3") as replica:` serves a world until the block ends.

    Keyword arguments are those of `World`, and `delay` (seconds before each answer), `fault_rate`, `tick`,
    `stall` (seconds that slow source sites take), `gate` (what stands before the forum's pages, see `gates.GATES`).
    `world` is the same world in this process, for the truth. The subprocess also ends when this process does.
    """

    url: str
    forum: str
    sites: dict[str, str]
    """Source site, or host of pictures, to the address its pages begin with."""

    def __init__(
        self,
        *,
        delay: float = 0.0,
        fault_rate: float = 0.0,
        tick: int = 0,
        stall: float = 2.0,
        gate: str = "open",
        **world: Any,
    ) -> None:
        self.world = World(**world)
        self._options = [
            f"--delay={delay}",
            f"--faults={fault_rate}",
            f"--tick={tick}",
            f"--stall={stall}",
            f"--gate={gate}",
        ]
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> ReplicaProcess:
        command = [sys.executable, "-m", "tests.replica", *self._arguments(), *self._options, "--until-stdin-closes"]
        self._process = subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            ready = json.loads(self._first_line())
        except BaseException:
            self.end()
            raise
        self.url, self.forum, self.sites = ready["url"], ready["forum"], ready["sites"]
        parts = urlsplit(self.url)
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.world = replace(self.world, origin=self.origin)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def _arguments(self) -> list[str]:
        world = self.world
        named = {
            "threads": world.threads,
            "seed": world.seed,
            "version": world.version,
            "language": world.language,
            "routes": world.routes,
            "posts-per-page": world.posts_per_page,
            "threads-per-page": world.threads_per_page,
            "news": world.news,
            "pictures": world.pictures,
        }
        flags = {
            "--icon-cards": world.icon_cards,
            "--grow-posts": world.grow_posts,
            "--card-dates": world.card_dates,
            "--native-slugs": world.native_slugs,
            "--no-card-dates": world.card_dates is False,
            "--no-native-slugs": world.native_slugs is False,
        }
        return [f"--{name}={value}" for name, value in named.items()] + [flag for flag, on in flags.items() if on]

    def _first_line(self) -> bytes:
        assert self._process is not None
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], _PATIENCE)
        line = self._process.stdout.readline() if ready else b""
        if not line:
            raise RuntimeError(f"the replica did not start within {_PATIENCE} s (exit code {self._process.poll()})")
        return line

    def end(self) -> None:
        """End the subprocess: its stdin closes, and what does not end by itself is killed."""
        process, self._process = self._process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=5)

    def tick(self, number: int) -> None:
        """Let time pass on the server. The truth is then `world.truth(tick=number)`."""
        self._control("tick", tick=str(number))

    def faults(self, rate: float, kinds: tuple[str, ...] | list[str] = ()) -> None:
        """Spoil a share of the answers from now on, by some kinds of faults or by all."""
        self._control("faults", rate=str(rate), kinds=",".join(kinds))

    def gate(self, kind: str, site: str = "") -> None:
        """Put another gate before the forum's or a source site's pages from now on; see `gates.GATES`."""
        self._control("gate", site, kind=kind)

    def manner(self, site: str, manner: str) -> None:
        """Let a source site, or a host of pictures, answer in another manner from now on; see `MANNERS` in
        `news.sites` and `pictures.server`."""
        self._control("manner", site, manner=manner)

    def log(self, site: str = "") -> list[dict[str, Any]]:
        """The latest requests, to the forum or to a source site: time, path, status, kind, fault, agent."""
        return [json.loads(line) for line in self._control("log", site).splitlines()]

    def hits(self, site: str = "") -> Counter[str]:
        """How many of the latest requests each path had."""
        return Counter(line["path"] for line in self.log(site))

    def counters(self, site: str = "") -> dict[str, dict[str, int]]:
        """How many requests of each kind, with each status, hit by each fault."""
        counters: dict[str, dict[str, int]] = json.loads(self._control("counters", site))
        return counters

    def reset_log(self, site: str = "") -> None:
        """Forget all requests so far."""
        self._control("log/reset", site, now="1")

    def _control(self, name: str, site: str = "", **form: str) -> str:
        data = urlencode(form).encode() if form else None
        origin = self.sites[site] if site else self.origin
        with urlopen(f"{origin}/-/replica/{name}", data=data, timeout=_PATIENCE) as response:
            text: str = response.read().decode()
            return text
