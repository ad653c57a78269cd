"""Spider arguments: read once, refused before the first request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from forumcrawl.frontier.jobs import JobError, check_name
from forumcrawl.text.addresses import site_of
from forumcrawl.text.urls import forum_key, host_key, split

ALARABIYA = "https://www.alarabiya.net"
_SECTION = re.compile(r"[\w-]+(?:/[\w-]+)*")
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
    avatars: bool = False
    """Pictures of the posts' authors are stored too."""
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
    _check_known("forum", given, ForumArguments.__dataclass_fields__)
    return ForumArguments(
        url=_url(given.get("url") or default_url),
        boards=_numbers("boards", given["boards"]) if given.get("boards") else frozenset(),
        max_threads=_number("max_threads", given["max_threads"]) if given.get("max_threads") else None,
        members=_flag("members", given.get("members"), default=False),
        avatars=_flag("avatars", given.get("avatars"), default=False),
        sources=_flag("sources", given.get("sources"), default=True),
        full=_flag("full", given.get("full"), default=False),
        since=_day("since", given["since"]) if given.get("since") else None,
        job=_job(given["job"]) if given.get("job") else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcesArguments:
    """The arguments of the sources spider."""

    site: str | None = None
    """Only links to this site are asked for: its host without www."""
    job: str | None = None
    """Crawl job; workers that name the same one share it."""

    @property
    def scope(self) -> dict[str, str]:
        """What a job with these arguments is about."""
        return {"site": self.site} if self.site else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class AlArabiyaArguments:
    """The arguments of the Al Arabiya spider."""

    url: str = ALARABIYA
    """The site, or a mirror of it."""
    sections: tuple[str, ...] = ()
    """Sections whose feeds and pages are read, as their addresses name them; empty for the start page."""
    since: datetime | None = None
    """Only articles that were not published before this moment are read."""
    job: str | None = None
    """Crawl job; workers that name the same one share it."""

    @property
    def scope(self) -> dict[str, str]:
        """What a job with these arguments is about."""
        since = {"since": f"{self.since:%Y-%m-%d}"} if self.since else {}
        return {"site": host_key(self.url), "sections": ",".join(self.sections), **since}


def sources_arguments(given: Mapping[str, Any]) -> SourcesArguments:
    """Read the arguments as `-a name=value` gives them. Raises ArgumentError for the first that is no good."""
    _check_known("sources", given, ("site", "job"))
    site = str(given.get("site") or "").strip()
    address = site if "://" in site else f"https://{site}"
    if site and not _HOST.fullmatch(host_key(address)):
        raise ArgumentError(f"site={site!r} is no host: write it like alarabiya.net")
    return SourcesArguments(
        site=site_of(address) if site else None, job=_job(given["job"]) if given.get("job") else None
    )


def alarabiya_arguments(given: Mapping[str, Any]) -> AlArabiyaArguments:
    """Read the arguments as `-a name=value` gives them. Raises ArgumentError for the first that is no good."""
    _check_known("alarabiya", given, ("url", "section", "since", "job"))
    sections = tuple(each.strip(" /") for each in str(given.get("section") or "").split(",") if each.strip(" /"))
    if odd := next((each for each in sections if not _SECTION.fullmatch(each)), None):
        raise ArgumentError(f"section={odd!r} is no section: write it as its address does, like arab-and-world/syria")
    return AlArabiyaArguments(
        url=_url(given.get("url") or ALARABIYA),
        sections=sections,
        since=_day("since", given["since"]) if given.get("since") else None,
        job=_job(given["job"]) if given.get("job") else None,
    )


def _check_known(spider: str, given: Mapping[str, Any], known: Iterable[str]) -> None:
    if unknown := sorted(set(given) - set(known)):
        raise ArgumentError(f"unknown argument {unknown[0]!r}: the {spider} spider takes {', '.join(known)}")


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
