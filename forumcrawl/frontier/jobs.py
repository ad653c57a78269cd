"""Crawl jobs: workers that name the same one share it, others are apart."""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from redis.asyncio import Redis
from scrapy import Spider

from forumcrawl.frontier.scripts import run, text
from forumcrawl.frontier.streams import JOBS, job_key

_KEPT = 100  # ended jobs whose summary is kept
_NAME = re.compile(r"[\w.:-]{1,100}")


class JobError(ValueError):
    """The job asked for cannot be joined; the message is one line that says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job as a worker finds it."""

    id: str
    state: Literal["new", "joined"]
    others: tuple[str, ...] = ()
    """Unfinished jobs of the same spider and subject with other arguments."""


def check_name(job: str) -> str:
    """The name of a job. Raises JobError for what can be none."""
    if not _NAME.fullmatch(job):
        raise JobError(f"job={job!r} is no name of a job: letters, digits, '.', ':', '-' and '_', 100 at the most")
    if job_key(job) == JOBS:
        raise JobError(f"job={job!r} is the name of the list of jobs: choose another")
    return job


def scope_of(spider: Spider) -> dict[str, str]:
    """What a job of this spider is about: its `scope`, or its arguments where it has none."""
    given = getattr(spider, "scope", None)
    if given is None:
        given = {name: value for name, value in vars(spider).items() if isinstance(value, str)}
    return {name: str(value) for name, value in sorted(given.items()) if name not in ("name", "job")}


async def take_part(client: Redis, spider: Spider, *, join_only: bool = False) -> Job:
    """Join the job that the spider names (`job`), else the unfinished one of the same scope, else begin one.

    Raises JobError for a name that is none, or that belongs to a job of another scope; with `join_only` also for a
    job that is over or unknown: a worker that was started late does not begin it anew.
    """
    asked, scope = getattr(spider, "job", None) or "", scope_of(spider)
    if asked:
        check_name(asked)
    if asked and join_only:
        if not await client.hexists(JOBS, asked):
            raise JobError(f"job {asked} is not known here: REDIS_URL must name the Redis where it was started")
        if await is_over(client, asked):
            raise JobError(f"job {asked} is over: nothing is left to do")
    now = datetime.now(UTC)
    subject = re.sub(r"[^\w.:-]", "-", scope.get("forum", spider.name))[:60]
    made = f"{subject}-{now:%Y%m%dT%H%M%S}-{secrets.token_hex(2)}"
    written = json.dumps(scope, sort_keys=True)
    arguments: list[Any] = [asked, made, spider.name, written, now.isoformat(timespec="milliseconds"), _KEPT]
    found, state, entry, dropped = (await run(client, ("jobs", JOBS, arguments)))[0]
    job, known = found.decode(), json.loads(entry)
    # The dead letters of an ended job go when it is remembered no more, or begins anew under its name.
    for ended in (*map(text, dropped), *([job] if state == b"new" else [])):
        await client.unlink(f"{job_key(ended)}:dead")
    if state == b"other":
        said = ", ".join(f"{name}={value}" for name, value in json.loads(known["scope"]).items())
        raise JobError(f"job={job!r} is unfinished and about something else ({said}): name another one")
    others = tuple(
        name
        for name, other in (await all_jobs(client)).items()
        if name != job and other["state"] == "unfinished" and _same_subject(other, spider.name, scope)
    )
    return Job(id=job, state="new" if state == b"new" else "joined", others=others if state == b"new" else ())


async def all_jobs(client: Redis) -> dict[str, dict[str, Any]]:
    """Every job that is remembered, by id: state (unfinished or ended), spider, scope, began, ended, reason, counts."""
    return {text(name): json.loads(entry) for name, entry in (await client.hgetall(JOBS)).items()}


async def end(client: Redis, job: str, reason: str, counts: dict[str, int]) -> None:
    """Keep the summary of a job whose memory is free."""
    known = json.loads(await client.hget(JOBS, job) or "{}")
    if known.get("state") == "ended" and not counts.get("pushed"):
        return  # joined when it was over
    summary = {"state": "ended", "ended": datetime.now(UTC).isoformat(timespec="milliseconds"), "reason": reason}
    await client.hset(JOBS, job, json.dumps({**known, **summary, "counts": counts}))


async def is_over(client: Redis, job: str) -> bool:
    """Whether a job has ended, or is not known any more."""
    entry = await client.hget(JOBS, job)
    return entry is None or json.loads(entry)["state"] == "ended"


async def forget(client: Redis, job: str) -> None:
    """Remove a job and all its keys."""
    keys = [key async for key in client.scan_iter(match=f"{job_key(job)}:*", count=1000)]
    for start in range(0, len(keys), 500):
        await client.unlink(*keys[start : start + 500])
    await client.hdel(JOBS, job)


def _same_subject(entry: dict[str, Any], spider: str, scope: dict[str, str]) -> bool:
    other = json.loads(entry["scope"])
    return bool(entry["spider"] == spider and other.get("forum") == scope.get("forum"))
