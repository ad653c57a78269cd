"""Scrapyd's JSON API, typed: https://scrapyd.readthedocs.io/en/stable/api.html."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from urllib3 import BaseHTTPResponse, PoolManager, Timeout
from urllib3.exceptions import HTTPError, NewConnectionError, TimeoutError

from forumcrawl.cluster.targets import Target

_CONNECT, _READ = 3.0, 15.0  # seconds; a node that lists an egg's spiders answers nobody else meanwhile
_READ_EGG = 120.0  # seconds in which a node stores an egg and lists its spiders
_AT_ONCE = 128  # nodes that are asked at the same time
Signal = Literal["TERM", "KILL"]
State = Literal["pending", "running", "finished"]
T = TypeVar("T")


class NodeError(Exception):
    """A node did not do it; the message is one line without the node's name."""


class Refused(NodeError):
    """Scrapyd says "error"; the message is its own."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a node says of itself."""

    versions: list[str]
    """Of the project, the newest last."""
    jobs: dict[str, State]
    """Of the project, by id."""

    def count(self, state: State) -> int:
        """How many jobs are in a state."""
        return sum(each == state for each in self.jobs.values())

    @property
    def load(self) -> int:
        """How many workers it has, or will have."""
        return self.count("pending") + self.count("running")


class Node:
    """One Scrapyd. All methods raise NodeError; each waits for a bounded time and tries once."""

    def __init__(self, target: Target) -> None:
        self.target = target
        login = base64.b64encode(f"{target.username}:{target.password}".encode()).decode()
        headers = {"Authorization": f"Basic {login}"} if target.username else {}
        self._http = PoolManager(headers=headers, retries=False)

    @property
    def name(self) -> str:
        """As scrapy.cfg has it."""
        return self.target.name

    def look(self) -> Seen:
        """What it has and what it does."""
        listed = self._call("GET", "listjobs")
        versions = self._call("GET", "listversions", {"project": self.target.project})["versions"]
        states: tuple[State, ...] = ("finished", "pending", "running")
        jobs = {job["id"]: state for state in states for job in listed[state] if job["project"] == self.target.project}
        return Seen([str(version) for version in versions], jobs)

    def add_version(self, version: str, egg: bytes) -> None:
        """Store an egg; one that the node cannot use is removed again, for the newest is what it would run."""
        sent = {"project": self.target.project, "version": version, "egg": ("project.egg", egg)}
        try:
            self._call("POST", "addversion", sent, seconds=_READ_EGG)
        except Refused:
            with suppress(Refused):  # it may have kept nothing
                self._call("POST", "delversion", {"project": self.target.project, "version": version})
            raise

    def schedule(
        self, spider: str, *, job: str, version: str, arguments: Mapping[str, str], settings: Mapping[str, str]
    ) -> None:
        """Have it start a worker as soon as it has room."""
        sent = [("project", self.target.project), ("spider", spider), ("jobid", job), ("_version", version)]
        sent += [("setting", f"{name}={value}") for name, value in settings.items()]
        self._call("POST", "schedule", [*sent, *arguments.items()], seconds=_READ_EGG)

    def cancel(self, job: str, signal: Signal) -> None:
        """Take a job out of its queue, or send its process a signal; nothing happens where it knows no such job."""
        self._call("POST", "cancel", {"project": self.target.project, "job": job, "signal": signal})

    def _call(self, method: str, name: str, fields: Any = None, seconds: float = _READ) -> dict[str, Any]:
        url = f"{self.target.url}/{name}.json"
        timeout = Timeout(connect=_CONNECT, read=seconds)
        try:
            answer = self._http.request(method, url, fields=fields, timeout=timeout)
        except HTTPError as error:
            raise NodeError(f"no answer from {self.target.url}: {_reason(error)}") from None
        return _read(answer, self.target.url)


def _read(answer: BaseHTTPResponse, url: str) -> dict[str, Any]:
    """Its JSON; an answer that says "error" is one, whatever its HTTP status."""
    if answer.status in (401, 403):
        raise NodeError(f"{url} refuses the login: correct username and password of this node (see scrapy.cfg)")
    try:
        told = json.loads(answer.data)
        status = told["status"]
    except (ValueError, TypeError, KeyError):
        raise NodeError(f"{url} answers as no Scrapyd does (HTTP {answer.status}): correct its address") from None
    if status != "ok":
        raise Refused(_gist(str(told.get("message", status))))
    return dict(told)


def _gist(message: str) -> str:
    """The line of a message, or of a traceback, that says what is wrong."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    return (lines[-1] if lines else "it gives no reason")[:300]


def _reason(error: HTTPError) -> str:
    if isinstance(error, NewConnectionError):
        return str(error.__cause__ or error).rpartition("] ")[2]
    return "it takes too long" if isinstance(error, TimeoutError) else str(error)[:200]


def on_all(nodes: Sequence[Node], act: Callable[[Node], T]) -> dict[str, T | NodeError]:
    """Do something on every node at the same time: node to what came of it."""

    def attempt(node: Node) -> T | NodeError:
        try:
            return act(node)
        except NodeError as error:
            return error

    with ThreadPoolExecutor(min(_AT_ONCE, max(1, len(nodes)))) as pool:
        return dict(zip((node.name for node in nodes), pool.map(attempt, nodes), strict=True))
