"""What was asked of the server: the latest requests, and counts of all."""

from __future__ import annotations

import json
import time
from collections import Counter, deque
from dataclasses import asdict, dataclass

from aiohttp import web

KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Line:
    """One request. `kind` is what it asked for (thread, forum, trap_latest …), `fault` what was done to it."""

    time: float
    path: str
    status: int
    kind: str
    fault: str | None
    agent: str


class Log:
    """A ring of the latest lines and counters by kind, status and fault."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.lines: deque[Line] = deque(maxlen=KEPT)
        self.kinds: Counter[str] = Counter()
        self.statuses: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()

    def add(self, path: str, status: int, kind: str, fault: str | None, agent: str) -> None:
        """One more request; status 0 where none was sent."""
        self.lines.append(Line(time.time(), path, status, kind, fault, agent))
        self.kinds[kind] += 1
        self.statuses[str(status)] += 1
        if fault:
            self.faults[fault] += 1

    def text(self) -> str:
        """The lines as JSON, one a line."""
        return "".join(f"{json.dumps(asdict(line), ensure_ascii=False)}\n" for line in self.lines)

    def counters(self) -> dict[str, dict[str, int]]:
        """All counters."""
        return {"kinds": dict(self.kinds), "statuses": dict(self.statuses), "faults": dict(self.faults)}

    def control(self, method: str, name: str) -> web.Response | None:
        """The answer of every server's controls GET log and GET counters; None for any other."""
        match method, name:
            case "GET", "log":
                return web.Response(text=self.text(), content_type="application/x-ndjson")
            case "GET", "counters":
                return web.json_response(self.counters())
        return None
