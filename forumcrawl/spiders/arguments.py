"""Spider arguments: read once, refused before the first request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from forumcrawl.frontier.jobs import JobError, check_name
from forumcrawl.text.urls import forum_key, host_key, split

_HOST = re.compile(r"(?:[\w-]+(?:\.[\w-]+)*\.?|\[[0-9a-f:.]+\])(?::\d+)?")


class ArgumentError(ValueError):
    """An argument that cannot be used; the message is one line that says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForumArguments:
    """The arguments of the forum spider."""

    url: str
    """Where the crawl starts: the forum's address."""
    boards: frozenset[int] = frozenset()
    """Node ids of the boards whose threads are read; empty for all."""
    max_threads: int | None = None
    """How many threads are read at most."""
    members: bool = False
    """Member pages are read too."""
    sources: bool = True
    """Links to source sites are followed."""
    full: bool = False
    """Every thread is read again, whether or not it seems to have changed."""
    since: datetime | None = None
    """Only threads whose last post is not before this moment are read."""
    job: str | None = None
    """Crawl job; workers that name the same one share it."""

    @property
    def scope(self) -> dict[str, str]:
        """What a job with these arguments is about: the forum, and each argument that is not as by default."""
        scope = {"forum": f"{forum_key(self.url)}{urlsplit(self.url).path.rstrip('/')}"}
        for each in fields(self):
            value = getattr(self, each.name)
            if each.name not in ("url", "job") and value != each.default:
                scope[each.name] = ",".join(map(str, sorted(value))) if isinstance(value, frozenset) else str(value)
        return scope


def forum_arguments(given: Mapping[str, Any], default_url: str | None) -> ForumArguments:
    """Read the arguments as `-a name=value` gives them. Raises ArgumentError for the first that is no good."""
    unknown = sorted(set(given) - set(ForumArguments.__dataclass_fields__))
    if unknown:
        known = ", ".join(ForumArguments.__dataclass_fields__)
        raise ArgumentError(f"unknown argument {unknown[0]!r}: the forum spider takes {known}")
    return ForumArguments(
        url=_url(given.get("url") or default_url),
        boards=_numbers("boards", given["boards"]) if given.get("boards") else frozenset(),
        max_threads=_number("max_threads", given["max_threads"]) if given.get("max_threads") else None,
        members=_flag("members", given.get("members"), default=False),
        sources=_flag("sources", given.get("sources"), default=True),
        full=_flag("full", given.get("full"), default=False),
        since=_day("since", given["since"]) if given.get("since") else None,
        job=_job(given["job"]) if given.get("job") else None,
    )


def _url(given: str | None) -> str:
    if not given:
        raise ArgumentError("no forum to crawl: say -a url=https://forum.example/ or set FORUM_URL")
    parts = split(given.strip())
    if parts is None or parts[0] not in ("http", "https") or not _HOST.fullmatch(host_key(given.strip())):
        raise ArgumentError(f"url={given!r} is no address of a forum: write it like https://forum.example/")
    if "@" in parts[1]:
        raise ArgumentError("url= holds a user name: forums are read without logging in")
    return given.strip()


def _numbers(name: str, given: object) -> frozenset[int]:
    written = [each for each in str(given).split(",") if each.strip()]
    return frozenset(_number(name, each) for each in written or [str(given)])


def _number(name: str, given: object) -> int:
    text = str(given).strip()
    if not (text.isdecimal() and text.isascii()) or len(text) > 18 or int(text) < 1:
        raise ArgumentError(f"{name}={given!r} is no number above 0")
    return int(text)


def _flag(name: str, given: object, *, default: bool) -> bool:
    if given is None or given == "":
        return default
    values = {"1": True, "0": False, "true": True, "false": False, "yes": True, "no": False}
    if (text := str(given).strip().lower()) not in values:
        raise ArgumentError(f"{name}={given!r} is neither 1 nor 0")
    return values[text]


def _job(given: object) -> str:
    try:
        return check_name(str(given))
    except JobError as error:
        raise ArgumentError(str(error)) from None


def _day(name: str, given: object) -> datetime:
    try:
        return datetime.strptime(str(given).strip(), "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise ArgumentError(f"{name}={given!r} is no day: write it like 2024-12-04") from None
