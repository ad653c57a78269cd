"""The tree as a subprocess, for tests."""

from __future__ import annotations

import json
import select
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from urllib.request import urlopen

from tests.tree.shape import Shape

_ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 20.0


@dataclass(frozen=True, slots=True)
class Line:
    """One request: when it came (seconds since the epoch), its path and who made it."""

    time: float
    path: str
    agent: str

    @property
    def page(self) -> int | None:
        """The page asked for; None for what is no page."""
        number = self.path.removeprefix("/p/")
        return int(number) if number != self.path else None


class TreeProcess:
    """`with TreeProcess(Shape(pages=300)) as tree:` serves a tree until the block ends; `url` is that of its root.

    `delay` is in seconds before each answer, `robots` the text of robots.txt. It also ends when this process does.
    """

    url: str

    def __init__(self, shape: Shape, *, delay: float = 0.0, robots: str | None = None) -> None:
        self.shape = shape
        self.delay = delay
        self._robots = [] if robots is None else [f"--robots={robots}"]
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> TreeProcess:
        shape = self.shape
        options = {"pages": shape.pages, "branching": shape.branching, "stem": shape.stem, "delay": self.delay}
        command = [sys.executable, "-m", "tests.tree.server", *(f"--{name}={value}" for name, value in options.items())]
        self._process = subprocess.Popen(
            [*command, *self._robots], cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        try:
            self._origin = json.loads(self._first_line(self._process))["url"]
        except BaseException:
            self.end()
            raise
        self.url = self.page_url(0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def _first_line(self, process: subprocess.Popen[bytes]) -> bytes:
        assert process.stdout is not None
        ready, _, _ = select.select([process.stdout], [], [], _PATIENCE)
        line = process.stdout.readline() if ready else b""
        if not line:
            raise RuntimeError(f"the tree did not start within {_PATIENCE} s (exit code {process.poll()})")
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

    def page_url(self, page: int) -> str:
        """Address of a page."""
        return f"{self._origin}/p/{page}"

    def log(self) -> list[Line]:
        """All requests in the order in which they came."""
        return [Line(**json.loads(line)) for line in self._control("log").splitlines()]

    def count(self) -> int:
        """How many requests there were."""
        return int(self._control("count"))

    def reset(self) -> None:
        """Forget all requests so far."""
        self._control("reset", b"")

    def asked(self) -> Counter[int]:
        """How often each page was asked for."""
        return Counter(line.page for line in self.log() if line.page is not None)

    def _control(self, name: str, data: bytes | None = None) -> str:
        with urlopen(f"{self._origin}/-/tree/{name}", data=data, timeout=_PATIENCE) as response:
            text: str = response.read().decode()
            return text
